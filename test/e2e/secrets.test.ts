import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { type Ended, Machine, vdirAndCalDav } from './program.ts';

/** With what JSON, XML and URLs write differently. */
const CANARY = 'c4n4ry-"<&>%/ü';

const FORMS = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
  Buffer.from(`alice:${CANARY}`).toString('base64'),
  'c4n4ry',
];

let machine: Machine;
let server: DavServer;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer({ credentials: { username: 'alice', password: CANARY } });
  await mkdir(machine.path('calendars/home'), { recursive: true });
  await writeFile(machine.path('calendars/home/one.ics'), itemText('calendar', 'one', 'One'));
  await writeFile(machine.path('secret'), `${CANARY}\n`);
  machine.env = { DAV_PASSWORD: CANARY };
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

const configure = (password: string): Promise<void> =>
  machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote: `username alice\n${password}` }));

function expectNoSecret(text: string, where: string): void {
  for (const form of FORMS) expect(text.includes(form), `${form} in ${where}`).toBe(false);
}

function expectQuiet(ended: Ended, where: string): void {
  expectNoSecret(ended.stdout, `${where}: stdout`);
  expectNoSecret(ended.stderr, `${where}: stderr`);
}

describe('S1: a secret', () => {
  test.each([
    ['a literal', `password ${JSON.stringify(CANARY)}`],
    ['a program', `password { cmd cat SECRET; }`],
    ['a variable', 'password { env DAV_PASSWORD; }'],
    ['a file', 'password { file SECRET; }'],
  ])('from %s is in no output and no file of ours', async (_, password) => {
    await configure(password.replace('SECRET', JSON.stringify(machine.path('secret'))));
    for (const args of [
      ['check'],
      ['discover'],
      ['sync', '-n'],
      ['sync'],
      ['sync', '--full'],
      ['list', 'collections'],
    ]) {
      const ended = await machine.run('-v', 'trace', ...args);
      expect(ended.status, `${args.join(' ')}: ${ended.stderr}`).toBe(0);
      expectQuiet(ended, args.join(' '));
    }
    expectQuiet(await machine.run('-v', 'trace', '--json', 'sync', '--full'), 'JSON');
    expect(server.requests.length).toBeGreaterThan(0);
    const names = await readdir(machine.path('status'));
    expect(names).toContain('work.status');
    for (const name of names) expectNoSecret(await readFile(machine.path('status', name), 'latin1'), name);
  });

  test('is not in what is said of failures', async () => {
    await configure(`password ${JSON.stringify(CANARY)}`);
    for (const effect of ['html', 'cut-before', 'truncate'] as const) {
      const end = server.fault({ effect });
      expectQuiet(await machine.run('-v', 'trace', 'sync'), effect);
      end();
    }
    server.behave({ credentials: { username: 'alice', password: 'another' } });
    const refused = await machine.run('-v', 'trace', 'check');
    expect(refused.status).toBe(1);
    expectQuiet(refused, 'refused');
  });

  test('is not in what is said of mistakes in its line', async () => {
    for (const wrong of [`pasword ${JSON.stringify(CANARY)}`, `password ${JSON.stringify(CANARY)} twice`]) {
      await configure(wrong);
      const ended = await machine.run('sync');
      expect(ended.status).toBe(2);
      expectQuiet(ended, wrong.slice(0, 8));
    }
  });

  test('of a program that fails is not told', async () => {
    await configure(`password { shell ${JSON.stringify(`printf '%s' '${CANARY}'; exit 1`)}; }`);
    const ended = await machine.run('-v', 'trace', 'sync');
    expect(ended.status).toBe(1);
    expectQuiet(ended, 'a failing program');
  });
});

describe('S11: a password', () => {
  test('is not sent over plain http to another machine', async () => {
    await machine.configure(
      vdirAndCalDav(machine.path('calendars'), 'http://dav.example.invalid/', {
        remote: `username alice\npassword ${JSON.stringify(CANARY)}`,
      }),
    );
    const ended = await machine.run('sync');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/allow_insecure_auth/);
    expectQuiet(ended, 'plain http');
  });
});
