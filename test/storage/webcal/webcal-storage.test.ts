import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import { StorageError } from '../../../src/model/errors.ts';
import { type Checkpoint, type Href, href } from '../../../src/model/names.ts';
import type { Look, Storage } from '../../../src/storage/storage.ts';
import type { SettingValue } from '../../../src/storage/storage-type.ts';
import { FEED } from '../../../src/storage/webcal/webcal-storage.ts';
import { webcalType } from '../../../src/storage/webcal/webcal-type.ts';
import { type FeedServer, startFeedServer, type Validators } from '../../support/feed-server.ts';
import { itemText } from '../../support/item-text.ts';
import { conformanceOf, type Subject } from '../conformance.ts';

const open = (
  url: string,
  more: Readonly<Record<string, SettingValue>> = {},
  log: (level: string, message: string) => void = () => undefined,
): Storage =>
  webcalType.open(new Map(Object.entries({ url, collection_id: 'holidays', timeout: 5, ...more })), {
    storageName: 'public',
    programVersion: '1.2.3',
    memory: { recall: () => undefined, remember: () => undefined },
    log,
  });

/** One feed of the components of these texts. */
const feedOf = (texts: Iterable<string>): string =>
  [
    'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//test//EN\r\nMETHOD:PUBLISH\r\n',
    ...[...texts].map((text) => text.slice(text.indexOf('BEGIN:VEVENT'), text.indexOf('END:VCALENDAR'))),
    'END:VCALENDAR\r\n',
  ].join('');

const fingerprintOf = (text: string): string => {
  const reading = readItem(text, 'calendar');
  return reading.type === 'item' ? reading.item.fingerprint : 'unreadable';
};

const subjectWith = (validators: Validators) => async (): Promise<Subject> => {
  const server = await startFeedServer();
  const storage = open(server.url);
  /** `at` is where it was when it was put: with equal items before it, the feed may have it elsewhere by now. */
  let entries: readonly { readonly text: string; readonly at: Href }[] = [];
  const publish = (now: typeof entries): void => {
    entries = now;
    server.answer = { type: 'feed', body: feedOf(entries.map((entry) => entry.text)), validators };
  };
  publish([]);
  return {
    storage,
    freshCollection: async () => FEED,
    missingCollection: href('elsewhere'),
    outside: {
      async put(_, at, text) {
        const found = entries.findIndex((entry) => entry.at === at);
        const index = found === -1 ? entries.length : found;
        const equals = entries.slice(0, index).filter((entry) => fingerprintOf(entry.text) === fingerprintOf(text));
        const now = href(`${fingerprintOf(text)}${equals.length === 0 ? '' : `-${equals.length + 1}`}`);
        publish([...entries.slice(0, index), { text, at: now }, ...entries.slice(index + 1)]);
        return now;
      },
      async remove(_, at) {
        publish(entries.filter((entry) => entry.at !== at));
      },
      read: async (_, at) => entries.find((entry) => entry.at === at)?.text,
    },
    async settle() {
      await storage.look(FEED, undefined);
    },
    async close() {
      await storage.close();
      await server.close();
    },
  };
};

for (const validators of ['etag', 'last-modified', 'none'] as const) {
  conformanceOf(`webcal with ${validators} for validators`, subjectWith(validators), {
    lacks: ['writing', 'making-collections', 'properties', 'watching', 'garbling'],
  });
}

describe('webcal storage', () => {
  let server: FeedServer;
  let storage: Storage;
  beforeEach(async () => {
    server = await startFeedServer();
    storage = open(server.url);
  });
  afterEach(async () => {
    await storage.close();
    await server.close();
  });

  const publish = (body: string | Uint8Array, validators: Validators = 'etag', contentType = 'text/calendar'): void => {
    server.answer = { type: 'feed', body, validators, contentType };
  };
  const event = (uid: string, title: string): string => itemText('calendar', uid, title);
  const lookAll = async (since?: Checkpoint): Promise<Extract<Look, { readonly type: 'all' }>> => {
    const look = await storage.look(FEED, since);
    if (look.type !== 'all') throw new Error('all was expected');
    return look;
  };
  const failureOf = async (work: Promise<unknown>): Promise<StorageError> => {
    const outcome = await work.then(
      () => 'no failure',
      (error: unknown) => error,
    );
    if (outcome instanceof StorageError) return outcome;
    throw new Error(`expected a StorageError, not ${String(outcome)}`);
  };

  test('SL6 asks with the validators of before, and takes a 304 for no change', async () => {
    for (const [validators, header] of [
      ['etag', 'if-none-match'],
      ['last-modified', 'if-modified-since'],
    ] as const) {
      publish(feedOf([event('1', 'One')]), validators);
      const { checkpoint } = await lookAll();
      const again = await storage.look(FEED, checkpoint);
      expect(again).toEqual({ type: 'changes', changed: [], unknown: [], gone: [], checkpoint });
      expect(server.requests.at(-1)?.[header]).toBeTypeOf('string');
    }
  });

  test('SL6 equal bytes are no change where the server has no validators', async () => {
    publish(feedOf([event('1', 'One')]), 'none');
    const { checkpoint } = await lookAll();
    expect((await storage.look(FEED, checkpoint)).type).toBe('changes');
    publish(feedOf([event('1', 'Other')]), 'none');
    expect((await storage.look(FEED, checkpoint)).type).toBe('all');
  });

  test('SL6 the checkpoint holds for this address only, and does not show it', async () => {
    publish(feedOf([event('1', 'One')]));
    const { checkpoint } = await lookAll();
    expect(checkpoint).not.toContain('feed.ics');
    const other = open(`${server.url}?key=other`);
    expect((await other.look(FEED, checkpoint)).type).toBe('all');
    await other.close();
  });

  test('SL1 a 304 that was not asked for is an error', async () => {
    server.answer = { type: 'status', status: 304 };
    expect((await failureOf(storage.look(FEED, undefined))).kind).toBe('invalid-data');
  });

  test.each([
    [200, 'invalid-data', 'it is empty'],
    [204, 'invalid-data', 'does not send it (status 204)'],
    [206, 'invalid-data', 'does not send it (status 206)'],
    [401, 'unauthorized', 'username and password'],
    [403, 'denied', 'access denied (status 403)'],
    [404, 'not-found', 'no feed at this address (status 404)'],
    [410, 'not-found', 'any more (status 410)'],
    [429, 'overloaded', 'too often'],
    [500, 'unavailable', 'status 500'],
    [503, 'overloaded', 'status 503'],
  ])('SL1 status %d is an error: %s', async (status, kind, message) => {
    server.answer = { type: 'status', status, headers: { 'retry-after': '120' } };
    for (const work of [storage.look(FEED, undefined), storage.confirmGone(FEED, [href('a')]), storage.check()]) {
      const error = await failureOf(work);
      expect([error.kind, error.retryAfterS]).toEqual([kind, status === 200 ? undefined : 120]);
      expect(error.message).toMatch(/^could not read the feed of storage "public": /);
      expect(error.message).toContain(message);
    }
  });

  test.each([
    ['a web page', '<!DOCTYPE html><html><body>Log in</body></html>', 'a web page instead of a calendar'],
    ['white space', ' \r\n', 'it is empty'],
    ['a calendar that ends early', feedOf([event('1', 'One')]).slice(0, -40), 'it is cut'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00), 'it is not UTF-8'],
  ])('SL1 a 200 with %s is an error', async (_, body, message) => {
    publish(body, 'etag', 'text/html; charset=utf-8');
    const error = await failureOf(storage.look(FEED, undefined));
    expect([error.kind, error.message]).toEqual(['invalid-data', expect.stringContaining(message)]);
  });

  test('SL1 a body that breaks off is an error', async () => {
    server.answer = { type: 'cut', body: feedOf([event('1', 'One')]) };
    expect((await failureOf(storage.look(FEED, undefined))).kind).toBe('unavailable');
  });

  test('SL1 a calendar without components is a complete listing of nothing', async () => {
    publish(feedOf([]));
    expect(await lookAll()).toMatchObject({ items: [], unknown: [], complete: true });
  });

  test('SI9 a feed that makes up new UIDs and stamps has not changed', async () => {
    const at = (run: number) =>
      feedOf(
        ['One', 'Two'].map((title) => event(`${title}-${run}`, title).replace('DTSTAMP:2026', `DTSTAMP:${2026 + run}`)),
      );
    publish(at(1));
    const before = await lookAll();
    publish(at(2));
    const after = await lookAll(before.checkpoint);
    const refs = (look: typeof before) => look.items.map((item) => [item.href, item.etag]);
    expect(refs(after)).toEqual(refs(before));
  });

  test('SI9 an edited event keeps its ident', async () => {
    publish(feedOf([event('1', 'One'), event('2', 'Two')]));
    const before = await lookAll();
    publish(feedOf([event('1', 'One'), event('2', 'Edited')]));
    const after = await lookAll();
    expect(after.items.map((item) => item.item?.ident)).toEqual(['1', '2']);
    expect(after.items.map((item) => before.items.some((one) => one.href === item.href))).toEqual([true, false]);
  });

  test('SI10 items that differ in UID only are all listed', async () => {
    publish(feedOf([event('1', 'One'), event('2', 'One'), event('3', 'One')]));
    const hrefs = (await lookAll()).items.map((item) => item.href);
    expect(hrefs).toEqual([hrefs[0], `${hrefs[0]}-2`, `${hrefs[0]}-3`]);
  });

  test('SD5 with an item that cannot be used the listing is not complete, and nothing is gone', async () => {
    publish(feedOf([event('1', 'One'), event('2', 'T\0wo')]));
    const look = await lookAll();
    const [unknown] = look.unknown;
    expect(look).toMatchObject({ complete: false, items: [{ item: { ident: '1' } }] });
    expect(look.checkpoint).toBeUndefined();
    expect(await storage.confirmGone(FEED, [href('of before')])).toEqual(new Set());
    const fetched: unknown[] = [];
    for await (const one of storage.fetch(FEED, [unknown?.href ?? href('')])) fetched.push(one);
    expect(fetched).toEqual([{ type: 'unreadable', href: unknown?.href, etag: undefined, reason: unknown?.reason }]);
  });

  test('reads UTF-8 whatever the header says, and what is none as the header says', async () => {
    const feed = feedOf([event('1', 'Über')]);
    publish(feed, 'etag', 'text/calendar; charset=iso-8859-1');
    expect((await lookAll()).items[0]?.item?.text).toContain('Über');
    publish(Buffer.from(feed, 'latin1'), 'etag', 'text/calendar; charset="ISO-8859-1"');
    expect((await lookAll()).items[0]?.item?.text).toContain('Über');
    publish(Buffer.from(feed, 'latin1'), 'etag', 'text/calendar; charset=none-such');
    expect((await failureOf(storage.look(FEED, undefined))).kind).toBe('invalid-data');
  });

  test('what is fetched is of the version that was looked at, and costs no request', async () => {
    publish(feedOf([event('1', 'One')]));
    const { items } = await lookAll();
    publish(feedOf([]));
    const requests = server.requests.length;
    const fetched: unknown[] = [];
    for await (const one of storage.fetch(
      FEED,
      items.map((item) => item.href),
    ))
      fetched.push(one);
    expect(fetched).toMatchObject([{ type: 'item', item: { ident: '1' } }]);
    expect(server.requests.length).toBe(requests);
  });

  test('after a 304 a fetch asks for the feed', async () => {
    publish(feedOf([event('1', 'One')]));
    const { checkpoint, items } = await lookAll();
    await storage.close();
    await storage.look(FEED, checkpoint);
    const fetched: unknown[] = [];
    for await (const one of storage.fetch(
      FEED,
      items.map((item) => item.href),
    ))
      fetched.push(one);
    expect(fetched).toMatchObject([{ type: 'item', item: { ident: '1' } }]);
  });

  test('after a 304 nothing is fetched from another version', async () => {
    publish(feedOf([event('1', 'One')]));
    const { checkpoint, items } = await lookAll();
    publish(feedOf([]));
    await lookAll();
    publish(feedOf([event('1', 'One')]));
    await storage.look(FEED, checkpoint);
    expect(
      await storage.confirmGone(
        FEED,
        items.map((item) => item.href),
      ),
    ).toEqual(new Set());
  });

  test('check says what is there, and what it costs', async () => {
    publish(feedOf([event('1', 'One')]), 'none');
    const { found, warnings } = await storage.check();
    expect(found).toBe('a feed with 1 item (1 KB)');
    expect(warnings).toHaveLength(1);
    publish(feedOf([event('1', 'One'), event('2', 'Two')]));
    expect(await storage.check()).toEqual({ found: 'a feed with 2 items (1 KB)', warnings: [] });
  });

  test('sends its credentials and its name', async () => {
    publish(feedOf([]));
    const own = open(server.url, { username: 'jane', password: 'sécret', user_agent: 'me/1' });
    await own.check();
    expect(server.requests.at(-1)).toMatchObject({
      authorization: `Basic ${Buffer.from('jane:sécret').toString('base64')}`,
      'user-agent': 'me/1',
    });
    await own.close();
    await storage.check();
    expect(server.requests.at(-1)).toMatchObject({ 'user-agent': 'pimsync/1.2.3' });
    expect(server.requests.at(-1)?.authorization).toBeUndefined();
  });

  test('S1 the address of a feed may be its key: nothing tells it', async () => {
    const told: string[] = [];
    const own = open(`${server.url}/k3y?of=m1ra`, {}, (_, message) => told.push(message));
    publish(feedOf([]));
    told.push(JSON.stringify([await own.check(), await own.discover(), await own.look(FEED, undefined)]));
    for (const answer of [
      { type: 'status', status: 404 },
      { type: 'status', status: 302, headers: { location: '/k3y/m1ra' } },
      { type: 'status', status: 302, headers: { location: 'https://elsewhere.example/k3y/m1ra' } },
      { type: 'cut', body: 'BEGIN:VCALENDAR' },
    ] as const) {
      server.answer = answer;
      const { message, hint, stack } = await failureOf(own.look(FEED, undefined));
      told.push(`${message} ${hint} ${stack}`);
    }
    await own.close();
    const all = told.join('\n');
    expect(all).toContain(`GET ${new URL(server.url).origin}/…: 200`);
    expect(all).not.toMatch(/k3y|m1ra/);
  });

  test('an unreachable server is unavailable', async () => {
    await server.close();
    expect((await failureOf(storage.look(FEED, undefined))).kind).toBe('unavailable');
    server = await startFeedServer();
  });

  test('SD16 it cannot be watched', async () => {
    const changes = storage.changes(new AbortController().signal)[Symbol.asyncIterator]();
    expect((await failureOf(changes.next())).kind).toBe('unsupported');
  });
});

describe('webcal type', () => {
  test('takes a feed from a socket, at the path that follows it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pimsync-feed-'));
    const socketPath = join(folder, 'a feed.sock');
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end(feedOf([itemText('calendar', '1', 'One')]));
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const at = (query: string): Storage => open(`unix://${encodeURI(socketPath)}${query}`);
    const storages = [at(''), at('?/work.ics?key=1'), at('?work.ics')];
    try {
      for (const storage of storages) expect((await storage.check()).found).toContain('1 item');
      expect(asked).toEqual(['/', '/work.ics?key=1', '/work.ics']);
      const [first, second] = storages;
      const look = await first?.look(FEED, undefined);
      // SD15: what is known of one path says nothing of another.
      expect(await second?.look(FEED, look?.checkpoint)).toMatchObject({ type: 'all' });
    } finally {
      for (const storage of storages) await storage.close();
      server.close();
      await rm(folder, { recursive: true });
    }
  });

  test.each(['https', 'http', 'unix', 'webcal', 'webcals'])('takes an address of the scheme %s', (scheme) => {
    expect(webcalType.directives['url']).toMatchObject({ schemes: expect.arrayContaining([scheme]) });
  });

  test('wants a username and a password together', () => {
    const problems = (settings: Readonly<Record<string, string>>) =>
      webcalType.problems(new Map(Object.entries(settings)));
    expect(problems({ url: 'https://example.com/' })).toEqual([]);
    expect(problems({ username: 'jane', password: 'x' })).toEqual([]);
    expect(problems({ username: 'jane' })).toEqual([
      { directive: 'username', message: '"username" needs a "password" beside it' },
    ]);
    expect(problems({ password: 'x' })).toEqual([
      { directive: 'password', message: '"password" needs a "username" beside it' },
    ]);
  });
});
