import { describe, expect, test } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import { href } from '../../../src/model/names.ts';
import { davTrials, failureOf } from '../../support/dav-trial.ts';
import { itemText } from '../../support/item-text.ts';

const trial = davTrials();

describe('a look', () => {
  test('a changed item costs one request, since it comes with its content', async () => {
    const { storage, calendar, put, asked } = await trial();
    put('one');
    put('two');
    const { checkpoint } = await storage.look(calendar, undefined);
    put('one', 'Newer');
    asked();
    const look = await storage.look(calendar, checkpoint);
    expect(look.type === 'changes' && look.changed.map(({ href: at, item }) => [at, item?.text])).toEqual([
      [`${calendar}one.ics`, itemText('calendar', 'one', 'Newer')],
    ]);
    expect(asked()).toEqual([`REPORT sync-collection ${calendar} 0`]);
  });

  test('a first look costs one request where the list comes with contents', async () => {
    const { storage, calendar, put, asked } = await trial();
    put('one');
    put('two');
    asked();
    const taken: unknown[] = [];
    const look = await storage.look(calendar, undefined, (read) => taken.push(read));
    expect(look.type === 'all' && look.items.map((item) => Object.keys(item))).toEqual([
      ['href', 'etag'],
      ['href', 'etag'],
    ]);
    expect(taken).toMatchObject([
      { type: 'item', href: `${calendar}one.ics`, item: { text: itemText('calendar', 'one', 'As it was') } },
      { type: 'item', href: `${calendar}two.ics`, item: { text: itemText('calendar', 'two', 'As it was') } },
    ]);
    expect(asked()).toEqual([`REPORT sync-collection ${calendar} 0`]);
  });

  test('a server that gives no contents with a list is asked for the list alone', async () => {
    const { storage, calendar, put, server, asked } = await trial();
    const one = put('one');
    asked();
    server.fault({ body: 'sync-collection', nth: 1, effect: { type: 'status', status: 403 } });
    const taken: unknown[] = [];
    const look = await storage.look(calendar, undefined, (read) => taken.push(read));
    expect(look).toMatchObject({ type: 'all', items: [{ href: one }], complete: true });
    expect(taken).toEqual([]);
    expect(asked()).toHaveLength(2);
  });

  test('texts are kept up to a bound only', async () => {
    const { storage, calendar, server } = await trial();
    const { checkpoint } = await storage.look(calendar, undefined);
    for (let index = 0; index < 8; index++) {
      server.content.put(`${calendar}${index}.ics`, itemText('calendar', `${index}`, 'x'.repeat(1024 * 1024)));
    }
    const look = await storage.look(calendar, checkpoint);
    const items = look.type === 'changes' ? look.changed : [];
    expect(items).toHaveLength(8);
    const kept = items.filter(({ item }) => item !== undefined).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(8);
  });

  test('D10 pages are followed to their end', async () => {
    const { storage, calendar, put, asked } = await trial({ syncPageSize: 2 });
    const all = ['1', '2', '3', '4', '5'].map((name) => put(name));
    asked();
    const look = await storage.look(calendar, undefined);
    expect(look.type === 'all' && look.items.map((item) => item.href).sort()).toEqual(all);
    expect(look.type === 'all' && look.complete).toBe(true);
    expect(asked()).toHaveLength(3);
  });

  test('D10 pages that lead nowhere end in an error', async () => {
    const { storage, calendar, put, server } = await trial({ syncPageSize: 1 });
    put('1');
    put('2');
    server.fault({
      body: 'sync-collection',
      effect: {
        type: 'alter',
        alter: (answer) => ({ ...answer, body: String(answer.body).replace(/(sync-token>)[^<]+/, '$1same') }),
      },
    });
    server.behave({ badToken: 'full-list' });
    expect((await failureOf(storage.look(calendar, undefined))).kind).toBe('invalid-data');
  });

  test.each([403, 409, 410, 500] as const)('E1 a token that is refused by %i leads to all', async (badToken) => {
    const { storage, calendar, put, server } = await trial({ badToken });
    put('one');
    const { checkpoint } = await storage.look(calendar, undefined);
    server.content.removeCollection(calendar);
    server.content.addCalendar('work');
    const two = put('two');
    const look = await storage.look(calendar, checkpoint);
    expect(look.type === 'all' && look.items.map((item) => item.href)).toEqual([two]);
  });

  test.each([400, 412, 418])('E1 a status %i for a token leads to all', async (status) => {
    const { storage, calendar, put, server } = await trial();
    put('one');
    const { checkpoint } = await storage.look(calendar, undefined);
    server.fault({ body: 'sync-collection', nth: 1, effect: { type: 'status', status } });
    expect((await storage.look(calendar, checkpoint)).type).toBe('all');
  });

  test.each([503, 401])('a status %i for a token is no question of the token', async (status) => {
    const { storage, calendar, server, asked } = await trial();
    const { checkpoint } = await storage.look(calendar, undefined);
    server.fault({ effect: { type: 'status', status } });
    asked();
    await failureOf(storage.look(calendar, checkpoint));
    expect(asked()).toHaveLength(1);
  });

  test('SL1 an answer without a token is no list of changes', async () => {
    const { storage, calendar, put, server } = await trial();
    put('one');
    const { checkpoint } = await storage.look(calendar, undefined);
    server.fault({ body: 'sync-collection', effect: 'empty-multistatus' });
    const look = await storage.look(calendar, checkpoint);
    expect(look.type === 'all' && look.items).toHaveLength(1);
  });

  test('SL1 an empty listing without the collection itself is not complete', async () => {
    const { storage, calendar, put, server } = await trial({ sync: 'none' });
    put('one');
    await storage.discover();
    server.fault({ method: 'PROPFIND', path: calendar, effect: 'empty-multistatus' });
    const look = await storage.look(calendar, undefined);
    expect(look).toMatchObject({ type: 'all', items: [], complete: false });
  });

  test('SL1 a listing that says that there is more is not complete', async () => {
    const { storage, calendar, put } = await trial({ sync: 'none', listingLimit: 1 });
    put('one');
    put('two');
    await storage.discover();
    expect(await storage.look(calendar, undefined)).toMatchObject({ complete: false });
  });

  test.each(['full', 'none'] as const)(
    'SL1 an entry that failed is unknown, it alone (sync-collection: %s)',
    async (sync) => {
      const { storage, calendar, put, server } = await trial({ sync });
      put('bad');
      const good = put('good');
      put('odd');
      await storage.discover();
      server.fault({ path: calendar, effect: { type: 'entry', name: 'bad.ics', status: 403 } });
      server.fault({ path: calendar, effect: { type: 'entry-without-etag', name: 'odd.ics' } });
      const look = await storage.look(calendar, undefined);
      if (look.type !== 'all') throw new Error('not all');
      expect(look.items.map((item) => item.href)).toEqual([good]);
      expect(look.unknown.map((item) => item.href).sort()).toEqual([`${calendar}bad.ics`, `${calendar}odd.ics`]);
      expect(look.complete).toBe(true);
    },
  );

  test.each(['full', 'none'] as const)(
    'SL1 what is no whole multistatus is an error (sync-collection: %s)',
    async (sync) => {
      for (const effect of ['truncate', 'html', 'empty', 'cut-in-answer'] as const) {
        const { storage, calendar, put, server } = await trial({ sync });
        put('one');
        await storage.discover();
        server.fault({ effect });
        expect((await failureOf(storage.look(calendar, undefined))).kind, effect).toMatch(
          /^(invalid-data|unavailable)$/,
        );
      }
    },
  );

  test.each(['full', 'none'] as const)(
    'E16 what is elsewhere is left out; if all is, that is an error (sync-collection: %s)',
    async (sync) => {
      const { storage, calendar, put, server } = await trial({ sync });
      const one = put('one');
      await storage.discover();
      const stop = server.fault({
        path: calendar,
        effect: { type: 'foreign-entry', href: 'https://evil.example/alice/calendars/work/x.ics' },
      });
      const look = await storage.look(calendar, undefined);
      expect(look.type === 'all' && look.items.map((item) => item.href)).toEqual([one]);
      stop();
      await storage.discover();
      server.fault({
        path: calendar,
        effect: {
          type: 'alter',
          alter: (answer) => ({ ...answer, body: String(answer.body).replaceAll('/alice/', '/proxy/alice/') }),
        },
      });
      expect((await failureOf(storage.look(calendar, undefined))).kind).toBe('invalid-data');
    },
  );

  test('old deletions in a first listing are old news', async () => {
    const { storage, calendar, put, server } = await trial({ initialSyncListsDeleted: true });
    put('one');
    const gone = put('gone');
    server.content.remove(gone);
    const look = await storage.look(calendar, undefined);
    expect(look).toMatchObject({ type: 'all', unknown: [], complete: true });
    expect(look.type === 'all' && look.items).toHaveLength(1);
  });

  test('a server without sync-collection is asked for its ctag, and not for more where that has not moved', async () => {
    const { storage, calendar, put, asked } = await trial({ sync: 'none' });
    put('one');
    await storage.discover();
    asked();
    const { checkpoint } = await storage.look(calendar, undefined);
    expect(asked()).toEqual([`PROPFIND ${calendar} 1`]);
    expect(await storage.look(calendar, checkpoint)).toMatchObject({ type: 'changes', changed: [], gone: [] });
    expect(asked()).toEqual([`PROPFIND ${calendar} 0`]);
    put('two');
    expect((await storage.look(calendar, checkpoint)).type).toBe('all');
    expect(asked()).toEqual([`PROPFIND ${calendar} 0`, `PROPFIND ${calendar} 1`]);
  });

  test('a server that refuses sync-collection although it has tokens is listed, now and in later runs', async () => {
    const { storage, calendar, put, server, reopen, asked } = await trial();
    put('one');
    server.fault({ body: 'sync-collection', effect: { type: 'status', status: 501 } });
    await storage.discover();
    expect((await storage.discover())[0]?.version).toContain('token');
    expect(await storage.look(calendar, undefined)).toMatchObject({ type: 'all', complete: true });
    const later = reopen();
    const [known] = await later.discover();
    asked();
    const { checkpoint } = await later.look(calendar, undefined);
    expect(asked()).toEqual([`PROPFIND ${calendar} 1`]);
    expect(checkpoint).toBe(known?.version);
  });

  test('SL6 a token in seconds that is young equals no version', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { storage, calendar, put, asked } = await trial({ tokens: 'seconds', nowS: () => now });
    put('one');
    const { checkpoint } = await storage.look(calendar, undefined);
    await storage.discover();
    const [found] = await storage.discover();
    expect(found?.version).toContain('token');
    expect(found?.version).not.toBe(checkpoint);
    asked();
    expect((await storage.look(calendar, checkpoint)).type).toBe('all');
  });

  test('SL6 a token in seconds that is old is a version', async () => {
    let now = Math.floor(Date.now() / 1000) - 60;
    const { storage, calendar, put } = await trial({ tokens: 'seconds', nowS: () => now });
    put('one');
    now += 60;
    const { checkpoint } = await storage.look(calendar, undefined);
    await storage.discover();
    expect((await storage.discover())[0]?.version).toBe(checkpoint);
  });

  test('E16 what is no item is left out', async () => {
    const { storage, calendar, put, server } = await trial({ sync: 'none' });
    const one = put('one');
    await storage.discover();
    server.fault({
      path: calendar,
      effect: {
        type: 'alter',
        alter: (answer) => ({
          ...answer,
          body: String(answer.body).replace(
            /(<\/[\w:]*multistatus>)/,
            `<r:response xmlns:r="DAV:"><r:href>${calendar}sub/</r:href><r:propstat><r:prop><r:getetag>"1"</r:getetag></r:prop><r:status>HTTP/1.1 200 OK</r:status></r:propstat></r:response>
<r:response xmlns:r="DAV:"><r:href>${calendar}page.html</r:href><r:propstat><r:prop><r:getetag>"1"</r:getetag><r:getcontenttype>text/html</r:getcontenttype></r:prop><r:status>HTTP/1.1 200 OK</r:status></r:propstat></r:response>$1`,
          ),
        }),
      },
    });
    const look = await storage.look(calendar, undefined);
    expect(look.type === 'all' && look.items.map((item) => item.href)).toEqual([one]);
  });

  test('a missing collection is not-found in whatever way the server says so', async () => {
    for (const errors of ['status', 'multistatus'] as const) {
      for (const sync of ['full', 'none'] as const) {
        const { storage, server } = await trial({ errors, sync });
        await storage.discover();
        const error = await failureOf(
          storage.look(href(`${must(server.layout.calendarHomes[0], 'home')}gone/`), undefined),
        );
        expect(error.kind).toBe('not-found');
      }
    }
  });
});
