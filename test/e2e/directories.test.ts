import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
let server: DavServer;
let calendar: string;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  calendar = server.content.addCalendar('home');
  server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url));
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

const put = (name: string, text: string | Uint8Array): Promise<void> =>
  writeFile(machine.path('calendars/home', name), text);

/** Mounts a file system of its own at a directory; undefined where that is not permitted. */
function mounted(directory: string, options: string): (() => void) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'ignore' });
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
  return () => execFileSync('umount', [directory], { stdio: 'ignore' });
}

describe('the root of a directory', () => {
  test('SC7: is made on the first run, and missed later', async () => {
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    await rename(machine.path('calendars'), machine.path('elsewhere'));
    const { status, stderr } = await machine.run('sync', '--allow-empty');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^work: local: .*calendars/);
    expect(server.content.items(calendar).size).toBe(1);
    expect(await readdir(machine.folder)).not.toContain('calendars');
    await rename(machine.path('elsewhere'), machine.path('calendars'));
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
  });

  test('SC7: is missed where an empty directory is in its place', async () => {
    await machine.run('sync');
    await rename(machine.path('calendars'), machine.path('elsewhere'));
    await mkdir(machine.path('calendars'));
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stderr).toContain('lists no collection any more');
    expect(server.content.items(calendar).size).toBe(1);
  });

  test('may be a file', async () => {
    await writeFile(machine.path('calendars'), 'x');
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^work: local: .*calendars/);
    expect(server.content.items(calendar).size).toBe(1);
  });

  test('SL2: may be one that we may not read', async ({ skip }) => {
    await mkdir(machine.path('calendars/home'), { recursive: true });
    if (!(await machine.becomeOrdinary())) return skip('nobody but root can read the program here');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    for (const [path, doing] of [
      ['calendars', /^work: local: could not list the collections in /],
      ['calendars/home', /^work(\/home)?: local: could not /],
    ] as const) {
      await chmod(machine.path(path), 0);
      const { status, stderr } = await machine.run('sync', '--allow-empty');
      await chmod(machine.path(path), 0o755);
      expect(status, path).toBe(1);
      expect(stderr).toMatch(doing);
      expect(stderr).toMatch(/: permission denied\n {2}check the owner and the mode of the directory\n$/);
      expect(server.content.items(calendar).size).toBe(1);
    }
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
  });

  test('may be full', async ({ skip }) => {
    await mkdir(machine.path('calendars'));
    const unmount = mounted(machine.path('calendars'), 'size=64k');
    if (unmount === undefined) return skip('mounting is not permitted here');
    try {
      for (let n = 0; n < 20; n += 1) {
        server.content.put(`${calendar}big${n}.ics`, itemText('calendar', `big${n}`, 'x'.repeat(8000)));
      }
      const { status, stderr } = await machine.run('sync');
      expect(status).toBe(1);
      expect(stderr).toMatch(/could not create .* on local: the disk is full$/m);
      expect(server.content.items(calendar).size).toBe(21);
      execFileSync('mount', ['-o', 'remount,size=10m', machine.path('calendars')]);
      expect(await machine.run('sync')).toMatchObject({ status: 0 });
      expect((await machine.items('calendars/home')).size).toBe(21);
    } finally {
      unmount();
    }
  });

  test('may be on a file system that takes no writes', async ({ skip }) => {
    await mkdir(machine.path('calendars'));
    const unmount = mounted(machine.path('calendars'), 'ro');
    if (unmount === undefined) return skip('mounting is not permitted here');
    try {
      const { status, stderr } = await machine.run('sync');
      expect(status).toBe(1);
      expect(stderr).toMatch(/could not create .* on local: the file system is mounted read-only$/m);
      expect(server.content.items(calendar).size).toBe(1);
    } finally {
      unmount();
    }
  });
});

describe('a file', () => {
  beforeEach(async () => {
    expect((await machine.run('sync')).status).toBe(0);
  });

  test.each([
    ['empty', ''],
    ['cut', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:cut\r\nSUMM'],
    ['not UTF-8', Buffer.from(itemText('calendar', 'latin', 'Caf\u00e9'), 'latin1')],
    ['not an item at all', 'hello\n'],
  ])('SD5: that is %s is held, and goes nowhere', async (_, text) => {
    await put('odd.ics', text);
    await put('good.ics', itemText('calendar', 'good', 'Good'));
    const { status, stdout } = await machine.run('sync');
    expect(status).toBe(3);
    expect(stdout).toMatch(/work\/home: held the item at .*odd\.ics: /);
    expect([...server.content.items(calendar).keys()]).toEqual([`${calendar}one.ics`, `${calendar}good.ics`]);
    expect(await machine.run('sync')).toMatchObject({ status: 3 });
  });

  test('that was good and is emptied is held, and the good one stays on the other side', async () => {
    await put('one.ics', '');
    expect(await machine.run('sync')).toMatchObject({ status: 3 });
    expect(server.content.text(`${calendar}one.ics`)).toContain('SUMMARY:One');
  });

  test('without UID is synced, once', async () => {
    await put('nameless.ics', itemText('calendar', 'x', 'Nameless').replace('UID:x\r\n', ''));
    server.behave({ garbage: undefined });
    const { stdout } = await machine.run('sync');
    expect(stdout).toContain('created "Nameless" (without UID) on remote');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
    expect(server.content.items(calendar).size).toBe(2);
  });

  test.each([
    ['a path', '../../x'],
    ['1,000 characters', 'u'.repeat(1000)],
    ['markup', '<x y="z">&'],
  ])('S6: whose UID is %s is synced, and stays where it belongs', async (_, uid) => {
    server.content.put(`${calendar}odd.ics`, itemText('calendar', uid, 'Odd'));
    await put('mine.ics', itemText('calendar', `${uid}2`, 'Mine'));
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect((await machine.items('calendars/home')).size).toBe(3);
    expect(server.content.items(calendar).size).toBe(3);
    expect((await readdir(machine.path('calendars'))).sort()).toEqual(['home']);
    expect((await readdir(machine.folder)).sort()).toEqual(['calendars', 'home', 'pimsync.conf', 'status']);
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
  });

  test('SI10: that has the UID of another is held with it, and both are named', async () => {
    await put('twice-a.ics', itemText('calendar', 'twice', 'One of them'));
    await put('twice-b.ics', itemText('calendar', 'twice', 'The other'));
    const { status, stdout } = await machine.run('sync');
    expect(status).toBe(3);
    expect(stdout).toMatch(/held .*\(twice\).*twice-a\.ics.*twice-b\.ics/);
    expect(server.content.items(calendar).size).toBe(1);
    await rm(machine.path('calendars/home/twice-b.ics'));
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect(server.content.items(calendar).size).toBe(2);
  });

  test('S15: whose summary would steer a terminal is shown without it', async () => {
    await put('odd.ics', itemText('calendar', 'odd', 'a\u001b]0;x\u0007\u202eb'));
    const { stdout } = await machine.run('sync', '--color', 'never');
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
    expect(stdout).toContain('"a\\x1b]0;x\\x07\\u202eb"');
  });

  test('SI4: that grows while others wait is copied whole', async () => {
    await appendFile(machine.path('calendars/home/one.ics'), '');
    await put('one.ics', itemText('calendar', 'one', 'Longer'));
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect(server.content.text(`${calendar}one.ics`)).toBe(itemText('calendar', 'one', 'Longer'));
  });
});
