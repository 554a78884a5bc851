import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { objects } from './program.ts';
import { TwoDirectories } from './two-directories.ts';

let two: TwoDirectories;

beforeEach(async () => {
  two = await TwoDirectories.make();
});
afterEach(() => two.machine.remove());

describe('status', () => {
  test('of a pair that was never synced says so, and makes nothing', async () => {
    const { machine } = two;
    const ended = await machine.run('status');
    expect(ended).toMatchObject({ status: 3, stderr: '' });
    expect(ended.stdout).toContain('work: never synced\n  to go on: pimsync sync work\n');
    expect((await readdir(machine.folder)).includes('status')).toBe(false);
  });

  test('tells whether all is in sync, and if not what to do', async () => {
    const { machine } = two;
    for (const uid of ['one', 'two']) await two.put('laptop', uid);
    await machine.run('sync');
    const good = await machine.run('status');
    expect(good).toMatchObject({ status: 0, stderr: '' });
    expect(good.stdout).toMatch(/^work: in sync; last run just now \(.*\)\n {2}home {2}2 items\nno daemon runs\n$/);

    await two.put('laptop', 'one', 'Here');
    await two.put('server', 'one', 'There');
    await writeFile(machine.path('laptop/home/cut.ics'), 'BEGIN:VCALENDAR\r\n');
    await machine.run('sync');
    const { status, stdout } = await machine.run('status', 'work');
    expect(status).toBe(3);
    expect(stdout).toContain('work: something waits for you');
    expect(stdout).toMatch(/ {4}conflict: ".*" \(one\): changed differently on both sides \(since /);
    expect(stdout).toContain('      to go on: pimsync resolve-conflicts work/home\n');
    expect(stdout).toMatch(/ {4}unreadable: the item at cut.ics on laptop: it is cut/);

    const [object] = objects(await machine.run('status', '--json'), 'status');
    expect(object).toMatchObject({
      v: 1,
      pair: 'work',
      state: 'waiting',
      running: false,
      pid: null,
      daemon: false,
      daemonPid: null,
      run: 2,
      summary: { outcome: 'waiting', conflicts: 1 },
      message: null,
      collections: [{ collection: 'home', items: 2 }],
    });
    expect(object?.['waiting']).toContainEqual(
      expect.objectContaining({
        what: 'conflict',
        collection: 'home',
        uid: 'one',
        waits: true,
        next: 'pimsync resolve-conflicts work/home',
      }),
    );
  });

  test('SG1: names what is held, and the option that lifts it', async () => {
    const { machine } = two;
    await two.put('laptop', 'one');
    await machine.run('sync');
    await two.remove('laptop', 'one');
    await machine.run('sync');
    const { status, stdout } = await machine.run('status');
    expect(status).toBe(3);
    expect(stdout).toContain('      to go on: pimsync sync --allow-empty work/home\n');
  });

  test('SC7: ends with 1 after a run that failed, and says why', async () => {
    const { machine } = two;
    await two.put('laptop', 'one');
    await machine.run('sync');
    await rm(machine.path('server'), { recursive: true });
    await machine.run('sync');
    const { status, stdout } = await machine.run('status');
    expect(status).toBe(1);
    expect(stdout).toMatch(/work: failed; last run .*\n {4}failed: the pair on server: .*server/);
    await mkdir(machine.path('server/home'), { recursive: true });
  });

  test('ST4: says that a status is damaged or newer, and leaves it where it is', async () => {
    const { machine } = two;
    await two.put('laptop', 'one');
    await machine.run('sync');
    await truncate(machine.path('status/work.status'), 5000);
    for (const _ of [1, 2]) {
      const { status, stdout } = await machine.run('status');
      expect(status).toBe(1);
      expect(stdout).toMatch(/work: the status of pair "work" .* is damaged\n {2}Move/);
    }
    expect(objects(await machine.run('status', '--json'), 'status')).toMatchObject([
      { state: 'unusable', hint: expect.stringContaining('Move') },
    ]);
  });

  test('fetches no secret, and asks no server', async () => {
    const { machine } = two;
    await machine.configure(`
storage laptop {
  type "vdir/icalendar"
  path ${JSON.stringify(machine.path('laptop'))}
}
storage remote {
  type caldav
  url "http://127.0.0.1:9/"
  username me
  password { cmd touch ${JSON.stringify(machine.path('asked'))}; }
  allow_insecure_auth
}
pair work {
  storage_a laptop
  storage_b remote
  collections all
}
`);
    expect(await machine.run('status')).toMatchObject({ status: 3, stderr: '' });
    expect(await readdir(machine.folder)).not.toContain('asked');
  });

  test('says whether a daemon runs, and which process it is', async () => {
    const { machine } = two;
    const { child, ended } = machine.start('daemon', '-v', 'info');
    try {
      await vi.waitFor(
        async () => {
          const { status, stdout } = await machine.run('status');
          expect(status).toBe(0);
          expect(stdout).toMatch(new RegExp(`\na daemon runs \\(process ${child.pid}\\)\n$`));
        },
        { timeout: 20_000, interval: 300 },
      );
      expect(objects(await machine.run('status', '--json'), 'status')).toMatchObject([
        { daemon: true, daemonPid: child.pid },
      ]);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    expect((await machine.run('status')).stdout).toContain('\nno daemon runs\n');
  });

  test('takes pairs, and only those', async () => {
    expect(await two.machine.run('status', 'work/home')).toMatchObject({ status: 2 });
    expect(await two.machine.run('status', 'other')).toMatchObject({ status: 2 });
  });
});
