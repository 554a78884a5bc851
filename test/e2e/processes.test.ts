import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withLock } from '../../src/system/lock.ts';
import type { DavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { DirectoryAndServer } from './directory-and-server.ts';
import { type Machine, objects, vdirAndCalDav } from './program.ts';

let both: DirectoryAndServer;
let machine: Machine;
let server: DavServer;
let calendar: string;

beforeEach(async () => {
  both = await DirectoryAndServer.make();
  ({ machine, server, calendar } = both);
});
afterEach(() => both.close());

async function fill(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await writeFile(machine.path(`calendars/home/item${n}.ics`), itemText('calendar', `item${n}`, `Item ${n}`));
  }
}

/** Each item once on both sides. */
async function expectBoth(count: number): Promise<void> {
  const here = [...(await machine.items('calendars/home')).values()].sort();
  const there = [...server.content.items(calendar).values()].sort();
  expect(here).toHaveLength(count);
  expect(there).toEqual(here);
}

/** Resolves when the server has got so many requests of a kind. */
async function requests(method: string, count: number): Promise<void> {
  await expect
    .poll(() => server.requests.filter((request) => request.method === method).length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(count);
}

describe('a process that is told to end', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends the writes under way, and the next run does the rest', async (signal, expected) => {
    await fill(60);
    server.behave({ delayMs: 50 });
    const { child, ended } = machine.start('sync', '--json');
    await requests('PUT', 10);
    child.kill(signal);
    const broken = await ended;
    expect(broken).toMatchObject({ status: expected, stderr: '' });
    const created = objects(broken, 'action').filter(({ outcome }) => outcome === 'done').length;
    expect(created).toBeLessThan(60);
    expect(server.content.items(calendar).size).toBe(created);
    expect(objects(broken, 'summary')).toMatchObject([{ outcome: 'interrupted' }]);

    server.behave({ delayMs: 0 });
    server.takeRequests();
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(60 - created);
    await expectBoth(60);
  });

  test('heeds no signal that Node would open its inspector for', async () => {
    await fill(1);
    server.behave({ delayMs: 200 });
    const { child, ended } = machine.start('sync');
    await requests('PROPFIND', 1);
    child.kill('SIGUSR1');
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
  });

  test('does not wait for a server that hangs', async () => {
    server.fault({ effect: 'hang' });
    const { child, ended } = machine.start('sync');
    await requests('PROPFIND', 1);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130 });
  });

  test('twice ends at once', async () => {
    // So long a limit that nothing but the second signal can end it.
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url).replace('"5s"', '"1h"'));
    await fill(1);
    server.fault({ method: 'PUT', effect: 'apply-then-hang' });
    const { child, ended } = machine.start('sync', '--json');
    // A request is counted when it begins; only when it is done are both sides what they will be.
    await expect.poll(() => server.content.items(calendar).size, { timeout: 20_000 }).toBe(1);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const killed = await ended;
    expect(killed).toMatchObject({ status: expect.toBeOneOf([130, 143]), stderr: '' });
    expect(objects(killed, 'summary')).toEqual([]);
    server.clearFaults();
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    await expectBoth(1);
  });

  test('SR5: by force has lost and doubled nothing', async () => {
    await fill(40);
    server.behave({ delayMs: 20 });
    const { child, ended } = machine.start('sync');
    await requests('PUT', 12);
    child.kill('SIGKILL');
    await ended;
    server.behave({ delayMs: 0 });
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    await expectBoth(40);
  });
});

describe('a second process', () => {
  const lock = (): string => machine.path('status/work.lock');

  test('waits for the first, saying so', async () => {
    await fill(1);
    let second: ReturnType<Machine['start']> | undefined;
    await withLock(lock(), { waitMs: 0, onWait: () => undefined }, async () => {
      second = machine.start('sync');
      const [said] = await once(second.child.stderr ?? second.child, 'data');
      expect(said).toBe(`work: waiting for process ${process.pid}, which runs this pair\n`);
      expect(server.requests).toHaveLength(0);
    });
    expect(await second?.ended).toMatchObject({ status: 0, stdout: expect.stringContaining('1 created on remote') });
  });

  test('gives up waiting when it is told to end', async () => {
    await withLock(lock(), { waitMs: 0, onWait: () => undefined }, async () => {
      const { child, ended } = machine.start('sync');
      await once(child.stderr ?? child, 'data');
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ status: 143 });
    });
  });

  test('may look meanwhile', async () => {
    await fill(1);
    await withLock(lock(), { waitMs: 0, onWait: () => undefined }, async () => {
      expect((await machine.run('sync', '-n')).stdout).toContain('would create "Item 0"');
      expect(await machine.run('discover')).toMatchObject({ status: 0 });
    });
  });

  test('at the same time leaves each item once', async () => {
    await fill(20);
    server.behave({ delayMs: 10 });
    const both = await Promise.all([machine.run('sync'), machine.run('sync')]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    await expectBoth(20);
  });
});

describe('a status', () => {
  test('ST4: that is damaged is told and moved aside, and the next run starts over', async () => {
    await fill(3);
    await machine.run('sync');
    const path = machine.path('status/work.status');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0x55, 0, 4096));
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^work: the status of pair "work" .* is damaged; it was moved to .*damaged-1\n {2}Run again/,
    );
    expect(await readdir(machine.path('status'))).toContain('work.status.damaged-1');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
    await expectBoth(3);
  });

  test('ST1: that is deleted makes a first run, which deletes nothing', async () => {
    await fill(2);
    await machine.run('sync');
    server.content.remove(`${calendar}item0.ics`);
    for (const name of await readdir(machine.path('status'))) await machine.removeFile('status', name);
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    await expectBoth(2);
  });

  test('S3: is for its owner only', async () => {
    await machine.run('sync');
    expect((await stat(machine.path('status'))).mode & 0o777).toBe(0o700);
    for (const name of await readdir(machine.path('status'))) {
      expect((await stat(machine.path('status', name))).mode & 0o777, name).toBe(0o600);
    }
  });

  test('that cannot be written fails the pair before anything is done', async () => {
    await fill(1);
    await writeFile(machine.path('status'), 'a file in the place of the directory');
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^work: could not lock pair "work"/);
    expect(server.requests).toHaveLength(0);
  });
});

describe('a reader that goes away', () => {
  test('does not stop the run', async () => {
    await fill(50);
    const { child, ended } = machine.start('sync');
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
    await expectBoth(50);
  });
});

describe('a bug', () => {
  test('that nobody awaited is shown, and ends the process with 1', async () => {
    server.fault({ effect: 'hang' });
    const bug = 'setTimeout(() => Promise.reject(new TypeError("stray\\x1b[2J")), 500)';
    machine.env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` };
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^TypeError: stray\\x1b\[2J\n {4}at [\s\S]*please report it, with the lines above\n$/);
  });
});

describe('a terminal', () => {
  const script = ['-qec', `"$NODE" "$MAIN" -c "$CONF" sync -i`, '/dev/null'];

  async function answer(text: string): Promise<string> {
    const { PATH = '' } = process.env;
    const env = { PATH, NODE: process.execPath, MAIN: machine.main, CONF: machine.path('pimsync.conf'), TERM: 'dumb' };
    const child = spawn('script', script, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      shown += more;
    });
    // A key that comes while the terminal changes its mode is lost: whoever gets no answer presses it again.
    const typing = setInterval(() => {
      if (/\[y\/N\]/.test(shown) && child.exitCode === null) child.stdin.write(text);
    }, 200);
    await once(child, 'close');
    clearInterval(typing);
    return shown;
  }

  test.runIf(existsSync('/usr/bin/script'))('is asked before anything is written', async () => {
    await fill(1);
    expect(await answer('n\n')).toMatch(/would create "Item 0"[\s\S]*do this\? \[y\/N\]/);
    expect(server.content.items(calendar).size).toBe(0);
    expect(await answer('\x04')).toMatch(/do this/);
    expect(server.content.items(calendar).size).toBe(0);
    expect(await answer('y\n')).toMatch(/created "Item 0"/);
    await expectBoth(1);
  });

  test('that is not there cannot be asked', async () => {
    expect(await machine.run('sync', '-i')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is none'),
    });
    expect(await machine.run('sync', '-i', '--json')).toMatchObject({ status: 2 });
  });
});
