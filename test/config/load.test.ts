import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { declaredTypes } from './storage-types.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-load-'));
});
afterAll(() => rm(folder, { recursive: true }));

const home = { directory: '/home/mira', statusPath: '/status' };
const load = (name: string) => loadConfig(join(folder, name), declaredTypes, home);

async function save(name: string, content: string | Uint8Array, mode: number): Promise<void> {
  await writeFile(join(folder, name), content);
  await chmod(join(folder, name), mode);
}

async function failureOf(name: string): Promise<ConfigError> {
  const error: unknown = await load(name).catch((reason: unknown) => reason);
  if (error instanceof ConfigError) return error;
  throw new Error(`${name} was read`, { cause: error });
}

const withPassword = (password: string): string =>
  `storage office {\n type caldav\n url "https://h/"\n username u\n ${password}\n}\n`;

describe('a configuration file', () => {
  it('that is not there, or no file, is an error with a hint', async () => {
    await mkdir(join(folder, 'directory.conf'));
    for (const name of ['none.conf', 'directory.conf']) {
      const error = await failureOf(name);
      expect(error.message).toContain(join(folder, name));
      expect(error.hint).toContain('-c FILE');
    }
  });

  it('that is not UTF-8 is an error', async () => {
    await save('latin1.conf', Uint8Array.of(0x2f, 0x2f, 0xe9), 0o600);
    expect((await failureOf('latin1.conf')).message).toContain('is not UTF-8');
  });

  it('with mistakes is an error that holds them all', async () => {
    await save('wrong.conf', 'histroy 5\nhistory x\n', 0o600);
    const error = await failureOf('wrong.conf');
    expect(error.mistakes).toHaveLength(2);
    for (const mistake of error.mistakes) expect(error.message).toContain(mistake);
    expect(error.mistakes[0]).toMatch(/wrong\.conf:1:1: unknown directive "histroy"/);
    expect(error.hint).toBeUndefined();
  });

  it('in the other notation is an error that names the command which converts it', async () => {
    await save('scfg.conf', 'storage x {\n\ttype caldav\n\turl https://h/\n}\n', 0o600);
    expect((await failureOf('scfg.conf')).hint).toContain(`pimsync import-config ${join(folder, 'scfg.conf')}`);
  });

  it('with a password in it draws a warning when others can read it', async () => {
    await save('open.conf', withPassword('password "hunter2"'), 0o644);
    await save('closed.conf', withPassword('password "hunter2"'), 0o600);
    await save('fetched.conf', withPassword('password { cmd x; }'), 0o644);
    const { warnings } = await load('open.conf');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/password of storage "office".*can be read by others/);
    expect(warnings[0]).not.toContain('hunter2');
    expect((await load('closed.conf')).warnings).toEqual([]);
    expect((await load('fetched.conf')).warnings).toEqual([]);
  });
});
