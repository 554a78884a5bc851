import { execFileSync, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withLock } from '../../src/system/lock.ts';
import { itemText } from '../support/item-text.ts';
import { canListenToNotifications, listenToNotifications } from '../support/notify-listener.ts';
import { Machine } from './program.ts';
import { type RunningDaemon, spawnDaemon, startDaemon } from './running-daemon.ts';

let machine: Machine;
const daemons: RunningDaemon[] = [];

beforeEach(async () => {
  machine = await Machine.make();
  for (const folder of ['one/home', 'two/home']) await mkdir(machine.path(folder), { recursive: true });
  await machine.configure(twoDirectories());
});
afterEach(async () => {
  for (const { child, ended } of daemons.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await machine.remove();
});

const twoDirectories = (more = ''): string => `
storage one {
  type "vdir/icalendar"
  path ${JSON.stringify(machine.path('one'))}
  ${more}
}
storage two {
  type "vdir/icalendar"
  path ${JSON.stringify(machine.path('two'))}
  ${more}
}
pair work { storage_a one; storage_b two; collections all }
`;
const write = (uid: string): Promise<void> =>
  writeFile(machine.path(`one/home/${uid}.ics`), itemText('calendar', uid, uid));
const untilSynced = (count: number): Promise<void> =>
  expect.poll(async () => (await machine.items('two/home')).size, { timeout: 20_000, interval: 20 }).toBe(count);

test('A10 waits where another process runs the pair, and goes on afterwards', async () => {
  const daemon = await startDaemon(machine);
  daemons.push(daemon);
  await withLock(machine.path('status/work.lock'), { waitMs: 5000, onWait: () => undefined }, async () => {
    await write('one');
    await daemon.untilLogged(new RegExp(`info: work: waits for process ${process.pid}, which runs this pair`));
  });
  await untilSynced(1);
});

test.skipIf(!canLimitWatches())(
  'J6 looks each interval where the system has no watches left, and says so once (skipped without user namespaces)',
  async () => {
    await machine.configure(twoDirectories('interval 1'));
    for (const name of ['a', 'b', 'c', 'd']) await mkdir(machine.path('one', name));
    const command = 'echo 3 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"';
    const args = [process.execPath, machine.main, '-c', machine.path('pimsync.conf'), 'daemon'];
    const child = spawn('unshare', ['-Ur', 'sh', '-c', command, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    try {
      await expect
        .poll(() => log, { timeout: 20_000 })
        .toMatch(/one: the system has no watches left; raise fs.inotify/);
      await write('one');
      await untilSynced(1);
      await write('two');
      await untilSynced(2);
      expect(log.match(/one: the system has no watches left/g)).toHaveLength(1);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

function canLimitWatches(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'sh', '-c', 'echo 3 > /proc/sys/user/max_inotify_watches'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && ('code' in error || 'status' in error)) return false;
    throw error;
  }
}

test('begins the lines of its log with their priority where that is the journal', async () => {
  const path = machine.path('journal');
  const journal = openSync(path, 'w');
  const { dev, ino } = fstatSync(journal);
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.path('home'), JOURNAL_STREAM: `${dev}:${ino}` };
  const args = [machine.main, '-c', machine.path('pimsync.conf'), '-v', 'info', 'daemon'];
  await write('one');
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', journal] });
  try {
    await untilSynced(1);
    await expect.poll(() => readFile(path, 'utf8')).toMatch(/^<6>info: work\/home: created "one" \(one\) on two$/m);
    expect(await readFile(path, 'utf8')).toMatch(/^(<[3-7]>.*\n)+$/);
  } finally {
    child.kill('SIGKILL');
    closeSync(journal);
  }
});

describe.skipIf(!canListenToNotifications())('systemd (skipped without systemd-notify and python3)', () => {
  test('is told that the daemon is up, reads its configuration again, lives, and ends', async () => {
    const manager = await listenToNotifications();
    try {
      const env = { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: '1000000' };
      const daemon = spawnDaemon(machine, { env });
      daemons.push(daemon);
      const told = async (message: string | RegExp): Promise<void> =>
        expect.poll(() => manager.messages.join('\n'), { timeout: 20_000 }).toMatch(message);
      await told(/^READY=1$/m);
      await told(/^STATUS=keeps 1 pair in sync$/m);
      await told(/WATCHDOG=1[\s\S]*WATCHDOG=1/);
      await machine.configure('nonsense');
      daemon.signal('SIGHUP');
      await told(/^RELOADING=1\|MONOTONIC_USEC=[0-9]+\n(WATCHDOG=1\n)*READY=1$/m);
      await writeFile(machine.path('one/home/cut.ics'), 'BEGIN:VCALENDAR');
      await told(/^STATUS=1 of 1 pair not in sync: work$/m);
      daemon.signal('SIGTERM');
      await told(/^STOPPING=1$/m);
      expect(await daemon.ended).toBe(0);
      await machine.configure('nonsense');
      const mistaken = spawnDaemon(machine, { env });
      daemons.push(mistaken);
      expect(await mistaken.ended).toBe(2);
    } finally {
      await manager.close();
    }
  });
});
