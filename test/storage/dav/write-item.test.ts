import { describe, expect, test } from 'vitest';
import { certainlyNotDone, type StorageErrorKind } from '../../../src/model/errors.ts';
import { etag, href } from '../../../src/model/names.ts';
import { davTrials, failureOf, itemOf } from '../../support/dav-trial.ts';

const trial = davTrials();
const ANY = { href: href('/alice/calendars/work/one.ics'), etag: etag('"seen"') };

describe('writing items', () => {
  test('SD7 a creation is one request, and creates only where nothing is', async () => {
    const { storage, server, calendar, put, asked } = await trial();
    await storage.look(calendar, undefined);
    asked();
    const free = href(`${calendar}new.ics`);
    const written = await storage.create(calendar, free, itemOf('new'));
    expect(written).toMatchObject({ href: free, holds: 'unknown' });
    const sent = server.requests.at(-1)?.headers;
    expect(sent?.['if-none-match']).toBe('*');
    expect(sent?.['content-length']).toBe(String(Buffer.byteLength(itemOf('new').text)));
    expect(asked()).toEqual([`PUT ${free}`]);
    const taken = put('one');
    expect((await failureOf(storage.create(calendar, taken, itemOf('one')))).kind).toBe('already-exists');
  });

  test('after any look a creation is one request', async () => {
    const { storage, calendar, reopen, asked } = await trial();
    const { checkpoint } = await storage.look(calendar, undefined);
    for (const since of [undefined, checkpoint]) {
      const later = reopen();
      await later.look(calendar, since);
      asked();
      const free = href(`${calendar}after-${since === undefined ? 'all' : 'changes'}.ics`);
      await later.create(calendar, free, itemOf('new'));
      expect(asked()).toEqual([`PUT ${free}`]);
    }
  });

  test('SI12 what is sent has CRLF', async () => {
    const { storage, server, calendar } = await trial();
    const item = itemOf('new');
    const free = href(`${calendar}new.ics`);
    await storage.create(calendar, free, { ...item, text: item.text.replaceAll('\r\n', '\n') });
    expect(server.content.text(free)).toBe(item.text);
  });

  const statuses: readonly (readonly [number, string, StorageErrorKind])[] = [
    [400, '', 'rejected'],
    [401, '', 'unauthorized'],
    [403, '', 'denied'],
    [403, '<c:valid-calendar-data/>', 'rejected'],
    [403, '<need-privileges/>', 'denied'],
    [405, '', 'rejected'],
    [409, '<c:no-uid-conflict/>', 'rejected'],
    [412, '<c:valid-calendar-data/>', 'rejected'],
    [413, '', 'rejected'],
    [415, '', 'rejected'],
    [423, '', 'unavailable'],
    [429, '', 'overloaded'],
    [500, '', 'unavailable'],
    [502, '', 'unavailable'],
    [503, '', 'overloaded'],
    [507, '', 'rejected'],
  ];
  test.each(statuses)('SI16 a status %i %s to a PUT is %3$s', async (status, condition, kind) => {
    for (const verb of ['create', 'update'] as const) {
      const { storage, server, calendar } = await trial();
      const body = `<error xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${condition}</error>`;
      server.fault({
        method: 'PUT',
        effect: { type: 'status', status, headers: { 'Content-Type': 'application/xml' }, body },
      });
      const work =
        verb === 'create'
          ? storage.create(calendar, ANY.href, itemOf('one'))
          : storage.update(calendar, ANY, itemOf('one'));
      const error = await failureOf(work);
      expect(error.kind).toBe(kind);
      expect(error.message).toContain(`could not ${verb} /alice/calendars/work/one.ics on storage "remote"`);
      expect(error.message).toContain(String(status));
    }
  });

  test('a 207 to a write is read', async () => {
    const { storage, server, calendar, put } = await trial({ errors: 'multistatus' });
    const taken = put('one');
    expect((await failureOf(storage.create(calendar, taken, itemOf('one')))).kind).toBe('already-exists');
    server.behave({ garbage: 403 });
    const garbage = { ...itemOf('two'), text: 'nothing' };
    expect((await failureOf(storage.create(calendar, href(`${calendar}two.ics`), garbage))).kind).toBe('rejected');
  });

  test('E11 a 404 to a PUT is told apart: the item, the collection, or a refusal', async () => {
    const { storage, server, calendar, put } = await trial();
    const there = put('one');
    const gone = href(`${calendar}gone.ics`);
    server.fault({ method: 'PUT', effect: { type: 'status', status: 404 } });
    const update = (at: typeof there) =>
      failureOf(storage.update(calendar, { href: at, etag: etag('"1"') }, itemOf('one')));
    expect((await update(there)).kind).toBe('rejected');
    expect((await update(gone)).kind).toBe('not-found');
    expect((await failureOf(storage.create(calendar, gone, itemOf('two')))).kind).toBe('rejected');
    server.content.removeCollection(calendar);
    expect((await failureOf(storage.create(calendar, gone, itemOf('two')))).kind).toBe('not-found');
  });

  test('D5 a write that lost its answer was perhaps done, and is not repeated', async () => {
    for (const effect of ['apply-then-cut', 'cut-before', 'cut-in-answer'] as const) {
      const { storage, server, calendar, asked } = await trial();
      await storage.look(calendar, undefined);
      asked();
      server.fault({ method: 'PUT', effect });
      const error = await failureOf(storage.create(calendar, ANY.href, itemOf('one')));
      expect(certainlyNotDone(error.kind)).toBe(false);
      expect(asked()).toHaveLength(1);
    }
  });

  test('D3 how long to wait is what the server says, within reason', async () => {
    const waits: readonly (readonly [string, number | undefined])[] = [
      ['120', 120],
      ['0', undefined],
      ['-5', undefined],
      ['soon', undefined],
      ['999999999', 7200],
      ['Fri, 31 Dec 1999 23:59:59 GMT', undefined],
      [new Date(Date.now() + 60_000).toUTCString(), 60],
    ];
    for (const [value, seconds] of waits) {
      const { storage, server, calendar } = await trial();
      server.fault({ effect: { type: 'status', status: 503, headers: { 'Retry-After': value } } });
      const error = await failureOf(storage.create(calendar, ANY.href, itemOf('one')));
      expect(error.kind).toBe('overloaded');
      if (seconds === 60) expect(error.retryAfterS).toBeLessThanOrEqual(60);
      else expect(error.retryAfterS, value).toBe(seconds);
    }
  });

  test('E8 with weak etags it is looked at just before, and never written unseen', async () => {
    const { storage, server, calendar, put, asked } = await trial({ etags: 'weak' });
    const at = put('one');
    const look = await storage.look(calendar, undefined);
    const [seen] = look.type === 'all' ? look.items : [];
    if (seen === undefined) throw new Error('nothing seen');
    asked();
    await storage.update(calendar, seen, itemOf('one', 'Ours'));
    expect(asked()).toEqual([`GET ${at}`, `PUT ${at}`]);
    expect((await failureOf(storage.update(calendar, seen, itemOf('one', 'Again')))).kind).toBe('changed');
    expect((await failureOf(storage.delete(calendar, seen))).kind).toBe('changed');
    expect(asked()).toEqual([`GET ${at}`, `GET ${at}`]);
    expect(server.content.text(at)).toContain('Ours');
  });

  test('E8 an etag without quotes is the one that has them elsewhere', async () => {
    const { storage, server, calendar, put } = await trial();
    const at = put('one');
    const look = await storage.look(calendar, undefined);
    const [seen] = look.type === 'all' ? look.items : [];
    if (seen === undefined) throw new Error('nothing seen');
    await storage.update(calendar, { href: at, etag: etag(seen.etag.replaceAll('"', '')) }, itemOf('one', 'Ours'));
    expect(server.content.text(at)).toContain('Ours');
  });

  test('a server that compares nothing is looked at just before', async () => {
    const { storage, server, calendar, put } = await trial({
      tokens: 'seconds',
      etags: 'counter',
      ignoresIfNoneMatch: true,
      ignoresIfMatchOnDelete: true,
    });
    const at = put('one');
    // Whether it was discovered, listed, or nothing at all was asked before.
    expect((await failureOf(storage.create(calendar, at, itemOf('one', 'Ours')))).kind).toBe('already-exists');
    const seen = { href: at, etag: etag('"gcs00000000"') };
    put('one', 'Newer');
    expect((await failureOf(storage.delete(calendar, seen))).kind).toBe('changed');
    expect((await failureOf(storage.update(calendar, seen, itemOf('one', 'Ours')))).kind).toBe('changed');
    expect(server.content.text(at)).toContain('Newer');
  });

  test('a deletion is one request, and what is gone is deleted', async () => {
    const { storage, server, calendar, put, asked } = await trial();
    const at = put('one');
    const look = await storage.look(calendar, undefined);
    const [seen] = look.type === 'all' ? look.items : [];
    if (seen === undefined) throw new Error('nothing seen');
    asked();
    await storage.delete(calendar, seen);
    expect(asked()).toEqual([`DELETE ${at}`]);
    expect(server.content.text(at)).toBeUndefined();
    await storage.delete(calendar, seen);
  });

  test('an item that the server moved is where the server says', async () => {
    const { storage, server, calendar } = await trial();
    const moved = `${calendar}moved.ics`;
    const location = (value: string): void => {
      server.clearFaults();
      server.fault({
        method: 'PUT',
        effect: { type: 'status', status: 201, headers: { Location: value }, apply: true },
      });
    };
    location(moved);
    expect((await storage.create(calendar, ANY.href, itemOf('one'))).href).toBe(moved);
    location('https://evil.example/x.ics');
    expect((await storage.create(calendar, href(`${calendar}b.ics`), itemOf('b'))).href).toBe(`${calendar}b.ics`);
  });

  test('S10 no redirect takes an item to another origin', async () => {
    const other = await trial();
    const { storage, server, calendar } = await trial({
      more: [['allow_origin', [other.server.url.replace(/\/$/, '')]]],
    });
    server.fault({ method: 'PUT', effect: { type: 'redirect', status: 307, location: `${other.server.url}x.ics` } });
    expect((await failureOf(storage.create(calendar, ANY.href, itemOf('one')))).kind).toBe('invalid-data');
    expect(other.asked()).toEqual([]);
  });

  test('SI15 a name comes from the counterpart, else from the UID, and is escaped once', async () => {
    const { storage, calendar } = await trial();
    expect(storage.nameFor(calendar, itemOf('uid'), href('a@b.ics'), 0)).toBe(`${calendar}a%40b.ics`);
    expect(storage.nameFor(calendar, itemOf('a/../b'), undefined, 1)).toMatch(
      /^\/alice\/calendars\/work\/[A-Za-z0-9_-]+-1\.ics$/,
    );
  });
});
