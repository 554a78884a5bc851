import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { forEachAtOnce } from '../../src/system/pool.ts';
import { type CountingProxy, startCountingProxy } from '../support/counting-proxy.ts';
import { startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { installed, startRealServer } from '../support/real-servers.ts';
import { Machine, vdirAndCalDav } from './program.ts';

/** A server that another client changes, too. */
interface Site {
  readonly proxy: CountingProxy;
  /** Directives of its storage. */
  readonly directives: string;
  readonly calendar: (id: string) => Promise<string>;
  readonly put: (path: string, text: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function testServer(): Promise<Site> {
  const server = await startDavServer();
  const proxy = await startCountingProxy(server.url);
  return {
    proxy,
    directives: '',
    calendar: async (id) => server.content.addCalendar(id),
    put: async (path, text) => server.content.put(path, text),
    remove: async (path) => server.content.remove(path),
    close: async () => {
      await proxy.close();
      await server.close();
    },
  };
}

async function realServer(name: 'radicale' | 'xandikos'): Promise<Site> {
  const server = await startRealServer(name);
  const proxy = await startCountingProxy(server.url);
  const { username, password } = server;
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const headers: Record<string, string> = username === undefined ? {} : { authorization: `Basic ${basic}` };
  const ask = async (method: string, path: string, text?: string): Promise<void> => {
    const { origin } = new URL(server.url);
    const type = { 'content-type': 'text/calendar; charset=utf-8' };
    const body = text === undefined ? null : text;
    const answer = await fetch(origin + path, {
      method,
      headers: { ...headers, ...(body === null ? {} : type) },
      body,
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  };
  const home = name === 'radicale' ? '/alice/' : '/alice/calendars/';
  return {
    proxy,
    directives: username === undefined ? '' : `username ${username}; password ${password}`,
    calendar: async (id) => {
      await ask('MKCALENDAR', `${home}${id}/`);
      return `${home}${id}/`;
    },
    put: (path, text) => ask('PUT', path, text),
    remove: (path) => ask('DELETE', path),
    close: async () => {
      await proxy.close();
      await server.stop();
    },
  };
}

const text = (uid: string, title = uid): string => itemText('calendar', uid, title);

const withoutItems = (requests: readonly string[]): string =>
  requests.filter((each) => !each.endsWith('.ics')).join('\n');

/** Where the report of changes brings no items, what a server made of ours is one more request. */
describe.each([
  ['the test server', true, 0, [10, 200], testServer],
  ['Radicale', installed('radicale'), 0, [10, 200], () => realServer('radicale')],
  ['Xandikos', installed('xandikos'), 1, [10], () => realServer('xandikos')],
] as const)('requests to %s', (_, isThere, readingBack, sizes, start) => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function begin() {
    const site = await start();
    const machine = await Machine.make();
    opened.push(site, { close: () => machine.remove() });
    await mkdir(machine.path('calendars'));
    await machine.configure(vdirAndCalDav(machine.path('calendars'), site.proxy.url, { remote: site.directives }));
    const file = (name: string): string => machine.path('calendars', 'home', `${name}.ics`);
    /** The requests of one run, which must end well. */
    const sync = async (): Promise<readonly string[]> => {
      site.proxy.take();
      const ended = await machine.run('sync');
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      return site.proxy.take();
    };
    return { site, machine, file, sync };
  }

  test.runIf(isThere)('are one where there is nothing to do, whatever the number of collections', async () => {
    const { site, sync } = await begin();
    for (let n = 0; n < 5; n += 1) {
      const calendar = await site.calendar(`calendar${n}`);
      await site.put(`${calendar}one.ics`, text('one'));
    }
    await sync();
    expect(await sync()).toHaveLength(1);
    expect(await sync()).toHaveLength(1);
  });

  test.runIf(isThere)('are three at most for one change', async () => {
    const { site, file, sync } = await begin();
    const calendar = await site.calendar('home');
    for (const name of ['one', 'two', 'three', 'four']) await site.put(`${calendar}${name}.ics`, text(name));
    await sync();
    const counts = new Map<string, readonly string[]>();
    const count = async (what: string): Promise<void> => {
      counts.set(what, await sync());
      expect(await sync(), `after: ${what}`).toHaveLength(1);
    };
    await site.put(`${calendar}one.ics`, text('one', 'One edited'));
    await count('edited there');
    await site.put(`${calendar}five.ics`, text('five'));
    await count('created there');
    await site.remove(`${calendar}two.ics`);
    await count('deleted there');
    await writeFile(file('one'), text('one', 'One edited again'));
    await count('edited here');
    await writeFile(file('six'), text('six'));
    await count('created here');
    await unlink(file('three'));
    await count('deleted here');
    const allowed = (what: string): number => (/^(edited|created) here$/.test(what) ? 3 + readingBack : 3);
    const tooMany = [...counts].filter(([what, requests]) => requests.length > allowed(what));
    expect(Object.fromEntries(tooMany)).toEqual({});
  });

  test.runIf(isThere).each(sizes)('for a first download of %i items are few', async (n) => {
    const { site, machine, sync } = await begin();
    const calendar = await site.calendar('home');
    const indexes = Array.from({ length: n }, (_, index) => index);
    await forEachAtOnce(indexes, 8, (index) => site.put(`${calendar}item${index}.ics`, text(`item${index}`)));
    const requests = await sync();
    expect((await machine.items('calendars', 'home')).size).toBe(n);
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(5 + n / 50);
  });

  test.runIf(isThere).each(sizes)('for a first upload of %i items are one each, several at once', async (n) => {
    const { site, file, machine } = await begin();
    await site.calendar('home');
    await mkdir(machine.path('calendars', 'home'));
    for (let index = 0; index < n; index += 1) await writeFile(file(`item${index}`), text(`item${index}`));
    site.proxy.take();
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    expect(site.proxy.mostAtOnce()).toBeGreaterThan(1);
    const requests = site.proxy.take();
    expect(requests.length, withoutItems(requests)).toBeLessThanOrEqual(5 + n + readingBack);
  });
});
