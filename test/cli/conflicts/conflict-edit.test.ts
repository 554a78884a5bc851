import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editConflict } from '../../../src/cli/conflicts/conflict-edit.ts';
import type { Config } from '../../../src/config/config.ts';
import { ident } from '../../../src/model/names.ts';
import type { ConflictWay } from '../../../src/model/rules.ts';
import { itemText } from '../../support/item-text.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-edit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const CONFIG: Config = {
  statusPath: { type: 'here', value: '/nowhere' },
  storages: new Map(),
  pairs: [],
  historyS: 0,
};
const { PATH } = process.env;

const text = (title: string, ...lines: readonly string[]): string =>
  itemText('calendar', 'one', title).replace('END:VEVENT', [...lines, 'END:VEVENT'].join('\r\n'));

/** A conflict that overlaps, and a program in place of a person. */
async function edit(
  script: string,
  more: { readonly a?: string; readonly ways?: readonly ConflictWay[]; readonly env?: Record<string, string> } = {},
) {
  const program = join(folder, 'edit');
  await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const a = more.a ?? text('Mine');
  return editConflict(
    { type: 'item', ident: ident('one'), kind: 'calendar', texts: { a, b: text('Theirs') }, base: text('One') },
    {
      config: CONFIG,
      ways: more.ways ?? [],
      names: { a: 'laptop', b: 'server' },
      env: { PATH, FOLDER: folder, ...(more.env ?? { EDITOR: program }) },
      signal: new AbortController().signal,
    },
  );
}

const seen = (): Promise<string> => readFile(join(folder, 'seen'), 'utf8');

/** Takes a's part of what is marked. */
const TAKE_A = `sed -i -e '/^<<<<<<< /d' -e '/^=======/,/^>>>>>>> /d' "$1"`;

describe('to edit a conflict', () => {
  it('is to edit both versions with marks, where they overlap', async () => {
    const edited = await edit(`cp "$1" "$FOLDER/seen"; dirname "$1" > "$FOLDER/where"
      stat -c %a "$1" > "$FOLDER/mode"; ${TAKE_A}; sed -i 's/Mine/Ours/' "$1"`);
    expect(edited).toEqual({ type: 'text', text: text('Ours') });
    expect(await seen()).toContain(
      '<<<<<<< a: laptop\r\nSUMMARY:Mine\r\n=======\r\nSUMMARY:Theirs\r\n>>>>>>> b: server\r\n',
    );
    expect(await readFile(join(folder, 'mode'), 'utf8')).toBe('600\n');
    const where = (await readFile(join(folder, 'where'), 'utf8')).trim();
    await expect(stat(where)).rejects.toThrow('ENOENT');
    expect(dirname(where)).toBe(tmpdir());
  });

  it('is to edit what merging makes of them, where it makes something', async () => {
    const a = text('One', 'LOCATION:Here');
    const edited = await edit(`cp "$1" "$FOLDER/seen"; sed -i 's/Theirs/Ours/' "$1"`, { a });
    expect(edited).toEqual({ type: 'text', text: text('Ours', 'LOCATION:Here') });
    expect(await seen()).toBe(text('Theirs', 'LOCATION:Here'));
  });

  it('may be to add lines with other line ends', async () => {
    const edited = await edit(`${TAKE_A}; sed -i '/^SUMMARY/a LOCATION:There' "$1"`);
    expect(edited).toEqual({
      type: 'text',
      text: text('Mine').replace('SUMMARY:Mine\r\n', 'SUMMARY:Mine\r\nLOCATION:There\r\n'),
    });
  });

  it('is done by a command of the shell, VISUAL before EDITOR', async () => {
    const env = { EDITOR: 'false', VISUAL: `f() { ${TAKE_A}; }; f` };
    expect(await edit('', { env })).toEqual({ type: 'text', text: text('Mine') });
  });

  it.each([
    ['changes nothing', ':', 'nothing was changed'],
    ['fails', 'exit 7', 'the editor ended with status 7'],
    [
      'leaves marks',
      `sed -i '/^<<<<<<< /d' "$1"`,
      'marks are still in it: keep what is right between them, and remove them',
    ],
    ['empties it', ': > "$1"', 'the result is no item: it is empty'],
    [
      'cuts it',
      `${TAKE_A}; sed -i '/^END:VCALENDAR/d' "$1"`,
      'the result is no item: it is cut: a BEGIN has no END (line 1)',
    ],
    [
      'makes another item',
      `${TAKE_A}; sed -i 's/UID:one/UID:two/' "$1"`,
      'the result has another UID, which makes it another item',
    ],
    ['breaks a line', `${TAKE_A}; sed -i 's/^SUMMARY:/SUMMARY /' "$1"`, 'the result is not well-formed iCalendar'],
    ['removes it', 'rm "$1"', 'the editor left no text'],
    ['leaves what is no text', `printf '\\377' > "$1"`, 'the editor left no text'],
  ])('and to end with something that %s settles nothing', async (_, script, reason) => {
    expect(await edit(script)).toEqual({ type: 'nothing', reason });
  });

  it('needs an editor', async () => {
    expect(await edit('', { env: { VISUAL: '' } })).toEqual({
      type: 'nothing',
      reason: 'neither VISUAL nor EDITOR names an editor: set one of them, to "nano" for instance',
    });
  });

  it('is to run the program of the configuration, where there is one', async () => {
    const ways: readonly ConflictWay[] = [{ type: 'cmd', program: join(folder, 'edit'), args: ['first'] }];
    const script = 'cat "$2" "$3" "$PIMSYNC_BASE" | grep SUMMARY > "$FOLDER/seen"; cp "$3" "$2"';
    expect(await edit(script, { ways })).toEqual({ type: 'text', text: text('Theirs') });
    expect((await seen()).split(/\s+/)).toEqual(['SUMMARY:Mine', 'SUMMARY:Theirs', 'SUMMARY:One', '']);
    expect(await edit('exit 0', { ways })).toEqual({
      type: 'nothing',
      reason: `"${join(folder, 'edit')}" did not leave two equal files`,
    });
    const nowhere = { type: 'cmd', program: '/nowhere', args: [] } as const;
    expect(await edit('', { ways: [nowhere] })).toEqual({ type: 'nothing', reason: '"/nowhere" was not found' });
  });
});
