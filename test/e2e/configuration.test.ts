import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.make();
});
afterEach(() => machine.remove());

describe('a configuration', () => {
  test('that is not there is told, with 2', async () => {
    const { status, stdout, stderr } = await machine.run('sync');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/there is no configuration .*pimsync\.conf\n {2}write one/);
  });

  test("in the original's notation is told, with the way to convert it", async () => {
    const scfg = 'storage cal {\n\ttype caldav\n\turl https://caldav.example.com/\n}\n# and so on\n';
    await writeFile(machine.path('pimsync.conf'), scfg);
    const { status, stderr } = await machine.run('check');
    expect(status).toBe(2);
    expect(stderr).toMatch(/pimsync\.conf:3:\d+: /);
    expect(stderr).toMatch(/import-config/);
  });

  test('has all its mistakes told at once, and nothing is touched', async () => {
    const text = vdirAndCalDav(machine.path('calendars'), 'http://127.0.0.1:1/', {
      remote: 'timeot "1s"\npassword { shell "touch fetched" }\ntimeout "2s"',
      pair: 'colections all',
    });
    await machine.configure(text);
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(2);
    expect(stderr).toMatch(/unknown directive "timeot".*did you mean "timeout"/);
    expect(stderr).toMatch(/unknown directive "colections".*did you mean "collections"/);
    expect(stderr).toMatch(/"timeout"/);
    expect(await readdir(machine.folder)).toEqual(['home', 'pimsync.conf']);
  });

  test('whose password others may read draws a warning', async () => {
    await mkdir(machine.path('calendars'));
    const remote = 'username mira\npassword hunter2';
    await machine.configure(vdirAndCalDav(machine.path('calendars'), 'http://127.0.0.1:1/', { remote }));
    expect((await machine.run('list', 'pairs')).stderr).toBe('');
    await rm(machine.path('pimsync.conf'));
    const text = vdirAndCalDav(machine.path('calendars'), 'http://127.0.0.1:1/', { remote });
    await writeFile(machine.path('pimsync.conf'), text, { mode: 0o644 });
    const { status, stderr } = await machine.run('list', 'pairs');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: .*can be read by others/);
    expect(stderr).not.toContain('hunter2');
    expect((await machine.run('-v', 'error', 'list', 'pairs')).stderr).toBe('');
  });
});

describe('the environment', () => {
  test('S12: must not switch off the check of certificates', async () => {
    machine.env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { status, stderr } = await machine.run('sync');
    expect(status).toBe(2);
    expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
    expect((await machine.run('version')).status).toBe(0);
  });
});

describe('a password command', () => {
  let server: DavServer;
  beforeEach(async () => {
    server = await startDavServer({ credentials: { username: 'alice', password: 'right' } });
    await mkdir(machine.path('calendars'));
  });
  afterEach(() => server.close());

  const password = (source: string): Promise<void> =>
    machine.configure(
      vdirAndCalDav(machine.path('calendars'), server.url, { remote: `username alice\npassword {\n${source}\n}` }),
    );

  test.each([
    ['fails', 'shell "echo LEAK; echo locked >&2; exit 3"', /could not get .*password.*status 3: locked/],
    ['hangs', 'cmd sleep 60\ntimeout "1s"', /"sleep" took longer than 1 s and was ended/],
    ['says nothing', 'cmd "true"', /"true" gave no text/],
    ['is not there', 'cmd no-such-program', /"no-such-program" was not found/],
    ['wants a person', 'prompt "Password?"', /there is no terminal to ask at/],
  ])('that %s fails the pair, and no server is asked', async (_, source, message) => {
    await password(source);
    const { status, stdout, stderr } = await machine.run('sync');
    expect(status).toBe(source.startsWith('prompt') ? 2 : 1);
    expect(stderr).toMatch(message);
    expect(stdout + stderr).not.toContain('LEAK');
    expect(server.requests).toHaveLength(0);
    const check = await machine.run('check');
    expect(check.status).toBe(1);
    expect(check.stdout).toMatch(/^local .*0 collections$/m);
    expect(check.stdout).toMatch(message);
  });

  test('that works is enough', async () => {
    await password('cmd echo right');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
  });

  test('of one pair that fails does not stop another', async () => {
    const other = '\nstorage here { type "vdir/icalendar"; path PATH; }\n'.replace(
      'PATH',
      JSON.stringify(machine.path('here')),
    );
    const pair = '\npair copies {\n storage_a local\n storage_b here\n collections all\n}\n';
    const remote = 'username alice\npassword {\ncmd "false"\n}';
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote }) + other + pair);
    const { status, stdout, stderr } = await machine.run('sync');
    expect(status).toBe(1);
    expect(stdout).toBe('copies: nothing to do\n');
    expect(stderr).toMatch(/^work: could not get /);
  });
});
