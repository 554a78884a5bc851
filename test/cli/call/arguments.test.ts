import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/call/arguments.ts';
import { UsageError } from '../../../src/model/errors.ts';

function errorOf(...args: readonly string[]): UsageError {
  try {
    readArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${args.join(' ')} is no mistake`);
}

const helpOf = (...args: readonly string[]): string => {
  const read = readArguments(args);
  return read.type === 'help' ? read.text : '';
};

describe('a call', () => {
  const allow = { empty: false, delete: false, rollback: false };
  const options = { config: undefined, level: 'warn', json: false, color: 'auto' };
  const plain = { name: 'sync', pairs: [], dryRun: false, interactive: false, full: false, allow };

  test('of resolve-conflicts shows, or lets a side win, or asks', () => {
    const asking = { name: 'resolve-conflicts', pairs: [], dryRun: false, keep: undefined };
    const call = (...args: readonly string[]) => readArguments(['resolve-conflicts', ...args]);
    expect(call()).toEqual({ type: 'run', command: asking, options });
    expect(call('-n', 'a', 'b/c')).toMatchObject({ command: { ...asking, pairs: ['a', 'b/c'], dryRun: true } });
    expect(call('--keep', 'b')).toMatchObject({ command: { ...asking, keep: 'b' } });
    expect(errorOf('resolve-conflicts', '--keep', 'c').message).toContain('Allowed choices are a, b');
    expect(errorOf('resolve-conflicts', '-n', '--keep', 'a').message).toContain('cannot be used with');
  });

  test('of sync has its options', () => {
    expect(readArguments(['sync'])).toEqual({ type: 'run', command: plain, options });
    expect(
      readArguments(['sync', '-n', '--full', '--allow-empty', '--allow-delete', '--allow-rollback', 'a', 'b/c']),
    ).toEqual({
      type: 'run',
      command: {
        ...plain,
        pairs: ['a', 'b/c'],
        dryRun: true,
        full: true,
        allow: { empty: true, delete: true, rollback: true },
      },
      options,
    });
    expect(readArguments(['sync', '--interactive'])).toMatchObject({ command: { interactive: true } });
  });

  test('has global options before the command, or after it', () => {
    const given = { config: 'f', level: 'trace', json: true, color: 'never' };
    const words = ['-c', 'f', '-v', 'trace', '--json', '--color', 'never'];
    expect(readArguments([...words, 'check', 'a'])).toMatchObject({ command: { name: 'check' }, options: given });
    expect(readArguments(['check', 'a', ...words])).toMatchObject({ command: { pairs: ['a'] }, options: given });
  });

  test('may ask for names or the version', () => {
    expect(readArguments(['list', 'pairs'])).toMatchObject({ command: { name: 'list', what: 'pairs' } });
    expect(readArguments(['discover', 'a'])).toMatchObject({ command: { name: 'discover', pairs: ['a'] } });
    expect(readArguments(['completion', 'zsh'])).toMatchObject({ command: { name: 'completion', shell: 'zsh' } });
    expect(readArguments(['version'])).toMatchObject({ command: { name: 'version' } });
    expect(readArguments(['--version', '--json'])).toMatchObject({ command: { name: 'version' } });
  });

  test('of restore names versions, a run, or a file', () => {
    const nothing = { name: 'restore', pair: 'a', versions: [], run: undefined, to: undefined, dryRun: false };
    expect(readArguments(['restore', 'a', '1f', '2e'])).toMatchObject({
      command: { ...nothing, versions: ['1f', '2e'] },
    });
    expect(readArguments(['restore', '-n', 'a', '--run', '12'])).toMatchObject({
      command: { ...nothing, run: 12, dryRun: true },
    });
    expect(readArguments(['restore', 'a', '1f', '--to', '-'])).toMatchObject({
      command: { ...nothing, versions: ['1f'], to: '-' },
    });
    expect(readArguments(['history', 'a/b', 'uid'])).toMatchObject({ command: { pair: 'a/b', uid: 'uid' } });
    expect(readArguments(['status', 'a'])).toMatchObject({ command: { name: 'status', pairs: ['a'] } });
    expect(readArguments(['forget', '-y', 'a', 'b/c'])).toMatchObject({ command: { names: ['a', 'b/c'], yes: true } });
    expect(readArguments(['repair', '-n'])).toMatchObject({ command: { storages: [], dryRun: true } });
  });

  test('of the daemon may name a descriptor', () => {
    const command = { name: 'daemon', pairs: ['a'], readyDescriptor: 3 };
    expect(readArguments(['daemon', '-r', '3', 'a'])).toMatchObject({ command });
    expect(readArguments(['daemon', '--ready-fd', '3', 'a'])).toMatchObject({ command });
    expect(readArguments(['daemon'])).toMatchObject({ command: { pairs: [], readyDescriptor: undefined } });
    expect(errorOf('daemon', '-r', 'three').message).toMatch(/not a number/);
  });

  test('may ask for help', () => {
    for (const text of [helpOf('--help'), helpOf('help'), helpOf('-h')]) expect(text).toContain('discover');
    for (const text of [helpOf('sync', '--help'), helpOf('help', 'sync')]) expect(text).toContain('--allow-rollback');
  });
});

describe('a mistake', () => {
  test.each([
    [['sycn'], "unknown command 'sycn'", 'Did you mean sync?'],
    [['sync', '--alow-empty'], "unknown option '--alow-empty'", 'Did you mean --allow-empty?'],
    [[], 'no command is given', '"pimsync help" shows the commands'],
    [['-v', 'loud', 'sync'], /Allowed choices are error, warn, info, debug, trace/, /help/],
    [['sync', '-n', '-i'], /cannot be used with/, /help/],
    [['list'], /missing required argument/, /help/],
    [['list', 'things'], /Allowed choices/, /help/],
    [['version', 'x'], /too many arguments/, /help/],
    [['-c'], /argument missing/, /help/],
    [['restore', 'a'], 'no version is named', /pimsync history/],
    [['restore', 'a', '1f', '--run', '2'], /--run stands for versions/, /pimsync history/],
    [['restore', 'a', '--run', '1.5'], /It is not a number/, /help/],
    [['restore', 'a', '1f', '2e', '--to', 'f'], '--to takes one version', /pimsync history/],
    [['restore', '-n', 'a', '1f', '--to', 'f'], /cannot be used with/, /help/],
    [['history'], /missing required argument/, /help/],
    [['forget'], /missing required argument/, /help/],
  ])('in %j is told', (args, message, hint) => {
    const error = errorOf(...args);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  test.each(['init'])('is to call %s, which is not there yet', (name) => {
    expect(errorOf(name).message).toBe(`unknown command '${name}'`);
  });
});

describe('pimsync(1)', () => {
  const manual = readFileSync(join(import.meta.dirname, '../../../man/pimsync.1'), 'utf8');
  const commands = [...helpOf('help').matchAll(/^ {2}([a-z]+)( |$)/gm)].map(([, name = '']) => name);

  test.each(commands)('describes %s and its options', (name) => {
    expect(manual).toMatch(new RegExp(`^\\.(It )?Cm ${name}\\b`, 'm'));
    const text = name === 'help' ? helpOf('help') : helpOf('help', name);
    for (const [, option = ''] of text.matchAll(/--([a-z-]+)/g)) {
      expect(manual).toContain(`Fl \\-${option.replaceAll('-', '\\-')}`);
    }
  });

  test('describes all types of JSON', () => {
    const folder = join(import.meta.dirname, '../../../src/cli');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const source = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    const types = [...source.matchAll(/(?:printJson\([\w.]+, |visibleJson\(\{ type: )'([a-z-]+)'/g)].map(
      ([, type = '']) => type,
    );
    expect(types).toContain('plan');
    expect(types.filter((type) => !manual.includes(`\n.It Cm ${type}\n`))).toEqual([]);
  });
});
