import { readdir, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

const write = (name: string, title: string): Promise<void> => both.write(name, title);

describe('a directory and a server', () => {
  test('are brought together, and then left alone', async () => {
    await write('one', 'One');
    server.content.put(`${calendar}two.ics`, itemText('calendar', 'two', 'Two'));
    const first = await machine.run('sync');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout.split('\n').sort()).toEqual([
      '',
      'work/home: created "One" (one) on remote',
      'work/home: created "Two" (two) on local',
      'work: 1 created on local; 1 created on remote',
    ]);
    expect(await machine.items('calendars/home')).toEqual(
      new Map([
        ['one.ics', itemText('calendar', 'one', 'One')],
        ['two.ics', itemText('calendar', 'two', 'Two')],
      ]),
    );
    expect(server.content.text(`${calendar}one.ics`)).toBe(itemText('calendar', 'one', 'One'));
    expect(await machine.run('sync')).toEqual({ status: 0, stdout: 'work: nothing to do\n', stderr: '' });
  });

  test('SI3, SI4: follow edits and deletions of either side', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await write(name, name);
    await machine.run('sync');
    await write('one', 'One, edited');
    server.content.put(`${calendar}two.ics`, itemText('calendar', 'two', 'Two, edited'));
    await unlink(machine.path('calendars/home/three.ics'));
    server.content.remove(`${calendar}four.ics`);
    const { status, stdout } = await machine.run('sync');
    expect(status).toBe(0);
    expect(stdout).toContain('work: 1 updated, 1 deleted on local; 1 updated, 1 deleted on remote\n');
    expect([...(await machine.items('calendars/home')).keys()]).toEqual(['one.ics', 'two.ics']);
    expect(server.content.text(`${calendar}one.ics`)).toContain('SUMMARY:One, edited');
    expect([...server.content.items(calendar).keys()]).toEqual([`${calendar}one.ics`, `${calendar}two.ics`]);
  });

  test('SF1: in conflict end with 3, each as it was', async () => {
    await write('one', 'One');
    await machine.run('sync');
    await write('one', 'Here');
    server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'There'));
    for (const _ of [1, 2]) {
      const { status, stdout } = await machine.run('sync');
      expect(status).toBe(3);
      expect(stdout).toContain('work/home: conflict: "');
    }
    expect((await machine.items('calendars/home')).get('one.ics')).toContain('SUMMARY:Here');
    expect(server.content.text(`${calendar}one.ics`)).toContain('SUMMARY:There');

    await machine.configure(
      vdirAndCalDav(machine.path('calendars'), server.url, { pair: 'conflict_resolution keep b' }),
    );
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    expect((await machine.items('calendars/home')).get('one.ics')).toContain('SUMMARY:There');
  });

  test('SG1: an emptied side is held with 3, until it is allowed', async () => {
    for (const name of ['one', 'two']) await write(name, name);
    await machine.run('sync');
    for (const name of ['one', 'two']) await unlink(machine.path(`calendars/home/${name}.ics`));
    const held = await machine.run('sync');
    expect(held.status).toBe(3);
    expect(held.stdout).toMatch(/work\/home: held the collection: .*2 items .*--allow-empty/);
    expect(server.content.items(calendar).size).toBe(2);
    expect(await machine.run('sync', '--allow-empty')).toMatchObject({ status: 0 });
    expect(server.content.items(calendar).size).toBe(0);
  });
});

describe('a dry run', () => {
  test('shows what would be done, and writes nothing anywhere', async () => {
    await write('one', 'One');
    const before = await snapshot();
    const { status, stdout } = await machine.run('sync', '-n');
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'work/home: would create "One" (one) on remote',
      'work: dry run, nothing was written',
      '',
    ]);
    expect(await snapshot()).toEqual(before);
    expect(server.content.items(calendar).size).toBe(0);

    await machine.run('sync');
    await write('two', 'Two');
    const then = await snapshot();
    expect((await machine.run('sync', '--dry-run')).stdout).toContain('would create "Two"');
    expect(await snapshot()).toEqual(then);
  });

  async function snapshot(): Promise<readonly string[]> {
    const names = await readdir(machine.folder, { recursive: true });
    return Promise.all(
      names.sort().map(async (name) => {
        const { size, mtimeMs } = await stat(machine.path(name));
        return `${name} ${size} ${mtimeMs}`;
      }),
    );
  }
});

describe('a name', () => {
  test('restricts a run to a collection', async () => {
    server.content.addCalendar('other');
    await write('one', 'One');
    server.content.put(`${calendar.replace('home', 'other')}two.ics`, itemText('calendar', 'two', 'Two'));
    const { status, stdout } = await machine.run('sync', 'work/other');
    expect(status).toBe(0);
    expect(stdout).toContain('work/other: created "Two" (two) on local');
    expect(stdout).not.toContain('work/home');
    expect((await machine.run('sync', 'work/other')).stdout).toBe('work: nothing to do\n');
  });

  test('that is not known is told, with those that are', async () => {
    expect(await machine.run('sync', 'wrok')).toMatchObject({
      status: 2,
      stderr: 'pimsync: there is no pair "wrok"; did you mean "work"?\n  the pairs are "work"\n',
    });
    expect(await machine.run('sync', 'work/hom')).toMatchObject({
      status: 2,
      stderr: 'pimsync: pair "work" has no collection "hom"; did you mean "home"?\n  its collections are "home"\n',
    });
  });
});

describe('what only looks', () => {
  test('is check', async () => {
    const { status, stdout } = await machine.run('check');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^local \(vdir\/icalendar\): .*1 collection\nremote \(caldav\): CalDAV, 1 collection/);
    expect(objects(await machine.run('check', '--json'), 'storage')).toMatchObject([{ works: true }, { works: true }]);
  });

  test('SC7 is check, which says that a directory does not exist yet where sync will create it', async () => {
    await rm(machine.path('calendars'), { recursive: true });
    const { status, stdout } = await machine.run('check');
    expect(status).toBe(0);
    const found = `${machine.path('calendars')} does not exist yet; sync will create it`;
    expect(stdout).toContain(`local (vdir/icalendar): ${found}\n`);
    expect(objects(await machine.run('check', '--json'), 'storage')).toMatchObject([
      { storage: 'local', works: true, found },
      { storage: 'remote', works: true },
    ]);
    expect(await readdir(machine.folder)).not.toContain('calendars');
    expect((await machine.run('sync')).status).toBe(0);
    expect(await readdir(machine.folder)).toContain('calendars');
  });

  test('SC7 is check, with 1 where a directory of a pair that was synced before is missing', async () => {
    await machine.run('sync');
    await rm(machine.path('calendars'), { recursive: true });
    const { status, stdout } = await machine.run('check');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^local \(vdir\/icalendar\): does not work: there is no directory .*\n {2}.*pair "work".*mounted/m,
    );
  });

  test.each([
    ['on a storage that takes no writes', { local: 'read_only', pair: '' }],
    ['on the side that one_way copies', { local: '', pair: 'one_way' }],
  ])('SC7 is check, with 1 where sync creates nothing: %s', async (_, { local, pair }) => {
    await rm(machine.path('calendars'), { recursive: true });
    const text = vdirAndCalDav(machine.path('calendars'), server.url, { pair });
    await machine.configure(text.replace('path', `${local}\n  path`));
    const { status, stdout } = await machine.run('check');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^local .*: does not work: there is no directory .*\n {2}sync does not create/m);
  });

  test('is check, with 1 where a storage does not work', async () => {
    await rm(machine.path('calendars'), { recursive: true });
    await writeFile(machine.path('calendars'), 'in the way');
    const { status, stdout } = await machine.run('check');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^local \(vdir\/icalendar\): does not work: .*\n/m);
    expect(stdout).toMatch(/^remote \(caldav\): CalDAV/m);
  });

  test('is discover', async () => {
    await write('one', 'One');
    server.content.addCalendar('other', { displayname: 'Another' });
    const { status, stdout } = await machine.run('discover');
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'work: local and remote',
      '  home: synced',
      '    local   home  1 item  home',
      `    remote  home  0 items  ${calendar}`,
      '  other: created on local',
      `    remote  other  "Another"  0 items  ${calendar.replace('home', 'other')}`,
      '',
    ]);
    const fates = objects(await machine.run('--json', 'discover', 'work'), 'collection');
    expect(fates).toMatchObject([
      { collection: 'home', fate: 'sync', sides: { a: { items: 1 }, b: { items: 0 } } },
      { collection: 'other', fate: 'create', sides: { a: null, b: { name: 'Another' } } },
    ]);
    expect(await readdir(machine.folder)).not.toContain('status');
  });

  test('is list', async () => {
    expect((await machine.run('list', 'pairs')).stdout).toBe('work\n');
    expect((await machine.run('list', 'storages')).stdout).toBe('local\nremote\n');
    expect((await machine.run('list', 'collections')).stdout).toBe('');
    await machine.run('sync');
    expect((await machine.run('list', 'collections')).stdout).toBe('work/home\n');
  });

  test('is version and help, without a configuration', async () => {
    await rm(machine.path('pimsync.conf'));
    expect((await machine.run('version')).stdout).toMatch(/^pimsync \d+\.\d+\.\d+\n$/);
    expect((await machine.run('help')).stdout).toContain('discover');
  });
});

describe('JSON', () => {
  test('is an object a line, and nothing else', async () => {
    await write('one', 'One');
    const ended = await machine.run('sync', '--json');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const item = { pair: 'work', collection: 'home', side: 'b', storage: 'remote', verb: 'create', uid: 'one' };
    expect(objects(ended, 'plan')).toMatchObject([{ v: 1, ...item }]);
    expect(objects(ended, 'action')).toMatchObject([{ v: 1, ...item, summary: 'One', outcome: 'done' }]);
    expect(objects(ended, 'summary')).toMatchObject([
      { v: 1, pair: 'work', outcome: 'done', written: { b: { created: 1 } } },
    ]);
  });
});
