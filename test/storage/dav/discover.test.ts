import { describe, expect, test } from 'vitest';
import type { Storage } from '../../../src/storage/storage.ts';
import { davTrials, failureOf, itemOf } from '../../support/dav-trial.ts';

const trial = davTrials();

describe('discovery', () => {
  test('a warm run with nothing to do asks once', async () => {
    const { storage, reopen, asked, calendar, put } = await trial();
    put('one');
    const [found] = await storage.discover();
    const look = await storage.look(calendar, undefined);
    asked();
    const later = reopen();
    const [known] = await later.discover();
    expect(asked()).toEqual(['PROPFIND /alice/calendars/ 1']);
    expect(known).toEqual({ ...found, version: look.checkpoint });
  });

  test('who has just found a collection asks for no token, and for no ctag unless one has no token', async () => {
    const { storage, server, reopen } = await trial();
    let asked: readonly string[] = [];
    const watched = async (each: Storage): Promise<string | undefined> => {
      server.clearFaults();
      server.fault({
        path: '/alice/calendars/',
        effect: {
          type: 'alter',
          alter: (answer) => {
            asked = ['sync-token', 'getctag'].filter((name) => String(answer.body).includes(name));
            return answer;
          },
        },
      });
      return (await each.discover())[0]?.version;
    };
    expect(await watched(storage)).toBeUndefined();
    expect(asked).toEqual([]);
    expect(await watched(reopen())).toContain('token');
    expect(asked).toEqual(['sync-token']);
    server.behave({ sync: 'none' });
    expect(await watched(reopen())).toContain('ctag');
    expect(await watched(reopen())).toContain('ctag');
    expect(asked).toEqual(['sync-token', 'getctag']);
  });

  test('a new server that cannot list changes is asked for its ctags at once', async () => {
    const { storage, asked } = await trial({ sync: 'none', layout: 'flat' });
    expect((await storage.discover())[0]?.version).toContain('ctag');
    const home = 'PROPFIND /alice/ 1';
    expect(asked()).toEqual(['PROPFIND / 0', home, home]);
  });

  test('a check tells what the server cannot do, though nothing was asked of it before', async () => {
    const timed = await trial({ tokens: 'seconds' });
    expect((await timed.storage.check()).warnings).toEqual([
      'the server tells changes apart by seconds only in "work": a write may meet another of the same moment',
    ]);
    const without = await trial({ sync: 'none' });
    expect((await without.storage.check()).warnings).toEqual([
      'the server cannot list only what has changed in "work"',
    ]);
    const able = await trial();
    expect(await able.storage.check()).toEqual({
      found: 'CalDAV, 1 collection, changes by sync-collection',
      warnings: [],
    });
  });

  test('a cold run at the root asks the root, the principal and the home', async () => {
    const { storage, asked } = await trial();
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['work']);
    expect(asked()).toEqual(['PROPFIND / 0', 'PROPFIND /alice/ 1', 'PROPFIND /alice/calendars/ 1']);
  });

  test('a principal that is its own home is asked once', async () => {
    const { storage, asked } = await trial({ layout: 'flat' });
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['work']);
    expect(asked()).toEqual(['PROPFIND / 0', 'PROPFIND /alice/ 1']);
  });

  test('all home sets are listed', async () => {
    const { storage, server, reopen, asked } = await trial({ layout: 'several' });
    server.content.addCalendar('/alice/shared/team/');
    server.content.addAddressBook('friends');
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['team', 'work']);
    asked();
    await reopen().discover();
    expect([...asked()].sort()).toEqual(['PROPFIND /alice/calendars/ 1', 'PROPFIND /alice/shared/ 1']);
  });

  test('an address may be that of the home', async () => {
    const { storage, asked } = await trial({ path: 'alice/calendars/' });
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['work']);
    expect(asked()).toEqual(['PROPFIND /alice/calendars/ 0', 'PROPFIND /alice/calendars/ 1']);
  });

  test('an address may be that of one collection, and then it is the only one', async () => {
    const { storage, server, asked, reopen } = await trial({ path: 'alice/calendars/work' });
    server.content.addCalendar('other');
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['work']);
    asked();
    expect((await reopen().discover()).map(({ id }) => id)).toEqual(['work']);
    expect(asked()).toEqual(['PROPFIND /alice/calendars/work/ 0']);
  });

  test('SC7 a collection that was the address and is gone gives way to no other', async () => {
    const { storage, server, calendar } = await trial({ path: 'alice/calendars/work/' });
    server.content.addCalendar('other');
    await storage.discover();
    server.content.removeCollection(calendar);
    expect((await failureOf(storage.discover())).kind).toBe('not-found');
  });

  test('remembered addresses that fail are found anew in the same run', async () => {
    const { storage, server, asked, memory } = await trial();
    await storage.discover();
    asked();
    memory.text = memory.text?.replaceAll('/alice/calendars/', '/alice/gone/');
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['work']);
    expect(asked()[0]).toBe('PROPFIND /alice/gone/ 1');
    expect(memory.text).toContain('/alice/calendars/');
    server.fault({ method: 'PROPFIND', effect: { type: 'status', status: 503 } });
    asked();
    expect((await failureOf(storage.discover())).kind).toBe('overloaded');
    expect(asked()).toEqual(['PROPFIND /alice/calendars/ 1']);
  });

  test.each(['{', '[]', '{"url":1}', '{"url":"http://elsewhere/","place":{"homes":["/x/"]}}', 'null'])(
    'a memory of %j is no memory',
    async (text) => {
      const { storage, memory } = await trial();
      memory.text = text;
      expect(await storage.discover()).toHaveLength(1);
    },
  );

  test('well-known is asked where the address itself knows nothing', async () => {
    const { storage, server, asked } = await trial();
    server.fault({ path: '/', nth: 1, effect: 'html' });
    expect(await storage.discover()).toHaveLength(1);
    expect(asked().slice(0, 3)).toEqual(['PROPFIND / 0', 'PROPFIND /.well-known/caldav 0', 'PROPFIND / 0']);
  });

  test('where nothing is found, all that was tried is named', async () => {
    const { storage, server } = await trial({ wellKnown: 'html' });
    server.fault({ path: '/', effect: 'html' });
    const error = await failureOf(storage.discover());
    expect(error.kind).toBe('invalid-data');
    expect(error.message).toContain('could not find calendars on storage "remote"');
    expect(error.message).toContain('web page');
    expect(error.hint).toContain('"url"');
  });

  test('a path that is not there is not replaced by another', async () => {
    const { storage, asked } = await trial({ path: 'alice/nowhere/' });
    const error = await failureOf(storage.discover());
    expect(error.kind).toBe('not-found');
    expect(asked()).toEqual(['PROPFIND /alice/nowhere/ 0']);
  });

  test('D12 a wrong password is tried once', async () => {
    const credentials = { username: 'alice', password: 'hunter-2' };
    const { storage, asked, server } = await trial({ credentials });
    server.behave({ credentials: { ...credentials, password: 'another' } });
    const error = await failureOf(storage.discover());
    expect(error.kind).toBe('unauthorized');
    expect(error.message).toContain('without the right user name and password');
    expect(error.message).not.toContain('hunter-2');
    await failureOf(storage.discover());
    await failureOf(storage.look(storage.nameFor('/' as never, itemOf('x'), undefined, 0), undefined));
    expect(asked()).toEqual(['PROPFIND / 0']);
  });

  test('D8 a home that is not in its own answer is no empty home', async () => {
    const { storage, server } = await trial();
    await storage.discover();
    server.fault({ path: '/alice/calendars/', effect: 'empty-multistatus' });
    expect((await failureOf(storage.discover())).kind).toBe('invalid-data');
  });

  test.each(['truncate', 'html', 'empty', 'cut-in-answer'] as const)(
    'SL1 an answer that is %s is an error',
    async (effect) => {
      const { storage, server } = await trial();
      await storage.discover();
      server.fault({ effect });
      expect((await failureOf(storage.discover())).kind).toMatch(/^(invalid-data|unavailable)$/);
    },
  );

  test.each([
    [500, 'unavailable'],
    [423, 'unavailable'],
    [403, undefined],
    [404, undefined],
  ])('R2 a member that answers %i may be a collection: %s', async (status, kind) => {
    const { storage, server } = await trial();
    await storage.discover();
    const row = `<r:response xmlns:r="DAV:"><r:href>/alice/calendars/team/</r:href><r:status>HTTP/1.1 ${status} No</r:status></r:response>`;
    server.fault({
      path: '/alice/calendars/',
      effect: {
        type: 'alter',
        alter: (answer) => ({ ...answer, body: String(answer.body).replace(/<\/[\w:]*multistatus>/, `${row}$&`) }),
      },
    });
    const outcome = await storage.discover().catch((error: unknown) => error);
    if (kind === undefined) expect(outcome).toHaveLength(1);
    else expect(outcome).toMatchObject({ kind });
  });

  test('S9 a home on another origin is asked only where that is allowed', async () => {
    const elsewhere = await trial();
    const port = new URL(elsewhere.server.url).port;
    const { storage, server, reopen, calendar } = await trial();
    const other = `http://localhost:${port}`;
    server.fault({
      path: '/alice/',
      effect: {
        type: 'alter',
        alter: (answer) => ({
          ...answer,
          body: String(answer.body).replaceAll('/alice/calendars/', `${other}/alice/calendars/`),
        }),
      },
    });
    const error = await failureOf(storage.discover());
    expect(error.kind).toBe('denied');
    expect(error.hint).toContain(`allow_origin "${other}"`);
    expect(elsewhere.asked()).toEqual([]);
    const [found] = await reopen([['allow_origin', [other]]]).discover();
    expect(found?.href).toBe(`${other}${calendar}`);
  });

  test('the id may be the segment before the last', async () => {
    const { storage } = await trial({ more: [['collection_id_segment', 'second-last']] });
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['calendars']);
    expect((await failureOf(storage.createCollection({ type: 'id', id: 'new' as never }))).kind).toBe('unsupported');
  });

  test('check says what was found, and what could be better', async () => {
    const { storage } = await trial();
    expect(await storage.check()).toEqual({ found: 'CalDAV, 1 collection, changes by sync-collection', warnings: [] });
    const plain = await trial({ sync: 'none' });
    const { found, warnings } = await plain.storage.check();
    expect(found).toBe('CalDAV, 1 collection');
    expect(warnings[0]).toContain('"work"');
  });
});
