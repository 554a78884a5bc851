import { describe, expect, test } from 'vitest';
import { href } from '../../../src/model/names.ts';
import { allOf, davTrials, failureOf, type Trial } from '../../support/dav-trial.ts';
import { itemText } from '../../support/item-text.ts';

const trial = davTrials();

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `item-${index}`);

/** Puts so many, looks at them, and forgets the requests. */
async function filled(
  count: number,
  options: Parameters<typeof trial>[0] = {},
): Promise<Trial & { readonly hrefs: ReturnType<Trial['put']>[] }> {
  const made = await trial(options);
  const hrefs = names(count).map((name) => made.put(name));
  await made.storage.discover();
  await made.storage.look(made.calendar, undefined);
  made.asked();
  return { ...made, hrefs };
}

describe('reading items', () => {
  test('a few of many come by multiget, in batches of a hundred', async () => {
    const { storage, calendar, hrefs, asked } = await filled(300);
    expect(await allOf(storage.fetch(calendar, hrefs.slice(0, 210)))).toHaveLength(210);
    expect(asked()).toEqual(Array.from({ length: 3 }, () => `REPORT calendar-multiget ${calendar} 1`));
  });

  test('a whole collection comes by one query', async () => {
    const { storage, calendar, hrefs, asked } = await filled(150);
    const read = await allOf(storage.fetch(calendar, hrefs));
    expect(new Set(read.map((item) => item.href))).toEqual(new Set(hrefs));
    expect(asked()).toEqual([`REPORT calendar-query ${calendar} 1`]);
  });

  test('how much of a collection is wanted is not known after a look at changes only', async () => {
    const { calendar, reopen, asked, hrefs } = await filled(150);
    expect(await allOf(reopen().fetch(calendar, hrefs))).toHaveLength(150);
    expect(asked()).toEqual(Array.from({ length: 2 }, () => `REPORT calendar-multiget ${calendar} 1`));
  });

  test.each(['empty-multistatus', 'truncate', 'cut-in-answer', 'html'] as const)(
    'what a query that is %s does not give comes by multiget',
    async (effect) => {
      const { storage, calendar, hrefs, server } = await filled(150);
      server.fault({ body: 'calendar-query', effect });
      const read = await allOf(storage.fetch(calendar, hrefs));
      expect(read).toHaveLength(150);
      expect(new Set(read.map((item) => item.href))).toEqual(new Set(hrefs));
    },
  );

  test.each(['row', 'left-out', 'fails'] as const)(
    'D11 what is gone is left out, whether it is a %s',
    async (missingInMultiget) => {
      const { storage, calendar, hrefs, server } = await filled(20, { missingInMultiget });
      for (const gone of [hrefs[3], hrefs[11]]) server.content.remove(String(gone));
      const read = await allOf(storage.fetch(calendar, hrefs));
      expect(read.map((item) => item.href).sort()).toEqual(hrefs.filter((_, at) => at !== 3 && at !== 11).sort());
    },
  );

  test('an item that a batch fails on is found, and the others are read', async () => {
    const { storage, calendar, hrefs, server } = await filled(10);
    server.fault({ path: calendar, effect: { type: 'entry', name: 'item-4.ics', status: 403 } });
    server.fault({ method: 'GET', path: `${calendar}item-4.ics`, effect: { type: 'status', status: 403 } });
    const read = await allOf(storage.fetch(calendar, hrefs));
    expect(read.filter(({ type }) => type === 'item')).toHaveLength(9);
    expect(read.find(({ type }) => type === 'unreadable')).toMatchObject({
      href: hrefs[4],
      reason: expect.stringContaining('403'),
    });
  });

  test('a server that fails at all is not asked for every item', async () => {
    const { storage, calendar, hrefs, server, asked } = await filled(90);
    server.fault({ effect: { type: 'status', status: 500 } });
    expect((await failureOf(allOf(storage.fetch(calendar, hrefs)))).kind).toBe('unavailable');
    expect(asked().length).toBeLessThan(12);
  });

  test('a collection that is gone is not-found, after a few requests', async () => {
    const { storage, calendar, hrefs, server, asked } = await filled(90);
    server.content.removeCollection(calendar);
    expect((await failureOf(allOf(storage.fetch(calendar, hrefs)))).kind).toBe('not-found');
    expect(asked().length).toBeLessThan(5);
  });

  test('F6 what XML cannot hold is got as it is', async () => {
    const { storage, calendar, put, server } = await trial();
    const one = put('one');
    const odd = href(`${calendar}odd.ics`);
    const text = itemText('calendar', 'odd', 'a\u0001b\u000bc\ufffd');
    server.content.put(odd, text);
    const read = await allOf(storage.fetch(calendar, [one, odd]));
    expect(read.find((item) => item.href === odd)).toMatchObject({ type: 'item', item: { text } });
    expect(read).toHaveLength(2);
  });

  test.each(['raw', 'reference'] as const)(
    'SI12 line ends survive XML, carriage returns written %s',
    async (carriageReturns) => {
      const { storage, calendar, put } = await trial({ carriageReturns });
      const one = put('one');
      const [read] = await allOf(storage.fetch(calendar, [one]));
      expect(read).toMatchObject({ item: { text: itemText('calendar', 'one', 'As it was') } });
    },
  );

  test('a name with escapes that multiget does not find is asked for by itself', async () => {
    const { storage, calendar, put, server } = await trial();
    const odd = put('what%3F');
    server.fault({ path: calendar, effect: { type: 'entry', name: 'what%3F.ics', status: 404 } });
    expect(await allOf(storage.fetch(calendar, [odd]))).toMatchObject([{ type: 'item', href: odd }]);
  });

  test('an item that is not asked for is not given', async () => {
    const { storage, calendar, hrefs, server } = await filled(3);
    server.fault({
      body: 'calendar-multiget',
      effect: {
        type: 'alter',
        alter: (answer) => ({ ...answer, body: String(answer.body).replaceAll('item-1.ics', 'item-2.ics') }),
      },
    });
    const read = await allOf(storage.fetch(calendar, hrefs.slice(0, 2)));
    expect(read.map((item) => item.href).sort()).toEqual(hrefs.slice(0, 2));
  });
});

describe('SL3 confirming that items are gone', () => {
  test.each(['row', 'left-out', 'fails'] as const)('where a missing one is a %s', async (missingInMultiget) => {
    const { storage, calendar, hrefs, server } = await filled(10, { missingInMultiget });
    server.content.remove(String(hrefs[2]));
    server.content.remove(String(hrefs[5]));
    expect([...(await storage.confirmGone(calendar, hrefs))].sort()).toEqual([hrefs[2], hrefs[5]]);
  });

  test('many cost one request', async () => {
    const { storage, calendar, hrefs, server, asked } = await filled(50);
    for (const gone of hrefs) server.content.remove(gone);
    expect((await storage.confirmGone(calendar, hrefs)).size).toBe(50);
    expect(asked()).toEqual([`REPORT calendar-multiget ${calendar} 1`]);
  });

  test('a name with escapes is asked for by itself, since some multigets do not find it', async () => {
    const { storage, calendar, asked } = await trial();
    const odd = href(`${calendar}what%3F.ics`);
    expect([...(await storage.confirmGone(calendar, [odd]))]).toEqual([odd]);
    expect(asked()).toEqual([`HEAD ${odd}`]);
  });

  test.each([403, 500, 301, 200])('a status %i proves nothing', async (status) => {
    const { storage, calendar, hrefs, server } = await filled(1, { missingInMultiget: 'left-out' });
    server.content.remove(String(hrefs[0]));
    server.fault({ method: 'HEAD', effect: { type: 'status', status } });
    expect((await storage.confirmGone(calendar, hrefs)).size).toBe(0);
  });

  test.each(['html', 'empty-multistatus', 'truncate'] as const)(
    'an answer that is %s proves nothing',
    async (effect) => {
      const { storage, calendar, hrefs, server } = await filled(3);
      server.fault({ effect });
      const outcome = await storage.confirmGone(calendar, hrefs).catch(() => new Set());
      expect(outcome.size).toBe(0);
    },
  );
});
