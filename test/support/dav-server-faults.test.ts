import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DavServer, startDavServer } from './dav-server/dav-server.ts';
import type { Effect } from './dav-server/faults.ts';
import { ask, EVENT, multiget, propfind, rowsOf, syncSince, tokenOf } from './dav-server/raw-client.ts';
import { dav } from './dav-server/xml-names.ts';
import { readXml } from './dav-server/xml-reader.ts';

let server: DavServer;
let work: string;

beforeEach(async () => {
  server = await startDavServer();
  work = server.content.addCalendar('work');
  server.content.put(`${work}a.ics`, EVENT('1'));
});
afterEach(() => server.close());

const put = (name: string, signal?: AbortSignal) =>
  ask(server, { method: 'PUT', path: work + name, body: EVENT(name), ...(signal === undefined ? {} : { signal }) });
const list = () => propfind(server, work, { depth: '1', names: [dav('getetag')] });
const names = () => [...server.content.items(work).keys()].map((path) => path.slice(work.length));

describe('a rule', () => {
  test('happens to the requests that it names, and to no other', async () => {
    server.fault({ method: 'PUT', path: /b\.ics$/, nth: 2, effect: { type: 'status', status: 503 } });
    const statuses = [];
    for (const name of ['b.ics', 'c.ics', 'b.ics', 'b.ics']) statuses.push((await put(name)).status);
    expect(statuses).toEqual([201, 201, 503, 204]);
  });

  test('happens to some, to all until it ends, or to a report by its name', async () => {
    server.fault({ method: 'GET', nth: 1, times: 2, effect: { type: 'status', status: 429 } });
    const end = server.fault({ body: 'sync-collection', effect: { type: 'status', status: 500 } });
    const get = () => ask(server, { method: 'GET', path: `${work}a.ics` });
    expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([429, 429, 200]);
    expect([(await syncSince(server, work, '')).status, (await multiget(server, work, [])).status]).toEqual([500, 207]);
    end();
    expect((await syncSince(server, work, '')).status).toBe(207);
  });
});

describe('a connection', () => {
  test.each<[Effect, readonly string[]]>([
    ['cut-before', ['a.ics']],
    ['cut-in-request', ['a.ics']],
    ['apply-then-cut', ['a.ics', 'b.ics']],
    ['cut-in-answer', ['a.ics', 'b.ics']],
  ])('%s leaves what it should', async (effect, left) => {
    server.fault({ method: 'PUT', nth: 1, effect });
    await expect(put('b.ics')).rejects.toThrow();
    expect(names()).toEqual(left);
    expect((await put('c.ics')).status).toBe(201);
  });

  test.each<[Effect, readonly string[]]>([
    ['hang', ['a.ics']],
    ['apply-then-hang', ['a.ics', 'b.ics']],
  ])('that is left waiting (%s) waits until somebody ends it', async (effect, left) => {
    server.fault({ method: 'PUT', effect });
    const ends = new AbortController();
    const waiting = put('b.ics', ends.signal);
    const outcome = expect(waiting).rejects.toThrow();
    await vi.waitUntil(() => (server.requests[0]?.bytesReceived ?? 0) > 0);
    ends.abort();
    await outcome;
    expect(names()).toEqual(left);
  });

  test('cut in the middle of a listing gives no whole body', async () => {
    server.fault({ effect: 'cut-in-answer' });
    await expect(list()).rejects.toThrow();
  });

  test('drips', async () => {
    server.fault({ method: 'GET', effect: { type: 'slow', byteEveryMs: 0 } });
    expect((await ask(server, { method: 'GET', path: `${work}a.ics` })).text).toBe(EVENT('1'));
  });
});

describe('an answer', () => {
  test('can be a page, nothing, or an empty listing', async () => {
    const end = server.fault({ effect: 'html' });
    expect([(await list()).status, (await list()).text]).toEqual([200, expect.stringContaining('<html>')]);
    end();
    server.fault({ nth: 1, effect: 'empty' });
    expect((await list()).text).toBe('');
    server.clearFaults();
    server.fault({ nth: 1, effect: 'empty-multistatus' });
    expect(rowsOf(await list())).toEqual([]);
    expect(rowsOf(await list())).toHaveLength(2);
  });

  test('can be a status with what belongs to it, with the request done or not', async () => {
    server.fault({ nth: 1, effect: { type: 'status', status: 503, headers: { 'Retry-After': '7' } } });
    const refused = await put('b.ics');
    expect([refused.status, refused.headers.get('retry-after'), names()]).toEqual([503, '7', ['a.ics']]);
    server.fault({ nth: 1, effect: { type: 'status', status: 500, apply: true } });
    expect([(await put('b.ics')).status, names()]).toEqual([500, ['a.ics', 'b.ics']]);
    server.fault({ nth: 1, effect: { type: 'redirect', status: 307, location: 'http://127.0.0.2/' } });
    const led = await put('c.ics');
    expect([led.status, led.headers.get('location'), names().length]).toEqual([307, 'http://127.0.0.2/', 2]);
  });

  test('can be cut to half with nothing to tell but the XML', async () => {
    server.fault({ nth: 1, effect: 'truncate' });
    const raw = await fetch(new URL(work, server.url), { method: 'PROPFIND', headers: { Depth: '1' } });
    const text = await raw.text();
    expect(raw.status).toBe(207);
    expect(() => readXml(text)).toThrow(/unclosed tag|document/);
  });

  test('can lie about a write', async () => {
    server.fault({ effect: 'drop-write' });
    const statuses = [await put('b.ics'), await ask(server, { method: 'DELETE', path: `${work}a.ics` })];
    expect(statuses.map(({ status }) => status)).toEqual([201, 204]);
    expect(names()).toEqual(['a.ics']);
  });

  test('can lie about a collection, once', async () => {
    server.fault({ nth: 1, effect: 'hide-members' });
    expect(rowsOf(await list()).map(({ href }) => href)).toEqual([work]);
    expect(rowsOf(await list())).toHaveLength(2);
    server.fault({ body: 'sync-collection', nth: 1, effect: 'hide-members' });
    const synced = await syncSince(server, work, '');
    expect([rowsOf(synced), tokenOf(synced)]).toEqual([[], 'data:,1-1']);
  });

  test('can say something of its own about an entry, and name a foreign one', async () => {
    server.content.put(`${work}b.ics`, EVENT('2'));
    server.fault({ nth: 1, effect: { type: 'entry', name: 'a.ics', status: 403 } });
    server.fault({ nth: 1, effect: { type: 'entry-without-etag', name: 'b.ics' } });
    server.fault({ nth: 1, effect: { type: 'foreign-entry', href: '/bob/x.ics' } });
    const rows = rowsOf(await list());
    expect(rows.map(({ href, status }) => [href.split('/').at(-1), status.slice(9, 12)])).toEqual([
      ['', '404'],
      ['a.ics', '403'],
      ['b.ics', '404'],
      ['x.ics', '200'],
    ]);
  });

  test('can be altered, or come after something else happened', async () => {
    server.fault({ nth: 1, effect: { type: 'alter', alter: (answer) => ({ ...answer, status: 299 }) } });
    expect((await list()).status).toBe(299);
    const edit = (text: string) => () => server.content.put(`${work}a.ics`, text);
    server.fault({ method: 'GET', nth: 1, effect: { type: 'before', run: edit('before') } });
    server.fault({ method: 'GET', nth: 1, effect: { type: 'after', run: edit('after') } });
    expect((await ask(server, { method: 'GET', path: `${work}a.ics` })).text).toBe('before');
    expect(server.content.text(`${work}a.ics`)).toBe('after');
  });
});
