import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from './dav-server/dav-server.ts';
import {
  ask,
  CARD,
  EVENT,
  has,
  multiget,
  prop,
  propfind,
  rowsOf,
  syncSince,
  tokenOf,
} from './dav-server/raw-client.ts';
import { appleIcal, caldav, calendarServer, carddav, dav } from './dav-server/xml-names.ts';
import { descendants } from './dav-server/xml-reader.ts';
import { element, xmlDocument } from './dav-server/xml-writer.ts';

let server: DavServer;
let work: string;

beforeEach(async () => {
  server = await startDavServer();
  work = server.content.addCalendar('work', { displayname: 'Work & <play>' });
});
afterEach(() => server.close());

describe('discovery', () => {
  test.each(['caldav', 'carddav'])('the well-known address of %s leads to the root', async (name) => {
    const answer = await ask(server, { method: 'PROPFIND', path: `/.well-known/${name}`, headers: { Depth: '0' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/']);
  });

  test('leads from the root to the principal, to the home sets, to the collections', async () => {
    server.content.addAddressBook('friends');
    const root = await propfind(server, '/', { depth: '0', names: [dav('current-user-principal')] });
    expect(hrefsIn(root.xml, dav('current-user-principal'))).toEqual(['/alice/']);
    const names = [caldav('calendar-home-set'), carddav('addressbook-home-set')];
    const principal = await propfind(server, '/alice/', { depth: '0', names });
    expect(names.map((name) => hrefsIn(principal.xml, name))).toEqual([['/alice/calendars/'], ['/alice/contacts/']]);
    for (const [home, path] of [
      ['/alice/calendars/', work],
      ['/alice/contacts/', '/alice/contacts/friends/'],
    ] as const) {
      const listing = await propfind(server, home, { depth: '1', names: [dav('resourcetype')] });
      expect(rowsOf(listing).map(({ href }) => href)).toEqual([home, path]);
    }
  });

  test('a flat layout has its collections below the principal, and one of several homes has them too', async () => {
    for (const layout of ['flat', 'several'] as const) {
      const other = await startDavServer({ layout });
      try {
        const home = other.layout.calendarHomes.at(-1) ?? '';
        other.content.addCalendar(`${home}more`);
        const principal = await propfind(other, '/alice/', { depth: '0', names: [caldav('calendar-home-set')] });
        expect(hrefsIn(principal.xml, caldav('calendar-home-set'))).toEqual(other.layout.calendarHomes);
        const listing = await propfind(other, home, { depth: '1', names: [dav('resourcetype')] });
        expect(rowsOf(listing).at(-1)?.href).toBe(`${home}more/`);
      } finally {
        await other.close();
      }
    }
  });

  test('a password is asked for and compared as UTF-8', async () => {
    server.behave({ credentials: { username: 'alice', password: 'pässwörd' } });
    const status = async (password: string) => {
      const Authorization = `Basic ${Buffer.from(`alice:${password}`, 'utf8').toString('base64')}`;
      return (await ask(server, { method: 'PROPFIND', path: '/', headers: { Depth: '0', Authorization } })).status;
    };
    expect([await status('pässwörd'), await status('wrong')]).toEqual([207, 401]);
    const challenge = await ask(server, { method: 'GET', path: '/' });
    expect([challenge.status, challenge.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic /),
    ]);
  });
});

describe('properties', () => {
  test('come with 200 where they are there and 404 where not, escaped', async () => {
    const names = [dav('displayname'), calendarServer('getctag'), dav('sync-token'), appleIcal('calendar-color')];
    const answer = await propfind(server, work, { depth: '0', names });
    const [row] = rowsOf(answer);
    expect(row?.properties.get(dav('displayname'))).toBe('Work & <play>');
    expect([...(row?.properties.keys() ?? [])]).toEqual(names.slice(0, 3));
    expect(answer.text).toContain('404 Not Found');
  });

  test('are set, removed, and refused together', async () => {
    const colour = appleIcal('calendar-color');
    const odd = '{urn:example:odd}thing';
    expect(
      (
        await proppatch({
          set: [
            [colour, '#ff0000'],
            [odd, 'a "<b>" & c'],
          ],
        })
      ).status,
    ).toBe(207);
    const both = await propfind(server, work, { depth: '0', names: [colour, odd] });
    expect([...(rowsOf(both)[0]?.properties.values() ?? [])]).toEqual(['#ff0000', 'a "<b>" & c']);
    expect(server.content.property(work, 'color')).toBe('#ff0000');

    const refused = await proppatch({
      set: [
        [colour, 'blue'],
        [dav('getetag'), 'x'],
      ],
    });
    expect([refused.text.includes(' 403 '), refused.text.includes(' 424 ')]).toEqual([true, true]);
    expect(server.content.property(work, 'color')).toBe('#ff0000');

    await proppatch({ remove: [colour] });
    expect(server.content.property(work, 'color')).toBeUndefined();
  });

  test('an infinite depth is refused, and so is what is no XML', async () => {
    expect((await ask(server, { method: 'PROPFIND', path: work })).status).toBe(403);
    expect((await ask(server, { method: 'PROPFIND', path: work, headers: { Depth: '0' }, body: '<a>' })).status).toBe(
      400,
    );
    const allprop = await ask(server, { method: 'PROPFIND', path: work, headers: { Depth: '1' } });
    expect(rowsOf(allprop)[0]?.properties.has(dav('resourcetype'))).toBe(true);
    expect(rowsOf(allprop)[0]?.properties.has(dav('sync-token'))).toBe(false);
  });
});

describe('collections', () => {
  test('MKCALENDAR makes a calendar with its properties, once', async () => {
    const components = element(caldav('comp'), '', ' name="VTODO"');
    const body = xmlDocument(
      caldav('mkcalendar'),
      element(
        dav('set'),
        element(
          dav('prop'),
          element(dav('displayname'), 'Tasks') + element(caldav('supported-calendar-component-set'), components),
        ),
      ),
    );
    const path = '/alice/calendars/t%20%C3%A9/';
    expect((await ask(server, { method: 'MKCALENDAR', path, body })).status).toBe(201);
    expect((await ask(server, { method: 'MKCALENDAR', path, body })).status).toBe(403);
    expect(server.content.collections().map((made) => made.path)).toEqual([work, path]);
    expect(server.content.property(path, 'displayname')).toBe('Tasks');
    expect((await ask(server, { method: 'PUT', path: `${path}a.ics`, body: EVENT('1') })).status).toBe(403);
  });

  test('extended MKCOL makes an address book, below a home only', async () => {
    const type = element(dav('resourcetype'), element(dav('collection')) + element(carddav('addressbook')));
    const body = xmlDocument(dav('mkcol'), element(dav('set'), element(dav('prop'), type)));
    const made = await ask(server, { method: 'MKCOL', path: '/alice/contacts/friends', body });
    const again = await ask(server, { method: 'MKCOL', path: '/alice/contacts/friends/', body });
    const lost = await ask(server, { method: 'MKCOL', path: '/alice/nowhere/friends/', body });
    const nested = await ask(server, { method: 'MKCOL', path: '/alice/contacts/friends/more/', body });
    expect([made.status, again.status, lost.status, nested.status]).toEqual([201, 405, 409, 403]);
    expect(server.content.collections().at(-1)).toEqual({ path: '/alice/contacts/friends/', kind: 'address-book' });
  });

  test('DELETE takes a collection with all that it holds', async () => {
    server.content.put(`${work}a.ics`, EVENT('1'));
    const first = await ask(server, { method: 'DELETE', path: work });
    const second = await ask(server, { method: 'DELETE', path: work });
    expect([first.status, second.status]).toEqual([204, 404]);
    expect(server.content.collections()).toEqual([]);
  });
});

describe('items', () => {
  test('are kept to the byte, with the etag that PUT answered', async () => {
    const path = `${work}a%20b%2Fc.ics`;
    const written = await ask(server, { method: 'PUT', path, body: EVENT('1', 'é <&> ]]>') });
    const read = await ask(server, { method: 'GET', path });
    expect([written.status, read.text]).toEqual([201, EVENT('1', 'é <&> ]]>')]);
    expect(read.headers.get('etag')).toBe(written.headers.get('etag'));
    const listed = await propfind(server, work, { depth: '1', names: [dav('getetag')] });
    expect(rowsOf(listed)[1]?.properties.get(dav('getetag'))).toBe(written.headers.get('etag'));
    expect(rowsOf(listed)[1]?.href).toBe(path);
    const head = await ask(server, { method: 'HEAD', path });
    expect([head.status, head.text]).toEqual([200, '']);
    const etag = written.headers.get('etag') ?? '';
    expect((await ask(server, { method: 'GET', path, headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  test('are written under their preconditions only', async () => {
    const path = `${work}a.ics`;
    const status = async (method: string, headers: Record<string, string>, body?: string) =>
      (await ask(server, { method, path, headers, ...(body === undefined ? {} : { body }) })).status;
    expect(await status('PUT', { 'If-Match': '"x"' }, EVENT('1'))).toBe(412);
    expect(await status('PUT', { 'If-None-Match': '*' }, EVENT('1'))).toBe(201);
    expect(await status('PUT', { 'If-None-Match': '*' }, EVENT('1', 'new'))).toBe(412);
    const etag = (await ask(server, { method: 'GET', path })).headers.get('etag') ?? '';
    expect(await status('PUT', { 'If-Match': etag }, EVENT('1', 'new'))).toBe(204);
    expect(await status('PUT', { 'If-Match': etag }, EVENT('1', 'newer'))).toBe(412);
    expect(await status('DELETE', { 'If-Match': etag })).toBe(412);
    expect(server.content.text(path)).toBe(EVENT('1', 'new'));
    expect(await status('DELETE', { 'If-Match': '*' })).toBe(204);
    expect(await status('DELETE', {})).toBe(404);
  });

  test('are refused where they cannot be', async () => {
    server.content.setWritable(server.content.addCalendar('shared'), false);
    const status = async (path: string, body: string | Uint8Array) =>
      (await ask(server, { method: 'PUT', path, body })).status;
    expect(await status(`${work}a.ics`, 'garbage')).toBe(403);
    expect(await status(`${work}a.ics`, EVENT('1').slice(0, 60))).toBe(403);
    expect(await status(`${work}a.ics`, CARD('1'))).toBe(403);
    expect(await status(`${work}a.ics`, Buffer.from(EVENT('1', 'é'), 'latin1'))).toBe(400);
    expect(await status('/alice/calendars/none/a.ics', EVENT('1'))).toBe(409);
    expect(await status('/alice/calendars/a.ics', EVENT('1'))).toBe(403);
    expect(await status(work, EVENT('1'))).toBe(405);
    expect(await status('/alice/calendars/shared/a.ics', EVENT('1'))).toBe(403);
    expect(server.content.items(work).size).toBe(0);
  });

  test('of one address written at the same time are one winner and the others refused', async () => {
    const create = { method: 'PUT', path: `${work}a.ics`, headers: { 'If-None-Match': '*' } };
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => ask(server, { ...create, body: EVENT('1', `${n}`) })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412, 412]);
  });
});

describe('reports', () => {
  test('multiget answers each href, with 404 for what is gone', async () => {
    server.content.put(`${work}a%20b.ics`, EVENT('1', 'x & y'));
    const answer = await multiget(server, work, [
      `${work}gone.ics`,
      `${work}a%20b.ics`,
      `${server.url.slice(0, -1)}${work}a b.ics`,
    ]);
    const rows = rowsOf(answer);
    expect(rows.map(({ href }) => href)).toEqual([`${work}gone.ics`, `${work}a%20b.ics`, `${work}a%20b.ics`]);
    expect(rows[0]?.status).toContain(' 404 ');
    expect(rows[1]?.properties.get(caldav('calendar-data'))).toBe(EVENT('1', 'x & y').replaceAll('\r\n', '\n'));
    server.behave({ carriageReturns: 'reference' });
    const exact = rowsOf(await multiget(server, work, [`${work}a%20b.ics`]));
    expect(exact[0]?.properties.get(caldav('calendar-data'))).toBe(EVENT('1', 'x & y'));
  });

  test('a query answers all items of a component', async () => {
    server.content.put(`${work}a.ics`, EVENT('1'));
    server.content.put(`${work}b.ics`, EVENT('2').replaceAll('VEVENT', 'VTODO'));
    const inner = (name: string) => element(caldav('comp-filter'), '', ` name="${name}"`);
    const filter = (name: string) =>
      element(caldav('filter'), element(caldav('comp-filter'), name === '' ? '' : inner(name), ' name="VCALENDAR"'));
    const names = async (name: string) => {
      const body = xmlDocument(caldav('calendar-query'), prop([dav('getetag')]) + filter(name));
      return rowsOf(await ask(server, { method: 'REPORT', path: work, body })).map(({ href }) =>
        href.slice(work.length),
      );
    };
    expect([await names(''), await names('VTODO')]).toEqual([['a.ics', 'b.ics'], ['b.ics']]);
    const friends = server.content.addAddressBook('friends');
    server.content.put(`${friends}a.vcf`, CARD('1'));
    const body = xmlDocument(carddav('addressbook-query'), prop([carddav('address-data')]));
    const cards = rowsOf(await ask(server, { method: 'REPORT', path: friends, body }));
    expect(cards[0]?.properties.get(carddav('address-data'))).toContain('FN:A B');
    expect((await ask(server, { method: 'REPORT', path: work, body })).status).toBe(403);
  });

  test('sync-collection tells what changed since a token, and nothing twice', async () => {
    server.content.put(`${work}a.ics`, EVENT('1'));
    server.content.put(`${work}b.ics`, EVENT('2'));
    const first = await syncSince(server, work, '');
    expect(rowsOf(first).map(({ href, properties }) => [href, properties.size])).toEqual([
      [`${work}a.ics`, 2],
      [`${work}b.ics`, 2],
    ]);
    expect(rowsOf(await syncSince(server, work, tokenOf(first)))).toEqual([]);
    server.content.remove(`${work}a.ics`);
    server.content.put(`${work}b.ics`, EVENT('2', 'new'));
    server.content.put(`${work}c.ics`, EVENT('3'));
    server.content.remove(`${work}c.ics`);
    const second = await syncSince(server, work, tokenOf(first));
    expect(rowsOf(second).map(({ href, status }) => [href.slice(work.length), status.slice(9, 12)])).toEqual([
      ['a.ics', '404'],
      ['b.ics', '200'],
      ['c.ics', '404'],
    ]);
    const listed = await propfind(server, work, { depth: '0', names: [dav('sync-token')] });
    expect(rowsOf(listed)[0]?.properties.get(dav('sync-token'))).toBe(tokenOf(second));
  });

  test('sync-collection comes in pages, the last of which does not ask for more', async () => {
    for (const n of [1, 2, 3, 4, 5]) server.content.put(`${work}${n}.ics`, EVENT(`${n}`));
    const seen: string[] = [];
    const pages: number[] = [];
    let token = '';
    do {
      const page = await syncSince(server, work, token, 2);
      const rows = rowsOf(page);
      const items = rows.filter(({ href }) => href !== work);
      seen.push(...items.map(({ href }) => href.slice(work.length)));
      pages.push(rows.length - items.length);
      token = tokenOf(page);
    } while (pages.at(-1) === 1);
    expect([seen, pages]).toEqual([
      ['1.ics', '2.ics', '3.ics', '4.ics', '5.ics'],
      [1, 1, 0],
    ]);
  });

  test('a token of another collection, or of one that was made anew, is refused', async () => {
    const token = tokenOf(await syncSince(server, work, ''));
    server.content.removeCollection(work);
    server.content.addCalendar('work');
    for (const bad of [token, 'data:,9-9', 'x']) {
      const answer = await syncSince(server, work, bad);
      expect([answer.status, has(answer, dav('valid-sync-token'))]).toEqual([403, true]);
    }
  });
});

test('requests are counted, with what they asked and what they cost', async () => {
  await propfind(server, work, { depth: '1', names: [dav('getetag')] });
  await ask(server, { method: 'PUT', path: `${work}a.ics`, body: EVENT('1') });
  const requests = server.takeRequests();
  expect(requests.map(({ method, path, depth, root, status }) => [method, path, depth, root, status])).toEqual([
    ['PROPFIND', work, '1', 'propfind', 207],
    ['PUT', `${work}a.ics`, undefined, undefined, 201],
  ]);
  expect(requests[1]?.bytesReceived).toBe(EVENT('1').length);
  expect(server.requests).toEqual([]);
});

function hrefsIn(xml: Parameters<typeof descendants>[0] | undefined, name: string): readonly string[] {
  const [property] = xml === undefined ? [] : descendants(xml, name);
  return property?.children.map(({ text }) => text) ?? [];
}

async function proppatch(changes: {
  readonly set?: readonly (readonly [string, string])[];
  readonly remove?: readonly string[];
}) {
  const set = (changes.set ?? []).map(([name, value]) =>
    element(name, value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')),
  );
  const remove = (changes.remove ?? []).map((name) => element(name));
  const inner = [
    ...(set.length > 0 ? [element(dav('set'), element(dav('prop'), set.join('')))] : []),
    ...(remove.length > 0 ? [element(dav('remove'), element(dav('prop'), remove.join('')))] : []),
  ].join('');
  return ask(server, { method: 'PROPPATCH', path: work, body: xmlDocument(dav('propertyupdate'), inner) });
}
