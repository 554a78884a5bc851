import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { itemText } from '../support/item-text.ts';
import { daemonBench, quiet, until } from './daemon-bench.ts';
import { vdirAndCalDav } from './program.ts';
import { spawnDaemon } from './running-daemon.ts';

const bench = daemonBench();

describe('the daemon is told', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s to end, and does so after the writes under way', async (signal) => {
    const { machine, server, start, write, untilSynced } = bench();
    for (let n = 0; n < 40; n += 1) await write(`item${n}`);
    server.behave({ delayMs: 50 });
    const daemon = await start();
    await until(() => server.requests.filter(({ method }) => method === 'PUT').length > 10);
    daemon.signal(signal);
    expect(await daemon.ended).toBe(0);
    expect(daemon.log).toContain('info: ends');
    expect(daemon.log.join('\n')).not.toMatch(/error|warning/);
    server.behave({ delayMs: 0 });
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    await untilSynced(40);
  });

  test('to end while its server hangs, and does so at once', async () => {
    const { server, start } = bench();
    server.fault({ effect: 'hang' });
    const daemon = await start();
    await until(() => server.requests.length > 0);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('to end while a write hangs, and does not wait for it for ever', async () => {
    const { server, start, write } = bench();
    await write('one');
    server.fault({ method: 'PUT', effect: 'apply-then-hang' });
    const daemon = await start();
    await until(() => server.requests.some(({ method }) => method === 'PUT'));
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('twice to end, and does so in the middle of a write', async () => {
    const { server, start, write } = bench();
    await write('one');
    server.fault({ method: 'PUT', effect: 'hang' });
    const daemon = await start();
    await until(() => server.requests.some(({ method }) => method === 'PUT'));
    daemon.signal('SIGTERM');
    await quiet(200);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('by SIGHUP to read the configuration, and goes on with the old one where the new one has mistakes', async () => {
    const { machine, server, start, write, untilSynced } = bench();
    const daemon = await start();
    await machine.configure('nonsense\n');
    daemon.signal('SIGHUP');
    await daemon.untilLogged(/goes on with the configuration that it has/);
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
    await daemon.untilLogged(/read the configuration again/);
    await daemon.untilLogged(/keeps 2 pairs/);
    await until(() => server.content.items(contacts).size === 1);
    await machine.configure('');
    daemon.signal('SIGHUP');
    await daemon.untilLogged(/keeps 0 pairs/);
    await untilSynced(1);
    expect(server.content.items(contacts).size).toBe(1);
  });

  test('by SIGUSR1 to sync everything', async () => {
    const { server, calendar, start, untilSynced } = bench();
    const daemon = await start();
    await quiet();
    server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
    daemon.signal('SIGUSR1');
    await untilSynced(1);
  });
});

describe('J2 a password', () => {
  beforeEach(async () => {
    const { machine, server, write } = bench();
    server.behave({ credentials: { username: 'alice', password: 'right' } });
    const remote = `username alice\n password { shell "echo run >> runs; cat password" }`;
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote }));
    await write('one');
  });
  /** How often it was fetched. */
  const runs = async (): Promise<number> =>
    (await readFile(bench().machine.path('runs'), 'utf8')).trim().split('\n').length;

  test('that cannot be had is fetched again later, and at once by SIGUSR1', async () => {
    const { machine, server, start, untilSynced } = bench();
    const daemon = await start();
    expect(await daemon.ready).toBe('READY=1\n');
    await daemon.untilLogged(/could not get "password" of storage "remote"/);
    expect(await runs()).toBe(1);
    expect(server.requests).toEqual([]);
    await writeFile(machine.path('password'), 'right\n');
    daemon.signal('SIGUSR1');
    await untilSynced(1);
    expect(await runs()).toBe(2);
    await daemon.untilLogged(/over: work: could not get/);
  });

  test('that is refused is fetched once more, and tried if it is another one', async () => {
    const { machine, server, start, write, untilSynced } = bench();
    await writeFile(machine.path('password'), 'wrong\n');
    const daemon = await start();
    await daemon.untilLogged(/\(401\)/);
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
    const { machine } = bench();
    const ended = await machine.run('daemon', '-r', descriptor);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(message);
  });

  test('3 that nobody opened is refused', async () => {
    const { machine } = bench();
    const ended = await machine.run('daemon', '-r', '3');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/file descriptor 3 is not open/);
  });

  test('is told nothing where the configuration has mistakes', async () => {
    const { machine, adopt } = bench();
    await machine.configure('nonsense');
    const daemon = adopt(spawnDaemon(machine, { args: ['-r', '3'] }));
    expect(await daemon.ended).toBe(2);
    expect(await daemon.ready).toBe('');
  });
});
