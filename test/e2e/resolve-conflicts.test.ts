import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withPairLock } from '../../src/cli/pairs/pair-lock.ts';
import type { DavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { DirectoryAndServer } from './directory-and-server.ts';
import { type Machine, objects } from './program.ts';
import { TwoDirectories } from './two-directories.ts';

let two: TwoDirectories;

beforeEach(async () => {
  two = await TwoDirectories.make();
  for (const uid of ['one', 'two']) await two.put('laptop', uid);
  await two.machine.run('sync');
  for (const uid of ['one', 'two']) {
    await two.put('laptop', uid, `${uid} of laptop`);
    await two.put('server', uid, `${uid} of server`);
  }
});
afterEach(() => two.machine.remove());

const NOTHING_DONE = [
  ['one of laptop', 'two of laptop'],
  ['one of server', 'two of server'],
];

const held = async (): Promise<readonly (readonly string[])[]> => [
  await two.titles('laptop'),
  await two.titles('server'),
];

describe('resolve-conflicts', () => {
  test('lets one side win everywhere', async () => {
    const { machine } = two;
    const ended = await machine.run('resolve-conflicts', '--keep', 'b');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^work: 2 updated on laptop$/m);
    expect(await held()).toEqual([
      ['one of server', 'two of server'],
      ['one of server', 'two of server'],
    ]);
    const kept = objects(await machine.run('history', 'work', '--json'), 'version');
    expect(kept.map(({ summary, reason }) => [summary, reason]).sort()).toEqual([
      ['one of laptop', 'conflict'],
      ['two of laptop', 'conflict'],
    ]);
    expect(await machine.run('sync')).toMatchObject({ status: 0, stdout: 'work: nothing to do\n' });
    expect(await machine.run('resolve-conflicts', '--keep', 'a')).toMatchObject({
      status: 0,
      stdout: 'work: no conflicts\n',
    });
  });

  test('settles nothing but conflicts, and only those that were asked for', async () => {
    const { machine } = two;
    await two.put('laptop', 'three');
    expect(await machine.run('resolve-conflicts', '--keep', 'a', 'work/home')).toMatchObject({ status: 0 });
    expect(await two.titles('server')).toEqual(['one of laptop', 'two of laptop']);
    expect(await machine.run('resolve-conflicts', '--keep', 'a', 'work/none')).toMatchObject({ status: 2 });
    expect(await machine.run('resolve-conflicts', '--keep', 'c')).toMatchObject({ status: 2 });
    expect(await machine.run('resolve-conflicts', '--keep', 'a', '-n')).toMatchObject({ status: 2 });
  });

  test('only shows, while the pair is run', async () => {
    const { machine } = two;
    await withPairLock(machine.path('status'), 'work', { waitMs: 0, onWait: () => undefined }, async () => {
      const { status, stdout } = await machine.run('resolve-conflicts', '-n');
      expect(status).toBe(3);
      expect(stdout).toContain('  SUMMARY\n    a  one of laptop\n    b  one of server\n');
      expect(stdout).toMatch(/^work: 2 conflicts$/m);
    });
    expect(await held()).toEqual(NOTHING_DONE);
  });

  test('tells programs', async () => {
    const { machine } = two;
    const shown = await machine.run('resolve-conflicts', '-n', '--json');
    expect(shown.status).toBe(3);
    const [conflict] = objects(shown, 'conflict');
    const differences = [
      { component: 'VEVENT', occurrence: null, property: 'SUMMARY', a: 'one of laptop', b: 'one of server' },
    ];
    expect(conflict).toMatchObject({ v: 1, pair: 'work', collection: 'home', uid: 'one', merges: false, differences });
    const done = await machine.run('resolve-conflicts', '--keep', 'a', '--json');
    expect(done.status).toBe(0);
    expect(done.stdout.split('\n').flatMap((line) => /^{"type":"([a-z]+)"/.exec(line)?.[1] ?? [])).toEqual([
      'conflict',
      'conflict',
      'action',
      'action',
      'summary',
    ]);
    expect(objects(done, 'action')).toMatchObject([
      { verb: 'update', side: 'b', outcome: 'done', reason: null },
      { verb: 'update', side: 'b', outcome: 'done', reason: null },
    ]);
    expect(objects(done, 'summary')).toMatchObject([{ outcome: 'done', conflicts: 0 }]);
  });

  test('S15: shows no control characters of items', async () => {
    await two.put('laptop', 'one', 'red \u001b[31m \u202e');
    const { stdout } = await two.machine.run('resolve-conflicts', '-n');
    expect(stdout).toContain('    a  red \\x1b[31m \\u202e\n');
    expect(stdout).not.toContain('\u001b');
  });

  test('wants somebody to ask', async () => {
    expect(await two.machine.run('resolve-conflicts')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('there is none\n  "--keep a"'),
    });
  });
});

describe('resolve-conflicts with a server', () => {
  let both: DirectoryAndServer;
  let machine: Machine;
  let server: DavServer;
  let calendar: string;
  beforeEach(async () => {
    both = await DirectoryAndServer.make();
    ({ machine, server, calendar } = both);
    for (const uid of ['big', 'one']) await write(uid, 'One');
    await machine.run('sync');
    for (const uid of ['big', 'one']) {
      await write(uid, uid === 'big' ? 'x'.repeat(2000) : 'Mine');
      server.content.put(`${calendar}${uid}.ics`, itemText('calendar', uid, 'Theirs'));
    }
  });
  afterEach(() => both.close());

  const write = (uid: string, title: string): Promise<void> => both.write(uid, title);

  test('fails where the server refuses one, and does the rest', async () => {
    server.behave({ maxItemBytes: 1000 });
    const { status, stdout, stderr } = await machine.run('resolve-conflicts', '--keep', 'a');
    expect(status).toBe(1);
    expect(stderr).toContain('could not update');
    expect(stdout).toContain('work: 1 updated on remote; 1 failed\n');
    expect([...server.content.items(calendar).values()].filter((text) => text.includes('Mine'))).toHaveLength(1);
    server.behave({ maxItemBytes: undefined });
    expect(await machine.run('resolve-conflicts', '--keep', 'a')).toMatchObject({ status: 0 });
  });

  test('fails where the server does not answer', async () => {
    server.fault({ effect: 'html' });
    expect(await machine.run('resolve-conflicts', '--keep', 'a')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('remote'),
    });
  });

  test('SF4: knows what was shown by what people wrote, whatever stamps the server gives', async () => {
    server.behave({ rewritesOnRead: true });
    expect(await machine.run('resolve-conflicts', '--keep', 'b')).toMatchObject({ status: 0 });
    const texts = await machine.items('calendars/home');
    expect([...texts.values()].map((text) => /^SUMMARY:(.*)\r$/m.exec(text)?.[1])).toEqual(['Theirs', 'Theirs']);
  });
});

/** The program at a pseudo terminal, as `script` of util-linux makes it. */
class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  #shown = '';
  #read = 0;
  #more: () => void = () => undefined;
  readonly #ended: Promise<number>;

  constructor(env: Readonly<Record<string, string>> = {}) {
    const { machine } = two;
    const call = [process.execPath, machine.main, '-c', machine.path('pimsync.conf'), 'resolve-conflicts'];
    const command = `${call.map((word) => `'${word}'`).join(' ')}; echo "status $?"; stty -a | grep -o '.icanon'`;
    const { PATH = '' } = process.env;
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { PATH, HOME: machine.path('home'), TERM: 'dumb', SHELL: '/bin/sh', ...env },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
      this.#more();
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (status) => {
        resolve(status ?? -1);
        this.#more();
      });
    });
  }

  press(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** What is shown up to these words, since what was waited for before. */
  async until(words: string): Promise<string> {
    for (;;) {
      const at = this.#shown.indexOf(words, this.#read);
      if (at >= 0) {
        const text = this.#shown.slice(this.#read, at + words.length).replaceAll('\r', '');
        this.#read = at + words.length;
        return text;
      }
      if (this.#child.exitCode !== null) throw new Error(`it ended before "${words}": ${this.#shown}`);
      await new Promise<void>((resolve) => {
        this.#more = resolve;
      });
    }
  }

  /** Whatever it still does. */
  close(): void {
    this.#child.kill();
  }

  async end(): Promise<string> {
    await this.#ended;
    return this.#shown.slice(this.#read).replaceAll('\r', '');
  }
}

const hasScript = (): boolean => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
};

const ASKED = '[a,b,m,e,s,q,?] ';

describe.skipIf(!hasScript())('resolve-conflicts at a terminal (skipped without script of util-linux)', () => {
  let session: Session;
  afterEach(() => session.close());

  test('takes keys, and letters with Enter', async () => {
    session = new Session();
    expect(await session.until(ASKED)).toContain('work/home: "one of laptop" (one)\n');
    session.press('b');
    await session.until(ASKED);
    session.press('a\r');
    expect(await session.end()).toMatch(/work: 1 updated on laptop; 1 updated on server\nstatus 0\n icanon\n$/);
    expect(await held()).toEqual([
      ['one of server', 'two of laptop'],
      ['one of server', 'two of laptop'],
    ]);
  });

  test.each([
    [
      'Ctrl-D',
      '\u0004',
      3,
      [
        ['one of laptop', 'two of laptop'],
        ['one of laptop', 'two of server'],
      ],
    ],
    ['Ctrl-C', '\u0003', 130, NOTHING_DONE],
  ] as const)('ends by %s, and leaves the terminal as it was', async (_, key, status, titles) => {
    session = new Session();
    await session.until(ASKED);
    session.press('a');
    await session.until(ASKED);
    session.press(key);
    expect(await session.end()).toMatch(new RegExp(`status ${status}\\n icanon\\n$`));
    expect(await held()).toEqual(titles);
  });

  test('gives the terminal to an editor', async () => {
    const { machine } = two;
    const editor = machine.path('edit');
    await writeFile(
      editor,
      `#!/bin/sh
test -t 0 && test -t 1 || exit 9
printf 'title? '
read -r title
sed -i -e '/^<<<<<<< /d' -e '/^=======/,/^>>>>>>> /d' -e "s/^SUMMARY:.*/SUMMARY:$title\\r/" "$1"
`,
    );
    await chmod(editor, 0o755);
    session = new Session({ EDITOR: editor });
    await session.until(ASKED);
    session.press('e');
    await session.until('title? ');
    session.press('one of both\r');
    await session.until(ASKED);
    session.press('q');
    const shown = await session.end();
    expect(shown).not.toContain('\u001b');
    expect(shown).toMatch(/merged "one of both" \(one\)\nwork: 1 merged, 1 conflict\nstatus 3\n icanon\n$/);
    expect(await held()).toEqual([
      ['one of both', 'two of laptop'],
      ['one of both', 'two of server'],
    ]);
  });
});
