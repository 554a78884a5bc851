import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { fetchValues } from '../../src/config/secret.ts';
import { CommandError, ExpectedError } from '../../src/model/errors.ts';
import { Redacted } from '../../src/system/redacted.ts';
import type { Terminal } from '../../src/system/terminal-prompt.ts';
import { declaredTypes } from './storage-types.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-secret-'));
});
afterAll(() => rm(folder, { recursive: true }));

const PATH = '/usr/bin:/bin';
const home = { directory: '/home/mira', statusPath: '/status' };

async function fetched(
  text: string,
  {
    names = ['s'],
    env = {},
    terminal,
  }: { names?: readonly string[]; env?: Readonly<Record<string, string>>; terminal?: Terminal } = {},
) {
  const read = await readConfig(text, 'pimsync.conf', declaredTypes, home);
  if (read.type === 'mistakes') throw new Error(read.rendered.join('\n'));
  const values = await fetchValues(read.config, names, { env: { PATH, ...env }, terminal });
  for (const error of values.failures.values()) throw error;
  return values;
}

const storage = (directives: string, name = 's'): string =>
  `storage ${name} {\n type caldav\n url "https://h/"\n username u\n ${directives}\n}\n`;

async function passwordFrom(source: string, more: Parameters<typeof fetched>[1] = {}): Promise<string | undefined> {
  const { settings } = await fetched(storage(`password { ${source}; }`), more);
  const password = settings.get('s')?.get('password');
  return password instanceof Redacted ? password.reveal() : undefined;
}

async function failureOf(source: string, more: Parameters<typeof fetched>[1] = {}): Promise<ExpectedError> {
  const error: unknown = await passwordFrom(source, more).catch((reason: unknown) => reason);
  if (error instanceof ExpectedError) return error;
  throw new Error(`${source} gave a value`, { cause: error });
}

const terminalThatAnswers = (answer: string | undefined) => {
  const asked: string[] = [];
  const terminal: Terminal = {
    ask: async (question, how) => {
      asked.push(`${question} ${how}`);
      return answer;
    },
  };
  return { terminal, asked };
};

describe('a value', () => {
  it('comes from where the configuration says', async () => {
    await writeFile(join(folder, 'secret'), 'from a file\n');
    expect(await passwordFrom('cmd printf "%s %s" "$HOME" b')).toBe('$HOME b');
    expect(await passwordFrom('shell "echo $A; exit 0"', { env: { A: 'x' } })).toBe('x');
    expect(await passwordFrom('env A', { env: { A: 'from outside' } })).toBe('from outside');
    expect(await passwordFrom(`file "${join(folder, 'secret')}"`)).toBe('from a file');
    expect(await passwordFrom('file "%d/secret"', { env: { CREDENTIALS_DIRECTORY: folder } })).toBe('from a file');
  });

  it('is hidden wherever it is shown', async () => {
    const { settings } = await fetched(storage('password { cmd echo hunter2; }'));
    expect(JSON.stringify([...(settings.get('s') ?? [])])).toContain('[secret]');
    expect(JSON.stringify([...(settings.get('s') ?? [])])).not.toContain('hunter2');
  });

  it('that is given in the file is handed on as it is', async () => {
    const { settings, statusPath } = await fetched(storage('connections 3'));
    expect(statusPath).toBe('/status');
    expect(Object.fromEntries(settings.get('s') ?? [])).toEqual({
      url: 'https://h/',
      username: 'u',
      connections: 3,
      timeout: 30,
      collection_id_segment: 'last',
    });
  });

  it('loses one line end behind it, and nothing else', async () => {
    const ends: readonly (readonly [string, string])[] = [
      ['x\\n', 'x'],
      ['x\\r\\n', 'x'],
      [' x \\t\\n', ' x \t'],
      ['x', 'x'],
      ['\\357\\273\\277x', '\ufeffx'],
    ];
    for (const [written, value] of ends)
      expect(await passwordFrom(`cmd printf ${JSON.stringify(written)}`)).toBe(value);
  });

  it('is one line of text', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['', /no text/],
      ['\\n', /no text/],
      ['a\\nb\\n', /several lines/],
      ['a\\n\\n', /several lines/],
      ['a\\rb', /several lines/],
      ['a\\000b', /NUL/],
      ['\\377', /UTF-8/],
    ];
    for (const [written, message] of wrong) {
      expect((await failureOf(`cmd printf ${JSON.stringify(written)}`)).message).toMatch(message);
    }
  });

  it('must be what its directive wants', async () => {
    const path = 'storage s {\n type "vdir/vcard"\n path { cmd echo VALUE; }\n}';
    expect((await fetched(path.replace('VALUE', '"~/x"'))).settings.get('s')?.get('path')).toBe('/home/mira/x');
    await expect(fetched(path.replace('VALUE', '"x"'))).rejects.toThrow(/"path" of storage "s": .*relative path/);
    await expect(fetched('status_path { env S; }', { env: { S: 'x' }, names: [] })).rejects.toThrow(ConfigError);
  });

  it('may be what the storage type finds wrong only then', async () => {
    const url = 'storage s {\n type caldav\n url { cmd echo "https://h/"; }\n password "x"\n}';
    await expect(fetched(url)).rejects.toThrow('storage "s": "password" needs "username"');
  });
});

describe('a program that gives a value', () => {
  it('is run for the storages that are used only, and each once', async () => {
    const log = join(folder, 'log');
    const password = (name: string) => `password { shell "echo ${name} >> ${log}; echo x"; }`;
    const text = `${storage(password('one'), 'a')}${storage(password('one'), 'b')}${storage(password('two'), 'c')}${storage(password('three'), 'd')}`;
    const { settings } = await fetched(text, { names: ['c', 'a', 'b'] });
    expect([...settings.keys()]).toEqual(['c', 'a', 'b']);
    expect(await readFile(log, 'utf8')).toBe('two\none\n');
  });

  it('that fails is named, with what it says, but without its arguments and its output', async () => {
    const error = await failureOf('cmd sh "-c" "echo hunter2; echo locked >&2; exit 7"');
    expect(error).toBeInstanceOf(CommandError);
    expect(error.message).toBe('could not get "password" of storage "s": the program "sh" ended with status 7: locked');
    const killed = await failureOf('shell "echo hunter2; echo locked >&2; kill -9 $$"');
    expect(killed.message).toBe(
      'could not get "password" of storage "s": the "shell" text was ended by SIGKILL: locked',
    );
  });

  it('that is not there is named', async () => {
    expect((await failureOf('cmd no-such-program-here hunter2')).message).toMatch(
      /"no-such-program-here" was not found$/,
    );
  });

  it('that takes too long is ended', async () => {
    const error = await failureOf('shell "sleep 300"; timeout 1');
    expect(error.message).toMatch(/took longer than 1 s and was ended$/);
  });

  it('that writes too much is ended', async () => {
    expect((await failureOf('cmd yes hunter2')).message).toMatch(/far more than one line and was ended$/);
  });

  it('that fails is run once, and fails only the storages that need it', async () => {
    const count = join(folder, 'runs');
    const failing = `password { shell "echo run >> ${count}; exit 1"; }`;
    const text = storage(failing, 'a') + storage(failing, 'b') + storage('password x', 'c');
    const read = await readConfig(text, 'pimsync.conf', declaredTypes, home);
    if (read.type === 'mistakes') throw new Error(read.rendered.join('\n'));
    const values = await fetchValues(read.config, ['a', 'b', 'c'], { env: { PATH }, terminal: undefined });
    expect([...values.failures.keys()]).toEqual(['a', 'b']);
    expect([...values.settings.keys()]).toEqual(['c']);
    expect(await readFile(count, 'utf8')).toBe('run\n');
  });

  it('does not see the secrets of the environment', async () => {
    const text = `${storage('password { env DAV_SECRET; }', 'a')}${storage('password { shell "echo -$DAV_SECRET-$OTHER"; }')}`;
    const { settings } = await fetched(text, { env: { DAV_SECRET: 'hunter2', OTHER: 'y' } });
    const password = settings.get('s')?.get('password');
    expect(password instanceof Redacted && password.reveal()).toBe('--y');
  });
});

describe('a person', () => {
  const twice = storage('password { prompt "Password?"; }', 'a') + storage('password { prompt "Password?"; }', 'b');

  it('is asked once, and a secret is not shown', async () => {
    const { terminal, asked } = terminalThatAnswers('hunter2');
    await fetched(twice, { names: ['a', 'b'], terminal });
    expect(asked).toEqual(['Password? hidden']);
  });

  it('sees what is no secret', async () => {
    const { terminal, asked } = terminalThatAnswers('/x');
    await fetched('status_path { prompt "Where?"; }', { names: [], terminal });
    expect(asked).toEqual(['Where? shown']);
  });

  it('must be there, and answer', async () => {
    expect((await failureOf('prompt "Password?"')).message).toMatch(/no terminal/);
    const { terminal } = terminalThatAnswers(undefined);
    expect((await failureOf('prompt "Password?"', { terminal })).message).toMatch(/not answered/);
  });
});

describe('a source that has no value', () => {
  it('is named', async () => {
    expect((await failureOf('env NOT_SET')).message).toMatch(/variable NOT_SET is not set$/);
    expect((await failureOf('env EMPTY', { env: { EMPTY: '' } })).message).toMatch(/variable EMPTY gave no text$/);
    expect((await failureOf(`file "${join(folder, 'none')}"`)).message).toMatch(/none cannot be read: ENOENT$/);
    expect((await failureOf(`file "${folder}"`)).message).toMatch(/cannot be read: EISDIR$/);
    expect((await failureOf('file "/dev/zero"')).message).toMatch(/far more than one line$/);
    expect((await failureOf('file "%d/x"')).message).toMatch(/CREDENTIALS_DIRECTORY, which is not set$/);
  });
});
