import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
let server: DavServer;
/** Its path on the server. */
let calendar: string;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  calendar = server.content.addCalendar('home');
  await mkdir(machine.path('calendars/home'), { recursive: true });
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

/** A conflict between "Mine" and "Theirs", both made from "One", and a program to settle it. */
async function conflictWith(script: string): Promise<void> {
  await writeFile(machine.path('resolve'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const pair = `conflict_resolution cmd "${machine.path('resolve')}" first`;
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { pair }));
  await write('One');
  await machine.run('sync');
  await write('Mine');
  server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'Theirs'));
}

const write = (title: string): Promise<void> =>
  writeFile(machine.path('calendars/home/one.ics'), itemText('calendar', 'one', title));

const titles = async (): Promise<readonly (string | undefined)[]> => {
  const local = await readFile(machine.path('calendars/home/one.ics'), 'utf8');
  const remote = [...server.content.items(calendar).values()];
  return [local, ...remote].map((text) => /^SUMMARY:(.*)$/m.exec(text)?.[1]?.trim());
};

describe('a program that settles conflicts', () => {
  test('gets both versions and the last common one, and its result goes to both sides', async () => {
    await conflictWith(
      `test "$1" = first || exit 9
       ls -l "$2" "$3" "$PIMSYNC_BASE" | cut -c1-10 > "${machine.path('seen')}"
       cat "$2" "$3" "$PIMSYNC_BASE" | grep SUMMARY >> "${machine.path('seen')}"
       dirname "$2" >> "${machine.path('seen')}"
       sed 's/Mine/Both/' "$2" > "$3" && cp "$3" "$2"`,
    );
    expect(await machine.run('sync')).toMatchObject({
      status: 0,
      stdout: 'work/home: merged "Both" (one)\nwork: 1 merged\n',
      stderr: '',
    });
    expect(await titles()).toEqual(['Both', 'Both']);
    const seen = (await readFile(machine.path('seen'), 'utf8')).trim().split(/\r?\n/);
    expect(seen.slice(0, 6)).toEqual([
      '-rw-------',
      '-rw-------',
      '-rw-------',
      'SUMMARY:Mine',
      'SUMMARY:Theirs',
      'SUMMARY:One',
    ]);
    await expect(readdir(seen[6] ?? '')).rejects.toThrow('ENOENT');
    expect(await machine.run('sync')).toMatchObject({ stdout: 'work: nothing to do\n' });
  });

  test.each([
    ['fails', 'echo no idea >&2; exit 7', 'ended with status 7: no idea'],
    ['leaves both as they are', 'exit 0', 'did not leave two equal files'],
    ['removes them', 'rm "$2" "$3"', 'did not leave two equal files'],
    ['empties them', ': > "$2"; : > "$3"', 'the result is no item: it is empty'],
    ['leaves another item', 's/UID:one/UID:two/', 'the result has another UID'],
    ['leaves what is no text', `printf '\\377' | tee "$2" > "$3"`, 'did not leave two equal files'],
  ])('that %s settles nothing', async (_, script, reason) => {
    const isEdit = script.startsWith('s/');
    await conflictWith(isEdit ? `sed '${script}' "$2" > "$3"; cp "$3" "$2"` : script);
    const { status, stdout } = await machine.run('sync');
    expect(status).toBe(3);
    expect(stdout).toContain(reason);
    expect(await titles()).toEqual(['Mine', 'Theirs']);
  });

  test('that is not there settles nothing', async () => {
    await conflictWith('exit 0');
    const pair = 'conflict_resolution cmd "/nowhere/resolve"';
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { pair }));
    const { status, stdout } = await machine.run('sync');
    expect(status).toBe(3);
    expect(stdout).toContain('"/nowhere/resolve" was not found');
  });
});
