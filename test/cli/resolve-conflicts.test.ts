import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interruption } from '../../src/cli/interruption.ts';
import { withPairLock } from '../../src/cli/pairs/pair-lock.ts';
import { run } from '../../src/cli/run.ts';
import type { Side } from '../../src/model/sides.ts';
import type { Press } from '../../src/system/terminal-keys.ts';
import { itemText } from '../support/item-text.ts';
import { fakeOutside } from './fake-outside.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-resolve-'));
  for (const side of ['a', 'b'] as const) await mkdir(join(folder, side, 'home'), { recursive: true });
  await configure('');
  await put('a', 'one', 'One');
  await put('a', 'two', 'Two');
  await run(outside(['sync']));
});
afterEach(() => rm(folder, { recursive: true }));

/** `more`: of storage b. */
async function configure(more: string): Promise<void> {
  const vdir = (name: string, own: string): string =>
    `storage ${name} { type "vdir/icalendar"; path ${JSON.stringify(join(folder, name))}; ${own} }\n`;
  const pair = 'pair work { storage_a a; storage_b b; collections all; }\n';
  const text = `status_path ${JSON.stringify(join(folder, 'status'))}\n${vdir('a', '')}${vdir('b', more)}${pair}`;
  await writeFile(join(folder, 'pimsync.conf'), text);
}

/** The title of an event, and lines more. */
const put = (side: Side, uid: string, title: string, ...lines: readonly string[]): Promise<void> =>
  writeFile(
    join(folder, side, 'home', `${uid}.ics`),
    itemText('calendar', uid, title).replace('END:VEVENT', [...lines, 'END:VEVENT'].join('\r\n')),
  );

const read = (side: Side, uid: string): Promise<string> => readFile(join(folder, side, 'home', `${uid}.ics`), 'utf8');

async function titles(): Promise<Readonly<Record<string, readonly string[]>>> {
  const held: Record<string, string[]> = {};
  for (const side of ['a', 'b'] as const) {
    const names = (await readdir(join(folder, side, 'home'))).filter((name) => name.endsWith('.ics')).sort();
    const texts = await Promise.all(names.map((name) => read(side, name.replace('.ics', ''))));
    held[side] = texts.map((text) => /^SUMMARY:(.*)\r$/m.exec(text)?.[1] ?? '');
  }
  return held;
}

type Key = string | Press | (() => Promise<string | Press>);

/** A person who presses these keys, one for each question, and then nothing more. */
function outside(args: readonly string[], keys: readonly Key[] = [], signal?: AbortSignal) {
  const questions: string[] = [];
  const rest = [...keys];
  const terminal = {
    ask: async () => undefined,
    press: async (question: string): Promise<Press> => {
      questions.push(question);
      const key = rest.shift();
      const pressed = typeof key === 'function' ? await key() : (key ?? ({ type: 'ended' } as const));
      return typeof pressed === 'string' ? { type: 'key', key: pressed } : pressed;
    },
  };
  const env = { PATH: process.env['PATH'] ?? '' };
  const call = ['-c', join(folder, 'pimsync.conf'), '--color', 'never', ...args];
  return { ...fakeOutside(call, { terminal, env, ...(signal === undefined ? {} : { signal }) }), questions };
}

async function resolve(args: readonly string[], keys: readonly Key[] = [], signal?: AbortSignal) {
  const call = outside(['resolve-conflicts', ...args], keys, signal);
  return { status: await run(call), ...call.texts, questions: call.questions };
}

/** Two conflicts: of `one`, which merges, and of `two`, which does not. */
async function conflicts(): Promise<void> {
  await put('a', 'one', 'One', 'LOCATION:Here');
  await put('b', 'one', 'One of b');
  await put('a', 'two', 'Two of a');
  await put('b', 'two', 'Two of b');
}

const BOTH = { a: ['One', 'Two of a'], b: ['One of b', 'Two of b'] };

describe('a person who is asked about conflicts', () => {
  it('keeps either version, and the other goes to the history', async () => {
    await conflicts();
    expect(await resolve([], ['a', 'b'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('work: 1 updated on a; 1 updated on b\n'),
      questions: ['What becomes of it? [a,b,m,e,s,q,?]', 'What becomes of it? [a,b,m,e,s,q,?]'],
    });
    expect(await titles()).toEqual({ a: ['One', 'Two of b'], b: ['One', 'Two of b'] });
    const history = outside(['history', 'work']);
    await run(history);
    expect(history.texts.stdout).toMatch(
      /conflict.*Two of a[\s\S]*conflict.*One of b|conflict.*One of b[\s\S]*conflict.*Two of a/,
    );
    expect(await resolve([])).toMatchObject({ status: 0, stdout: 'work: no conflicts\n', questions: [] });
  });

  it('sees what each is about before the question', async () => {
    await conflicts();
    const { stderr, stdout } = await resolve([], ['s', 's']);
    expect(stderr).toBe(
      [
        'conflict 1 of 2',
        'work/home: "One" (one)',
        '  when: 2026-06-01 10:00 – 11:00 UTC',
        '  a: a, b: b',
        '  SUMMARY',
        '    a  One',
        '    b  One of b',
        '  LOCATION',
        '    a  Here',
        '    b  (not there)',
        '',
        'conflict 2 of 2',
        'work/home: "Two of a" (two)',
        '  when: 2026-06-01 10:00 – 11:00 UTC',
        '  a: a, b: b',
        '  SUMMARY',
        '    a  Two of a',
        '    b  Two of b',
        '',
      ].join('\n'),
    );
    expect(stdout).toBe('');
  });

  it('merges where that goes, and sees what overlaps where it does not', async () => {
    await conflicts();
    const { status, stderr } = await resolve([], ['m', 'm', 's']);
    expect(status).toBe(3);
    expect(await titles()).toEqual({ a: ['One of b', 'Two of a'], b: ['One of b', 'Two of b'] });
    for (const side of ['a', 'b'] as const) expect(await read(side, 'one')).toContain('LOCATION:Here');
    expect(stderr).toContain(
      '  they cannot be merged, since both sides changed this:\n  SUMMARY\n    a  Two of a\n    b  Two of b\n',
    );
  });

  it('may skip all, and nothing is done', async () => {
    await conflicts();
    await put('a', 'three', 'Three');
    expect(await resolve([], ['s', 's'])).toMatchObject({ status: 3, stdout: '' });
    expect(await titles()).toEqual({ a: ['One', 'Three', 'Two of a'], b: BOTH.b });
  });

  it.each([
    ['quits', 'q'],
    ['has no more to say', { type: 'ended' }],
  ] as const)('and %s: what was decided so far is done', async (_, key) => {
    await conflicts();
    expect(await resolve([], [key, 'b'])).toMatchObject({
      status: 3,
      stdout: '',
      questions: ['What becomes of it? [a,b,m,e,s,q,?]'],
    });
    expect(await titles()).toEqual(BOTH);
    expect(await resolve([], ['b', key])).toMatchObject({ status: 3 });
    expect(await titles()).toEqual({ a: ['One of b', 'Two of a'], b: ['One of b', 'Two of b'] });
  });

  it('and breaks it off: nothing is done', async () => {
    await conflicts();
    expect(await resolve([], ['b', { type: 'interrupted' }])).toMatchObject({ status: 130, stdout: '' });
    expect(await titles()).toEqual(BOTH);
    const controller = new AbortController();
    const told = async (): Promise<Press> => {
      controller.abort(new Interruption('SIGTERM'));
      return { type: 'interrupted' };
    };
    expect(await resolve([], ['b', told], controller.signal)).toMatchObject({ status: 143, stdout: '' });
    expect(await titles()).toEqual(BOTH);
  });

  it('gets help for whatever means nothing', async () => {
    await conflicts();
    const { stderr, questions } = await resolve([], ['?', 'x', 's', 's']);
    expect(questions).toHaveLength(4);
    expect(stderr.split('  s  leave this one as it is, for another time\n')).toHaveLength(3);
  });

  it('may think for long: nobody waits for it', async () => {
    await conflicts();
    const locked = async (): Promise<string> => {
      const terms = { waitMs: 0, onWait: () => undefined };
      return withPairLock(join(folder, 'status'), 'work', terms, async () => 'a');
    };
    expect(await resolve([], [locked, 'a'])).toMatchObject({ status: 0 });
  });

  it('SF4: settles what was shown; what changed meanwhile stays in conflict', async () => {
    await conflicts();
    const meanwhile = async (): Promise<string> => {
      await put('b', 'one', 'One of b, and later');
      return 'a';
    };
    const { status, stdout } = await resolve([], [meanwhile, 'a']);
    expect(status).toBe(3);
    expect(stdout).toContain(
      'work/home: held "One of b, and later" (one): it changed after it was shown, and stays in conflict\n',
    );
    expect(await titles()).toEqual({ a: ['One', 'Two of a'], b: ['One of b, and later', 'Two of a'] });
  });

  it('SF4: what somebody settled meanwhile is left alone, and told', async () => {
    await conflicts();
    const meanwhile = async (): Promise<string> => {
      await writeFile(join(folder, 'a/home/one.ics'), await read('b', 'one'));
      return 'a';
    };
    const { status, stderr } = await resolve([], [meanwhile, 's']);
    expect(status).toBe(3);
    expect(stderr).toContain('work/home: "One" (one) is no conflict any more, and nothing was done about it\n');
    expect(await titles()).toEqual({ a: ['One of b', 'Two of a'], b: BOTH.b });
  });

  it('SG4: cannot have a read-only side written', async () => {
    await conflicts();
    await configure('read_only');
    const { stderr } = await resolve([], ['a', 'm', 'b', 's']);
    expect(stderr.split('  b takes no writes, so this cannot be done\n')).toHaveLength(3);
    expect(await titles()).toEqual({ a: ['One of b', 'Two of a'], b: BOTH.b });
    expect(await resolve(['--keep', 'a'])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('"Two of a" (two) stays in conflict: a storage that would be written'),
    });
  });

  it('decides about properties, too', async () => {
    await writeFile(join(folder, 'a/home/color'), '#ff0000');
    await writeFile(join(folder, 'b/home/color'), '#00ff00');
    const { status, questions, stderr } = await resolve(['work/home'], ['m', 'b']);
    expect({ status, questions }).toEqual({
      status: 0,
      questions: ['What becomes of it? [a,b,s,q,?]', 'What becomes of it? [a,b,s,q,?]'],
    });
    expect(stderr).toContain('work/home: the property color\n  a: a, b: b\n    a  #ff0000\n    b  #00ff00\n');
    expect((await readFile(join(folder, 'a/home/color'), 'utf8')).trim()).toBe('#00ff00');
  });

  it('is a person', async () => {
    const refused = { status: 2, stdout: '', questions: [] };
    expect(await resolve(['--json'])).toMatchObject({ ...refused, stderr: expect.stringContaining('--keep a') });
    const call = fakeOutside(['-c', join(folder, 'pimsync.conf'), 'resolve-conflicts']);
    expect(await run(call)).toBe(2);
    expect(call.texts.stderr).toBe(
      'pimsync: resolve-conflicts asks on the terminal, and there is none\n' +
        '  "--keep a" or "--keep b" settles them all, and "--dry-run" only shows them\n',
    );
  });
});
