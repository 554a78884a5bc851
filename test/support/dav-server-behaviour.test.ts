import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from './dav-server/dav-server.ts';
import { ask, EVENT, has, multiget, propfind, rowsOf, syncSince, tokenOf } from './dav-server/raw-client.ts';
import { caldav, calendarServer, dav } from './dav-server/xml-names.ts';
import { xmlDocument } from './dav-server/xml-writer.ts';

let server: DavServer;
let work: string;
let nowS = 1000;

beforeEach(async () => {
  nowS = 1000;
  server = await startDavServer({ nowS: () => nowS });
  work = server.content.addCalendar('work');
});
afterEach(() => server.close());

const put = (name: string, body: string, headers: Record<string, string> = {}) =>
  ask(server, { method: 'PUT', path: work + name, body, headers });

describe('items', () => {
  test.each([
    ['add-property', /X-STORED-BY:server\r\nEND:VEVENT/],
    ['drop-property', /SUMMARY:1\r\nEND:VEVENT/],
    ['refold', /VERSION:2\.0\r\nPRODID:.*\r\nBEGIN:VEVENT\r\nDTSTAMP/],
    [(text: string) => text.toLowerCase(), /begin:vevent/],
  ] as const)('are rewritten when they are stored: %s', async (rewrite, stored) => {
    server.behave({ rewrite, putEtag: 'unless-rewritten' });
    const answer = await put('a.ics', EVENT('1'));
    expect(server.content.text(`${work}a.ics`)).toMatch(stored);
    expect(answer.headers.get('etag')).toBeNull();
    server.behave({ putEtag: 'always' });
    expect((await put('a.ics', EVENT('1'))).headers.get('etag')).toMatch(/^"/);
    server.behave({ putEtag: 'never', rewrite: 'none' });
    expect((await put('a.ics', EVENT('1'))).headers.get('etag')).toBeNull();
  });

  test('a long line that is folded anew says the same', async () => {
    server.behave({ rewrite: 'refold' });
    const summary = 'é😀'.repeat(60);
    await put('a.ics', EVENT('1', summary));
    expect(server.content.text(`${work}a.ics`)?.replaceAll('\r\n ', '')).toContain(`SUMMARY:${summary}\r\n`);
  });

  test('are another text at every read, under one etag', async () => {
    server.behave({ rewritesOnRead: true });
    await put('a.ics', EVENT('1'));
    const reads = [await get(), await get()];
    expect(new Set(reads.map(({ text }) => text)).size).toBe(2);
    expect(new Set(reads.map(({ headers }) => headers.get('etag'))).size).toBe(1);
    expect(reads[0]?.text.replace(/DTSTAMP:.*/, 'DTSTAMP:20240101T000000Z')).toBe(EVENT('1'));
  });

  test('have etags of the kind that is wanted', async () => {
    const etags = async () =>
      [await put('a.ics', EVENT('1')), await put('a.ics', EVENT('1'))].map(({ headers }) => headers.get('etag'));
    const [first, second] = await etags();
    expect(first).toBe(second);
    server.behave({ etags: 'revision' });
    expect(new Set(await etags()).size).toBe(2);
    server.behave({ etags: 'weak' });
    const [weak] = await etags();
    expect(weak).toMatch(/^W\//);
    expect((await put('a.ics', EVENT('1'), { 'If-Match': weak ?? '' })).status).toBe(412);
    const known = { 'If-None-Match': weak ?? '' };
    expect((await ask(server, { method: 'GET', path: `${work}a.ics`, headers: known })).status).toBe(304);
    server.behave({ etags: 'none' });
    expect(await etags()).toEqual([null, null]);
    server.behave({ etags: 'counter' });
    await ask(server, { method: 'DELETE', path: `${work}a.ics` });
    expect(await etags()).toEqual(['"gcs00000000"', '"gcs00000001"']);
  });

  test('are refused or taken as the server likes', async () => {
    await put('a.ics', EVENT('1'));
    expect((await put('b.ics', EVENT('1'))).status).toBe(201);
    server.behave({ uidConflict: 409, garbage: 415, maxItemBytes: 500 });
    const twice = await put('c.ics', EVENT('1'));
    expect([twice.status, has(twice, caldav('no-uid-conflict'))]).toEqual([409, true]);
    expect((await put('c.ics', 'garbage')).status).toBe(415);
    const long = await put('c.ics', EVENT('3', 'x'.repeat(500)));
    expect([long.status, has(long, caldav('max-resource-size'))]).toEqual([403, true]);
    server.behave({ garbage: undefined });
    expect((await put('c.ics', 'garbage')).status).toBe(201);
  });

  test('are overwritten and deleted where preconditions are not looked at', async () => {
    await put('a.ics', EVENT('1'));
    server.behave({ ignoresIfNoneMatch: true, ignoresIfMatchOnDelete: true });
    expect((await put('a.ics', EVENT('1', 'new'), { 'If-None-Match': '*' })).status).toBe(204);
    const gone = await ask(server, { method: 'DELETE', path: `${work}a.ics`, headers: { 'If-Match': '"x"' } });
    expect([gone.status, server.content.items(work).size]).toEqual([204, 0]);
  });

  test('that are missing from a multiget are a row, left out, or the end of it', async () => {
    await put('a.ics', EVENT('1'));
    const ask2 = () => multiget(server, work, [`${work}a.ics`, `${work}b.ics`]);
    expect(rowsOf(await ask2())).toHaveLength(2);
    server.behave({ missingInMultiget: 'left-out' });
    expect(rowsOf(await ask2())).toHaveLength(1);
    server.behave({ missingInMultiget: 'fails' });
    expect((await ask2()).status).toBe(404);
  });
});

describe('changes', () => {
  test('without sync-collection are told by the ctag only', async () => {
    server.behave({ sync: 'none' });
    expect((await syncSince(server, work, '')).status).toBe(403);
    const names = [dav('sync-token'), calendarServer('getctag'), dav('supported-report-set')];
    const row = async () => rowsOf(await propfind(server, work, { depth: '0', names }))[0]?.properties;
    const before = await row();
    await put('a.ics', EVENT('1'));
    expect([before?.has(dav('sync-token')), before?.size]).toEqual([false, 2]);
    expect((await row())?.get(calendarServer('getctag'))).not.toBe(before?.get(calendarServer('getctag')));
    server.behave({ ctag: false });
    expect((await row())?.size).toBe(1);
  });

  test('without data name the etag alone', async () => {
    await put('a.ics', EVENT('1'));
    server.behave({ sync: 'no-data' });
    expect([...(rowsOf(await syncSince(server, work, ''))[0]?.properties.keys() ?? [])]).toEqual([dav('getetag')]);
  });

  test('since a token that nobody knows are an error, everything, or nothing', async () => {
    await put('a.ics', EVENT('1'));
    const outcome = async () => {
      const answer = await syncSince(server, work, 'data:,77-1');
      return answer.status === 207 ? rowsOf(answer).length : answer.status;
    };
    const outcomes = [];
    for (const badToken of [403, 409, 410, 500, 'full-list', 'no-changes'] as const) {
      server.behave({ badToken });
      outcomes.push(await outcome());
    }
    expect(outcomes).toEqual([403, 409, 410, 500, 1, 0]);
  });

  test('told in seconds are told again while their second lasts', async () => {
    server.behave({ tokens: 'seconds' });
    expect(tokenOf(await syncSince(server, work, ''))).toBe('-1');
    await put('a.ics', EVENT('1'));
    const first = await syncSince(server, work, '-1');
    expect([rowsOf(first).length, tokenOf(first)]).toEqual([1, '999']);
    nowS = 1001;
    const second = await syncSince(server, work, '999');
    expect([rowsOf(second).length, tokenOf(second)]).toEqual([1, '1000']);
    expect(rowsOf(await syncSince(server, work, '1000'))).toHaveLength(0);
  });

  test('come in pages that nobody asked for, old deletions may be among them, and a limit may not count', async () => {
    for (const n of [1, 2, 3]) server.content.put(`${work}${n}.ics`, EVENT(`${n}`));
    server.content.remove(`${work}2.ics`);
    server.behave({ initialSyncListsDeleted: true, honoursLimit: false });
    expect(rowsOf(await syncSince(server, work, '', 1))).toHaveLength(3);
    server.behave({ syncPageSize: 2 });
    expect(rowsOf(await syncSince(server, work, '')).map(({ status }) => status.slice(9, 12))).toEqual([
      '200',
      '200',
      '507',
    ]);
  });

  test('a listing may be cut, and say so', async () => {
    for (const n of [1, 2, 3]) server.content.put(`${work}${n}.ics`, EVENT(`${n}`));
    server.behave({ listingLimit: 2 });
    const rows = rowsOf(await propfind(server, work, { depth: '1', names: [dav('getetag')] }));
    expect(rows.map(({ href }) => href.slice(work.length))).toEqual(['', '1.ics', '2.ics', '']);
    expect(rows.at(-1)?.status).toContain(' 507 ');
  });
});

test('hrefs are written in many ways', async () => {
  server.content.put(`${work}é@b.ics`, EVENT('1'));
  const written = [];
  for (const hrefs of ['canonical', 'bare', 'lower-case', 'absolute'] as const) {
    server.behave({ hrefs });
    written.push(rowsOf(await propfind(server, work, { depth: '1', names: [dav('getetag')] }))[1]?.href);
  }
  const canonical = `${work}%C3%A9%40b.ics`;
  expect(written).toEqual([
    canonical,
    `${work}%C3%A9@b.ics`,
    `${work}%c3%a9%40b.ics`,
    server.url.slice(0, -1) + canonical,
  ]);
});

test('errors may come within a 207', async () => {
  server.behave({ errors: 'multistatus' });
  const refused = await put('a.ics', 'garbage');
  expect([refused.status, has(refused, caldav('valid-calendar-data'))]).toEqual([207, true]);
  expect(rowsOf(refused)[0]).toMatchObject({ href: `http%3A//${work}a.ics`, status: expect.stringContaining(' 403 ') });
  const missing = await propfind(server, '/alice/calendars/none/', { depth: '0', names: [] });
  expect([missing.status, rowsOf(missing)[0]?.status]).toEqual([207, expect.stringContaining(' 404 ')]);
});

test('collections may forget the properties that they were made with, or refuse them', async () => {
  const prop = '<D:set><D:prop><D:displayname>Home</D:displayname></D:prop></D:set>';
  const make = (id: string) =>
    ask(server, {
      method: 'MKCALENDAR',
      path: `/alice/calendars/${id}/`,
      body: xmlDocument(caldav('mkcalendar'), prop),
    });
  server.behave({ forgetsPropertiesOnCreation: true });
  expect((await make('one')).status).toBe(201);
  expect(server.content.property('/alice/calendars/one/', 'displayname')).toBeUndefined();
  server.behave({ refusedProperties: ['displayname'] });
  expect((await make('two')).status).toBe(424);
  expect(server.content.collections()).toHaveLength(2);
});

test.each(['missing', 'html'] as const)('the well-known address may be %s', async (wellKnown) => {
  server.behave({ wellKnown });
  const answer = await ask(server, { method: 'PROPFIND', path: '/.well-known/caldav', headers: { Depth: '0' } });
  expect(answer.status).toBe(wellKnown === 'html' ? 200 : 404);
});

test('connections may be closed after each answer', async () => {
  server.behave({ closesConnections: true });
  expect((await get()).headers.get('connection')).toBe('close');
});

const get = () => ask(server, { method: 'GET', path: `${work}a.ics` });
