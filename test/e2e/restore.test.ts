import { mkdir, rm, writeFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../src/model/errors.ts';
import type { DavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { DirectoryAndServer } from './directory-and-server.ts';
import { type Machine, objects } from './program.ts';
import { TwoDirectories } from './two-directories.ts';

/** The names of the versions that are kept, the newest first. */
async function kept(machine: Machine, ...args: readonly string[]): Promise<readonly string[]> {
  return objects(await machine.run('history', 'work', ...args, '--json'), 'version').map(({ id }) => String(id));
}

const first = (names: readonly string[]): string => must(names[0], 'a version is kept');

describe('restore', () => {
  let two: TwoDirectories;
  beforeEach(async () => {
    two = await TwoDirectories.make();
    for (const uid of ['one', 'two']) await two.put('laptop', uid);
    await two.machine.run('sync');
  });
  afterEach(() => two.machine.remove());

  test('puts a replaced version and a deleted one back on both sides, and can itself be undone', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await two.remove('server', 'two');
    await machine.run('sync');
    const [ofOne, ofTwo] = [first(await kept(machine, 'one')), first(await kept(machine, 'two'))];
    const restored = await machine.run('restore', 'work', ofOne.slice(0, 6), ofTwo);
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(restored.stdout.split('\n').sort()).toEqual([
      '',
      'work/home: created "two" (two) on laptop (restored)',
      'work/home: created "two" (two) on server',
      'work/home: updated "one" (one) on laptop',
      'work/home: updated "one" (one) on server (restored)',
      'work: 1 updated on laptop; 1 created on server',
    ]);
    for (const side of ['laptop', 'server'] as const) expect(await two.titles(side)).toEqual(['one', 'two']);
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });

    const undone = objects(await machine.run('history', 'work', 'one', '--json'), 'version');
    expect(undone.map(({ reason, summary }) => [reason, summary])).toEqual([
      ['replaced', 'One edited'],
      ['restored', 'One edited'],
      ['replaced', 'one'],
    ]);
    await machine.run('restore', 'work', String(undone[0]?.['id']));
    for (const side of ['laptop', 'server'] as const) expect(await two.titles(side)).toEqual(['One edited', 'two']);
  });

  test('undoes a whole run', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await two.remove('server', 'two');
    await two.put('laptop', 'three');
    await machine.run('sync');
    const shown = await machine.run('restore', '-n', 'work', '--run', '2');
    expect(shown.stdout.split('\n').sort()).toEqual([
      '',
      'work/home: would create "two" (two) on laptop (restored)',
      'work/home: would update "one" (one) on server (restored)',
      'work: dry run, nothing was written',
    ]);
    expect(await two.titles('server')).toEqual(['One edited', 'three']);
    expect(await machine.run('restore', 'work', '--run', '2')).toMatchObject({ status: 0 });
    for (const side of ['laptop', 'server'] as const) expect(await two.titles(side)).toEqual(['one', 'three', 'two']);
    expect(await machine.run('restore', 'work', '--run', '77')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('versions are kept of the runs'),
    });
  });

  test('writes a version to a file, and over none', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    const name = first(await kept(machine));
    const text = itemText('calendar', 'one', 'one');
    expect(await machine.run('restore', 'work', name, '--to', '-')).toEqual({ status: 0, stdout: text, stderr: '' });
    expect(await machine.run('restore', 'work', name, '--to', 'old.ics')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(await two.read('old.ics')).toBe(text);
    expect(await machine.run('restore', 'work', name, '--to', 'old.ics')).toMatchObject({
      status: 2,
      stderr: 'pimsync: old.ics is there already\n  name a file that does not exist yet\n',
    });
    expect(await two.titles('server')).toEqual(['One edited', 'two']);
  });

  test('writes nothing if one of several versions is unknown', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    const name = first(await kept(machine));
    expect(await machine.run('restore', 'work', name, 'ffff')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'pimsync: pair "work" keeps no version "ffff"\n  "pimsync history work" lists what is kept\n',
    });
    expect(await two.titles('server')).toEqual(['One edited', 'two']);
  });

  test('of what is there already says so', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    await two.put('laptop', 'one');
    await machine.run('sync');
    const name = (await kept(machine, 'one')).at(-1) ?? '';
    expect(await machine.run('restore', 'work', name)).toMatchObject({
      status: 0,
      stdout: 'work/home: "one" (one) is so already on server\nwork: nothing to do\n',
    });
  });

  test('SI6: of what was edited on the other side meanwhile ends as a conflict', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    await two.put('laptop', 'one', 'One edited again');
    const { status, stdout } = await machine.run('restore', 'work', first(await kept(machine)));
    expect(status).toBe(3);
    expect(stdout).toContain('conflict: ');
    expect([await two.titles('laptop'), await two.titles('server')]).toEqual([
      ['One edited again', 'two'],
      ['one', 'two'],
    ]);
  });

  test('into a collection that is gone names the way out', async () => {
    const { machine } = two;
    for (const side of ['laptop', 'server']) await mkdir(machine.path(side, 'other'));
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    const name = first(await kept(machine));
    for (const side of ['laptop', 'server']) await rm(machine.path(side, 'home'), { recursive: true });
    const { status, stderr } = await machine.run('restore', 'work', name);
    expect(status).toBe(1);
    expect(stderr).toContain('work/home: ');
    expect(stderr).toContain('the collection is gone');
    expect(stderr).toContain('--to FILE');
  });

  test('twice at once does it once', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    const names = await kept(machine);
    const runs = [machine.run('restore', 'work', first(names)), machine.run('restore', 'work', first(names))];
    const statuses = (await Promise.all(runs)).map(({ status }) => status);
    // One waits for the other, and finds that it is so already.
    expect(statuses).toEqual([0, 0]);
    expect(await two.titles('laptop')).toEqual(['one', 'two']);
    expect((await kept(machine, 'one')).length).toBe(3);
  });

  test('SR6: with a status that cannot be written leaves both sides as they are', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    const name = first(await kept(machine));
    const database = new Database(machine.path('status/work.status'));
    database.exec('BEGIN IMMEDIATE');
    const { status, stderr } = await machine.run('restore', 'work', name);
    database.exec('ROLLBACK');
    database.close();
    expect(status).toBe(1);
    expect(stderr).toContain('could not use the status of pair "work"');
    expect(await two.titles('server')).toEqual(['One edited', 'two']);
    expect(await machine.run('restore', 'work', name)).toMatchObject({ status: 0 });
  });
});

describe('restore with a server', () => {
  let both: DirectoryAndServer;
  let machine: Machine;
  let server: DavServer;
  let calendar: string;

  beforeEach(async () => {
    both = await DirectoryAndServer.make();
    ({ machine, server, calendar } = both);
  });
  afterEach(() => both.close());

  test('SG5: brings back all that a run deleted there, and what it edited', async () => {
    const uids = Array.from({ length: 12 }, (_, index) => `item-${index}`);
    const write = (uid: string, title: string): Promise<void> =>
      writeFile(machine.path('calendars/home', `${uid}.ics`), itemText('calendar', uid, title));
    for (const uid of uids) await write(uid, uid);
    await machine.run('sync');
    for (const uid of uids) await write(uid, `${uid} edited`);
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect(await machine.run('restore', 'work', '--run', '2')).toMatchObject({ status: 0 });
    for (const uid of uids) {
      expect(server.content.text(`${calendar}${uid}.ics`)).toBe(itemText('calendar', uid, uid));
    }
    expect((await machine.items('calendars/home')).get('item-3.ics')).toBe(itemText('calendar', 'item-3', 'item-3'));

    await rm(machine.path('calendars/home/item-3.ics'));
    await machine.run('sync');
    expect(await machine.run('restore', 'work', first(await kept(machine, 'item-3')))).toMatchObject({ status: 0 });
    expect(server.content.text(`${calendar}item-3.ics`)).toBe(itemText('calendar', 'item-3', 'item-3'));
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
  });
});
