import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { summarize } from '../../../src/content/summary.ts';
import type { Href } from '../../../src/model/names.ts';
import { openStatusInMemory } from '../../../src/status/open-status.ts';
import type { PairStatus } from '../../../src/status/pair-status.ts';
import { MemoryStorage } from '../../../src/storage/memory/memory-storage.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { webcalType } from '../../../src/storage/webcal/webcal-type.ts';
import type { Summary } from '../../../src/sync/events.ts';
import { syncPair } from '../../../src/sync/sync-pair.ts';
import { type FeedServer, startFeedServer } from '../../support/feed-server.ts';
import { itemText } from '../../support/item-text.ts';
import { OPTIONS, RULES } from '../../sync/engine.ts';

let server: FeedServer;
let feed: Storage;
let copy: MemoryStorage;
let collection: Href;
let status: PairStatus;

beforeEach(async () => {
  server = await startFeedServer();
  feed = webcalType.open(
    new Map([
      ['url', server.url],
      ['collection_id', 'work'],
    ]),
    {
      storageName: 'feed',
      programVersion: '1',
      memory: { recall: () => undefined, remember: () => undefined },
      log: () => undefined,
    },
  );
  copy = new MemoryStorage({ name: 'b' });
  collection = copy.userMakeCollection('work');
  status = openStatusInMemory(() => 1_800_000_000_000);
});
afterEach(async () => {
  await feed.close();
  await server.close();
});

const publish = (events: Readonly<Record<string, string>>): void => {
  const components = Object.entries(events).map(([uid, title]) => {
    const text = itemText('calendar', uid, title);
    return text.slice(text.indexOf('BEGIN:VEVENT'), text.indexOf('END:VCALENDAR'));
  });
  const body = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${components.join('')}END:VCALENDAR\r\n`;
  server.answer = { type: 'feed', body, validators: 'etag' };
};
const sync = (): Promise<Summary> =>
  syncPair(
    {
      name: 'pair',
      storages: { a: { name: 'feed', storage: feed }, b: { name: 'copy', storage: copy } },
      rules: RULES,
      historyS: 1000,
    },
    OPTIONS,
    {
      status,
      clock: { now: () => 1_800_000_000_000, sleep: () => Promise.resolve() },
      tell: () => undefined,
      signal: new AbortController().signal,
    },
  );
const titles = (): readonly string[] =>
  [...copy.userItems(collection).values()].map((text) => summarize(text, 'calendar')).sort();
const QUIET = { created: 0, updated: 0, deleted: 0 };

test('SR7 a feed that did not change costs one request and no write', async () => {
  publish({ '1': 'One', '2': 'Two' });
  await sync();
  expect(titles()).toEqual(['One', 'Two']);
  const before = server.requests.length;
  expect((await sync()).written.b).toEqual(QUIET);
  expect(server.requests.length).toBe(before + 1);
});

test('SI9 new UIDs of equal contents write nothing, equal ones among them too', async () => {
  publish({ '1': 'One', '2': 'Same', '3': 'Same' });
  await sync();
  publish({ '4': 'One', '5': 'Same', '6': 'Same' });
  expect(await sync()).toMatchObject({ outcome: 'done', written: { b: QUIET } });
  expect(titles()).toEqual(['One', 'Same', 'Same']);
});

test('SI4 an edited event is updated in place', async () => {
  publish({ '1': 'One', '2': 'Two' });
  await sync();
  publish({ '1': 'One', '2': 'Edited' });
  expect((await sync()).written.b).toEqual({ ...QUIET, updated: 1 });
  expect(titles()).toEqual(['Edited', 'One']);
});

test('SI9 one of several equal events is edited, and the others stay', async () => {
  publish({ '1': 'Same', '2': 'Same', '3': 'Same' });
  await sync();
  publish({ '1': 'Edited', '2': 'Same', '3': 'Same' });
  expect(await sync()).toMatchObject({ outcome: 'done', written: { b: { ...QUIET, updated: 1 } } });
  expect(titles()).toEqual(['Edited', 'Same', 'Same']);
  expect(await sync()).toMatchObject({ outcome: 'done', written: { b: QUIET } });
});

test('SI9 contents that move on to another UID are edits', async () => {
  publish({ '1': 'Monday', '2': 'Tuesday', '3': 'Wednesday' });
  await sync();
  publish({ '1': 'Tuesday', '2': 'Wednesday', '3': 'Thursday' });
  expect(await sync()).toMatchObject({ outcome: 'done', written: { b: { ...QUIET, updated: 3 } } });
  expect(titles()).toEqual(['Thursday', 'Tuesday', 'Wednesday']);
});

test('SL3 what a whole feed no longer has is deleted', async () => {
  publish({ '1': 'One', '2': 'Same', '3': 'Same' });
  await sync();
  publish({ '1': 'One', '3': 'Same' });
  expect((await sync()).written.b).toEqual({ ...QUIET, deleted: 1 });
  expect(titles()).toEqual(['One', 'Same']);
});

test('SL2 what is no feed deletes nothing', async () => {
  publish({ '1': 'One', '2': 'Two' });
  await sync();
  for (const body of ['', '<html>Log in</html>', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n']) {
    server.answer = { type: 'feed', body, validators: 'etag' };
    expect((await sync()).outcome).toBe('failed');
  }
  for (const code of [404, 410, 500, 304]) {
    server.answer = { type: 'status', status: code };
    const { outcome, written } = await sync();
    expect([code, outcome, written.b]).toEqual([code, code === 304 ? 'done' : 'failed', QUIET]);
  }
  expect(titles()).toEqual(['One', 'Two']);
});

test('SG1 an emptied feed deletes nothing by itself', async () => {
  publish({ '1': 'One' });
  await sync();
  publish({});
  expect((await sync()).outcome).toBe('waiting');
  expect(titles()).toEqual(['One']);
});

test('L2 after each run the copy holds what the feed holds, however its UIDs and contents move', async () => {
  const events = fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5'), fc.constantFrom('One', 'Two', 'Three'), {
    minKeys: 1,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(events, { minLength: 2, maxLength: 5 }), async (history) => {
      copy = new MemoryStorage({ name: 'b' });
      collection = copy.userMakeCollection('work');
      status = openStatusInMemory(() => 1_800_000_000_000);
      for (const now of history) {
        publish(now);
        expect(await sync()).toMatchObject({ outcome: 'done' });
        expect(titles()).toEqual(Object.values(now).sort());
        expect(await sync()).toMatchObject({ outcome: 'done', written: { b: QUIET } });
      }
    }),
    { numRuns: 40 },
  );
});
