import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withPairLock } from '../../src/cli/pairs/pair-lock.ts';
import { startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, objects, vdirAndCalDav } from './program.ts';
import { TwoDirectories } from './two-directories.ts';

const uidless = (title: string): string => itemText('calendar', '', title).replace('UID:\r\n', '');

describe('repair', () => {
  let two: TwoDirectories;
  const write = (side: string, name: string, text: string): Promise<void> =>
    writeFile(two.machine.path(side, 'home', `${name}.ics`), text);

  beforeEach(async () => {
    two = await TwoDirectories.make();
    for (const uid of ['one', 'two']) await two.put('laptop', uid);
  });
  afterEach(() => two.machine.remove());

  test('gives UIDs and removes copies on both sides, and the next run is at peace', async () => {
    const { machine } = two;
    await write('laptop', 'dinner', uidless('Dinner'));
    await machine.run('sync');
    await write('laptop', 'another', itemText('calendar', 'one', 'one'));
    const shown = await machine.run('repair', '-n');
    expect(shown).toMatchObject({ status: 3, stderr: '' });
    expect(shown.stdout).toMatch(
      /^laptop\/home: would remove the copy of "one" \(one\) at another.ics; one.ics is equal and stays\nlaptop\/home: would give the UID [0-9a-f-]{36} to "Dinner" \(without UID\) at dinner.ics\nserver\/home: would give the UID [0-9a-f-]{36} to "Dinner"/,
    );
    expect(await two.read('laptop/home/dinner.ics')).toBe(uidless('Dinner'));

    expect(await machine.run('repair')).toMatchObject({ status: 0, stderr: '' });
    for (const side of ['laptop', 'server'] as const) expect(await two.titles(side)).toEqual(['Dinner', 'one', 'two']);
    expect(await two.read('laptop/home/dinner.ics')).toBe(await two.read('server/home/dinner.ics'));
    expect(await two.read('laptop/home/dinner.ics')).toContain('\r\nUID:');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
    expect(await machine.run('repair')).toMatchObject({
      status: 0,
      stdout: 'laptop: nothing to repair\nserver: nothing to repair\n',
    });
    const kept = objects(await machine.run('history', 'work', '--json'), 'version');
    expect(kept.map(({ reason, storage, summary }) => [reason, storage, summary])).toEqual([
      ['repaired', 'server', 'Dinner'],
      ['repaired', 'laptop', 'Dinner'],
      ['repaired', 'laptop', 'one'],
    ]);
  });

  test('leaves different items with one UID, and what cannot be read, to a person', async () => {
    const { machine } = two;
    await write('laptop', 'another', itemText('calendar', 'one', 'One \u001b[31medited'));
    await write('laptop', 'cut', 'BEGIN:VCALENDAR\r\n');
    const { status, stdout } = await machine.run('repair', 'laptop');
    expect(status).toBe(3);
    expect(stdout.split('\n')).toEqual([
      'laptop/home: 2 different items have the UID one:',
      '  another.ics: "One \\x1b[31medited"',
      '  one.ics: "one"',
      '    VEVENT SUMMARY: "one", not "One \\x1b[31medited"',
      '  keep one of them, or give the others another UID',
      'laptop/home: the item at cut.ics cannot be used: it is cut: a BEGIN has no END (line 1)',
      '',
    ]);
    expect(objects(await machine.run('repair', 'laptop', '--json'), 'repair')).toMatchObject([
      { v: 1, storage: 'laptop', collection: 'home', finding: 'different', uid: 'one', outcome: null },
      { finding: 'unreadable', href: 'cut.ics' },
    ]);
  });

  test('knows its storages', async () => {
    expect(await two.machine.run('repair', 'labtop')).toMatchObject({
      status: 2,
      stderr: 'pimsync: there is no storage "labtop"; did you mean "laptop"?\n  the storages are "laptop", "server"\n',
    });
  });

  test('waits for a run of its pair, and goes on when that has ended', async () => {
    const { machine } = two;
    await write('laptop', 'dinner', uidless('Dinner'));
    const repairing = await withPairLock(
      machine.path('status'),
      'work',
      { waitMs: 0, onWait: () => undefined },
      async () => {
        const { child, ended } = machine.start('repair', 'laptop');
        await new Promise((resolve) => child.stderr?.once('data', resolve));
        expect(await two.read('laptop/home/dinner.ics')).toBe(uidless('Dinner'));
        return { ended };
      },
    );
    const { status, stderr } = await repairing.ended;
    expect(status).toBe(0);
    expect(stderr).toBe(`work: waiting for process ${process.pid}\n`);
    expect(await two.read('laptop/home/dinner.ics')).not.toBe(uidless('Dinner'));
  });
});

describe('repair of a server', () => {
  test('writes what it read, and nothing to what is read-only', async () => {
    const machine = await Machine.make();
    const server = await startDavServer();
    try {
      const calendar = server.content.addCalendar('home');
      server.content.put(`${calendar}dinner.ics`, uidless('Dinner'));
      await mkdir(machine.path('calendars/home'), { recursive: true });
      await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote: 'read_only' }));
      expect(await machine.run('repair', 'remote')).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('storage "remote" is read-only'),
      });
      const { status, stdout } = await machine.run('repair');
      expect(status).toBe(3);
      expect(stdout).toContain('remote/home: would give the UID ');
      expect(server.content.text(`${calendar}dinner.ics`)).toBe(uidless('Dinner'));

      await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url));
      expect(await machine.run('repair', 'remote')).toMatchObject({ status: 0, stderr: '' });
      expect(server.content.text(`${calendar}dinner.ics`)).toContain('BEGIN:VEVENT\r\nUID:');
      expect(await machine.run('sync')).toMatchObject({ status: 0 });
    } finally {
      await server.close();
      await machine.remove();
    }
  });
});
