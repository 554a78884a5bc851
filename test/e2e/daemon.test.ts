import { mkdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';
import { type DaemonOptions, type RunningDaemon, spawnDaemon, startDaemon } from './running-daemon.ts';

let machine: Machine;
let server: DavServer;
let calendar: string;
const daemons: RunningDaemon[] = [];

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  calendar = server.content.addCalendar('home');
  await mkdir(machine.path('calendars/home'), { recursive: true });
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url));
});
afterEach(async () => {
  for (const { child, ended } of daemons.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await server.close();
  await machine.remove();
});

async function start(options: DaemonOptions = {}): Promise<RunningDaemon> {
  const daemon = await startDaemon(machine, options);
  daemons.push(daemon);
  return daemon;
}

const until = (what: () => unknown): Promise<void> => expect.poll(what, { timeout: 20_000, interval: 20 }).toBeTruthy();
const untilSynced = (count: number): Promise<void> =>
  until(async () => {
    const here = [...(await machine.items('calendars/home')).values()].sort();
    const there = [...server.content.items(calendar).values()].sort();
    return here.length === count && JSON.stringify(here) === JSON.stringify(there);
  });
const untilLogged = (daemon: RunningDaemon, line: RegExp): Promise<void> =>
  expect.poll(() => daemon.log.join('\n'), { timeout: 20_000, interval: 20 }).toMatch(new RegExp(line, 'm'));
const file = (uid: string): string => machine.path(`calendars/home/${uid}.ics`);
const write = (uid: string, title = uid): Promise<void> => writeFile(file(uid), itemText('calendar', uid, title));
const asked = (): readonly string[] => server.takeRequests().map(({ method, root }) => root ?? method);
/** Long enough for whatever would be noticed. */
const wait = (ms = 1600): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the daemon', () => {
  test('says that it is ready, syncs, and brings over what changes, for three requests at most', async () => {
    await write('one');
    server.content.put(`${calendar}two.ics`, itemText('calendar', 'two', 'Two'));
    const daemon = await start();
    expect(await daemon.ready).toBe('READY=1\n');
    await untilSynced(2);
    await wait();
    server.takeRequests();
    await write('one', 'Edited');
    await until(() => [...server.content.items(calendar).values()].some((text) => text.includes('Edited')));
    await wait();
    expect(asked().length).toBeLessThanOrEqual(3);
    await unlink(file('one'));
    await untilSynced(1);
    await untilLogged(daemon, /1 deleted/);
    expect(daemon.log).toEqual([
      expect.stringMatching(/keeps 1 pair in sync/),
      'info: work/home: created "one" (one) on remote',
      'info: work/home: created "Two" (two) on local',
      expect.stringMatching(
        /^info: work: 1 created on local; 1 created on remote \([0-9]+ ms, requests: 0 and [0-9]+\)$/,
      ),
      'info: work/home: updated "Edited" (one) on remote',
      expect.stringMatching(/^info: work: 1 updated on remote/),
      'info: work/home: deleted "Edited" (one) from remote',
      expect.stringMatching(/^info: work: 1 deleted on remote/),
    ]);
  });

  test('takes over what changed on the server each interval, and asks once where nothing did', async () => {
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote: 'interval 2' }));
    const daemon = await start();
    await untilLogged(daemon, /keeps 1 pair/);
    server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
    await untilSynced(1);
    await wait();
    server.takeRequests();
    await wait(4000);
    expect(new Set(asked())).toEqual(new Set(['propfind']));
  });

  test('notices new collections, and a directory that is put in the place of the watched one', async () => {
    const daemon = await start();
    await mkdir(machine.path('calendars/new'));
    await writeFile(machine.path('calendars/new/two.ics'), itemText('calendar', 'two', 'Two'));
    await untilLogged(daemon, /work\/new: created "Two"/);
    await rename(machine.path('calendars'), machine.path('old'));
    await untilLogged(daemon, /^error: work: local: there is no directory/);
    await rename(machine.path('old'), machine.path('calendars'));
    await untilLogged(daemon, /over: work: local/);
    await write('three');
    await untilLogged(daemon, /created "three"/);
    await untilSynced(1);
    expect(server.content.items(calendar).size).toBe(1);
  });

  test('does not notice what editors and programs put beside items', async () => {
    await write('one');
    await start();
    await untilSynced(1);
    await wait();
    server.takeRequests();
    for (const name of ['.one.ics.swp', '4913', 'one.ics~', '.syncthing.one.ics.tmp', '.#one.ics', 'x.tmp']) {
      const path = join(machine.path('calendars/home'), name);
      await writeFile(path, 'x');
      await unlink(path);
    }
    await wait(2500);
    expect(asked()).toEqual([]);
  });

  test('takes a file that is written slowly when it is whole', async () => {
    const daemon = await start();
    const text = itemText('calendar', 'slow', 'Slow');
    await writeFile(file('slow'), text.slice(0, 60));
    await untilLogged(daemon, /warning: work\/home: held the item at slow.ics/);
    await writeFile(file('slow'), text);
    await untilSynced(1);
    await untilLogged(daemon, /warning: over: work\/home: held the item at slow.ics/);
  });

  test('is one for a status, and leaves room for other commands', async () => {
    const daemon = await start();
    const other = await machine.run('daemon');
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(new RegExp(`another daemon runs already \\(process ${daemon.child.pid}\\)`));
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
    const next = await start();
    expect(await next.ready).toBe('READY=1\n');
  });

  test('goes on when nobody reads its log any more', async () => {
    const daemon = await start();
    daemon.child.stderr?.destroy();
    for (const uid of ['one', 'two', 'three']) {
      await write(uid);
      await until(() => [...server.content.items(calendar).values()].some((text) => text.includes(`UID:${uid}`)));
    }
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('J1 starts without its server, says so once, and when it is there', async () => {
    server.fault({ effect: 'cut-before' });
    await write('one');
    const daemon = await start();
    expect(await daemon.ready).toBe('READY=1\n');
    await untilLogged(daemon, /warning: work: remote: /);
    for (const _ of [1, 2]) {
      daemon.signal('SIGUSR1');
      await wait(300);
    }
    server.clearFaults();
    daemon.signal('SIGUSR1');
    await untilSynced(1);
    await untilLogged(daemon, /over/);
    expect(daemon.log.filter((line) => /could not/.test(line))).toEqual([
      expect.stringMatching(/^warning: work: remote: /),
      expect.stringMatching(/^warning: over: work: remote: /),
    ]);
  });
});

describe('the daemon is told', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s to end, and does so after the writes under way', async (signal) => {
    for (let n = 0; n < 40; n += 1) await write(`item${n}`);
    server.behave({ delayMs: 50 });
    const daemon = await start();
    await until(() => server.requests.filter(({ method }) => method === 'PUT').length > 10);
    daemon.signal(signal);
    expect(await daemon.ended).toBe(0);
    expect(daemon.log).toContain('info: ends');
    expect(daemon.log.join('\n')).not.toMatch(/error/);
    server.behave({ delayMs: 0 });
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    await untilSynced(40);
  });

  test('to end while its server hangs, and does so at once', async () => {
    server.fault({ effect: 'hang' });
    const daemon = await start();
    await until(() => server.requests.length > 0);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('twice to end, and does so in the middle of a write', async () => {
    await write('one');
    server.fault({ method: 'PUT', effect: 'hang' });
    const daemon = await start();
    await until(() => server.requests.some(({ method }) => method === 'PUT'));
    daemon.signal('SIGTERM');
    await wait(200);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('by SIGHUP to read the configuration, and goes on with the old one where the new one has mistakes', async () => {
    const daemon = await start();
    await machine.configure('nonsense\n');
    daemon.signal('SIGHUP');
    await untilLogged(daemon, /goes on with the configuration that it has/);
    expect(daemon.log.join('\n')).toMatch(/pimsync\.conf:2:1: unknown directive "nonsense"/);
    await write('one');
    await untilSynced(1);

    const contacts = server.content.addAddressBook('people');
    await mkdir(machine.path('contacts/people'), { recursive: true });
    await writeFile(machine.path('contacts/people/a.vcf'), itemText('address-book', 'a', 'A'));
    await machine.configure(
      `${vdirAndCalDav(machine.path('calendars'), server.url)}
       storage cards { type "vdir/vcard"; path ${JSON.stringify(machine.path('contacts'))} }
       storage book { type carddav; url ${JSON.stringify(server.url)} }
       pair people { storage_a cards; storage_b book; collections all }`,
    );
    daemon.signal('SIGHUP');
    await untilLogged(daemon, /read the configuration again/);
    await untilLogged(daemon, /keeps 2 pairs/);
    await until(() => server.content.items(contacts).size === 1);
    await machine.configure('');
    daemon.signal('SIGHUP');
    await untilLogged(daemon, /keeps 0 pairs/);
    await untilSynced(1);
    expect(server.content.items(contacts).size).toBe(1);
  });

  test('by SIGUSR1 to sync everything', async () => {
    const daemon = await start();
    await wait();
    server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
    daemon.signal('SIGUSR1');
    await untilSynced(1);
  });
});

describe('J2 a password', () => {
  beforeEach(async () => {
    server.behave({ credentials: { username: 'alice', password: 'right' } });
    const remote = `username alice\n password { shell "echo run >> runs; cat password" }`;
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote }));
    await write('one');
  });
  const runs = async (): Promise<number> => {
    const { readFile } = await import('node:fs/promises');
    return (await readFile(machine.path('runs'), 'utf8')).trim().split('\n').length;
  };

  test('that cannot be had is fetched again later, and at once by SIGUSR1', async () => {
    const daemon = await start();
    expect(await daemon.ready).toBe('READY=1\n');
    await untilLogged(daemon, /could not get "password" of storage "remote"/);
    expect(await runs()).toBe(1);
    expect(server.requests).toEqual([]);
    await writeFile(machine.path('password'), 'right\n');
    daemon.signal('SIGUSR1');
    await untilSynced(1);
    expect(await runs()).toBe(2);
    await untilLogged(daemon, /over: work: could not get/);
  });

  test('that is refused is fetched once more, and tried if it is another one', async () => {
    await writeFile(machine.path('password'), 'wrong\n');
    const daemon = await start();
    await untilLogged(daemon, /\(401\)/);
    await until(async () => (await runs()) === 2);
    expect(server.requests.filter(({ status }) => status === 401)).toHaveLength(1);
    await writeFile(machine.path('password'), 'right\n');
    await untilSynced(1);
    expect(await runs()).toBe(3);
    server.behave({ credentials: { username: 'alice', password: 'newer' } });
    await writeFile(machine.path('password'), 'newer\n');
    await write('two');
    await untilSynced(2);
    expect(await runs()).toBe(4);
    expect(daemon.log.join('\n')).not.toMatch(/wrong|newer/);
  });
});

describe('a descriptor', () => {
  test.each([
    ['1', /taken by the standard streams/],
    ['77', /is not open/],
    ['x', /not a number/],
  ])('%s is refused', async (descriptor, message) => {
    const ended = await machine.run('daemon', '-r', descriptor);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(message);
  });

  test('3 that nobody opened is refused', async () => {
    const ended = await machine.run('daemon', '-r', '3');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/file descriptor 3 is not open/);
  });

  test('is told nothing where the configuration has mistakes', async () => {
    await machine.configure('nonsense');
    const daemon = spawnDaemon(machine, { args: ['-r', '3'] });
    daemons.push(daemon);
    expect(await daemon.ended).toBe(2);
    expect(await daemon.ready).toBe('');
  });
});

test('a directory that is gone at the start, as an unmounted one, is waited for', async () => {
  await write('one');
  await write('two');
  await machine.run('sync');
  await rename(machine.path('calendars'), machine.path('elsewhere'));
  const daemon = await start();
  expect(await daemon.ready).toBe('READY=1\n');
  await untilLogged(daemon, /error: work: local/);
  await rename(machine.path('elsewhere'), machine.path('calendars'));
  await untilLogged(daemon, /over: work: local/);
  await untilSynced(2);
  await rm(file('one'));
  await untilSynced(1);
});
