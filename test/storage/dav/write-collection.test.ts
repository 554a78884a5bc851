import { describe, expect, test } from 'vitest';
import { collectionId, href } from '../../../src/model/names.ts';
import { davTrials, failureOf } from '../../support/dav-trial.ts';

const trial = davTrials();

describe('writing collections', () => {
  test('SC6 a collection is made, and looked up once', async () => {
    const { storage, asked } = await trial();
    await storage.discover();
    asked();
    const made = await storage.createCollection({ type: 'id', id: collectionId('Über & co') });
    expect(made).toMatchObject({ href: '/alice/calendars/%C3%9Cber%20%26%20co/', id: 'Über & co' });
    expect(asked()).toEqual([`MKCALENDAR ${made.href}`, `PROPFIND ${made.href} 0`]);
  });

  test.each(['', '.', '..', 'a/b', 'a\0b'])('S6 no collection is made by the id %j', async (id) => {
    const { storage, server } = await trial();
    expect((await failureOf(storage.createCollection({ type: 'id', id: collectionId(id) }))).kind).toBe('rejected');
    expect(server.requests).toHaveLength(0);
  });

  test('S9 no collection is made at an address of somebody else', async () => {
    const { storage, server } = await trial();
    const target = { type: 'href', href: href('https://evil.example/work/') } as const;
    expect((await failureOf(storage.createCollection(target))).kind).toBe('denied');
    expect(server.requests).toHaveLength(0);
  });

  test.each(['status', 'multistatus'] as const)(
    'SD12 one that is there stays as it is (errors by %s)',
    async (errors) => {
      const { storage, put } = await trial({ errors });
      put('one');
      expect((await failureOf(storage.createCollection({ type: 'id', id: collectionId('work') }))).kind).toBe(
        'already-exists',
      );
    },
  );

  test('a refusal is told as the server tells it', async () => {
    const { storage, server } = await trial();
    server.fault({ method: 'MKCALENDAR', effect: { type: 'status', status: 403, body: 'No more than ten\nof them' } });
    const error = await failureOf(storage.createCollection({ type: 'id', id: collectionId('new') }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('the server answered 403 (No more than ten)');
  });

  test('a collection of which the server says that it was made, and that is not there, is not believed', async () => {
    const { storage, server } = await trial();
    server.fault({ method: 'MKCALENDAR', effect: 'drop-write' });
    const outcome = await failureOf(storage.createCollection({ type: 'id', id: collectionId('new') }));
    expect(outcome.kind).toBe('invalid-data');
  });

  test('SD12 what holds anything is not deleted', async () => {
    const { storage, server, calendar, put } = await trial();
    const stop = server.fault({ path: calendar, effect: { type: 'foreign-entry', href: `${calendar}inner/` } });
    expect((await failureOf(storage.deleteCollection(calendar))).kind).toBe('not-empty');
    stop();
    put('one');
    expect((await failureOf(storage.deleteCollection(calendar))).kind).toBe('not-empty');
  });

  test('SD12 a collection is not deleted on an answer that cannot be trusted', async () => {
    const { storage, server, calendar, put, asked } = await trial();
    put('one');
    for (const effect of ['empty-multistatus', 'html', 'truncate', 'empty'] as const) {
      server.clearFaults();
      server.fault({ method: 'PROPFIND', effect });
      await failureOf(storage.deleteCollection(calendar));
    }
    expect(asked().filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });

  test('a 404 to the deletion of a collection is success', async () => {
    const { storage, server, calendar } = await trial();
    server.fault({ method: 'DELETE', effect: { type: 'status', status: 404, apply: true } });
    await storage.deleteCollection(calendar);
  });

  test('SD13 each property is one request', async () => {
    const { storage, server, calendar, asked } = await trial();
    await storage.setProperty(calendar, 'displayname', 'A & B <c>');
    expect(server.content.property(calendar, 'displayname')).toBe('A & B <c>');
    await storage.setProperty(calendar, 'displayname', '&amp;');
    expect(server.content.property(calendar, 'displayname')).toBe('&amp;');
    expect(asked()).toEqual(Array.from({ length: 2 }, () => `PROPPATCH propertyupdate ${calendar}`));
  });

  test('SD13 a property that the server refuses is unsupported, a value that it refuses rejected', async () => {
    const { storage, server, calendar } = await trial({ refusedProperties: ['calendar-order'] });
    expect((await failureOf(storage.setProperty(calendar, 'order', '1'))).kind).toBe('unsupported');
    expect((await failureOf(storage.setProperty(calendar, 'displayname', 'a\u0001b'))).kind).toBe('rejected');
    server.fault({ method: 'PROPPATCH', effect: { type: 'status', status: 400 } });
    expect((await failureOf(storage.setProperty(calendar, 'displayname', 'a'))).kind).toBe('rejected');
  });

  test('a colour that is refused is sent once more with its opacity', async () => {
    const { storage, server, calendar } = await trial();
    server.fault({ method: 'PROPPATCH', nth: 1, effect: { type: 'status', status: 400 } });
    await storage.setProperty(calendar, 'color', '#12ab9f');
    expect(server.content.property(calendar, 'color')).toBe('#12ab9fFF');
  });
});
