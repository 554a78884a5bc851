import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
let server: DavServer;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  server.content.addCalendar('home');
  await mkdir(machine.path('calendars/home'), { recursive: true });
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

const configure = (hook: string, more = ''): Promise<void> =>
  machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { pair: `hook { ${hook} }`, remote: more }));

const addItem = (uid: string): Promise<void> =>
  writeFile(machine.path(`calendars/home/${uid}.ics`), itemText('calendar', uid, 'Dentist'));

describe('a hook', () => {
  test('is run once after a run that changed something, with the summary', async () => {
    await configure(`cmd sh -c "cat >> ${machine.path('told')}"`);
    await machine.run('sync');
    await addItem('one');
    expect(await machine.run('sync', '-n')).toMatchObject({ status: 0 });
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    await machine.run('sync');
    const lines = (await readFile(machine.path('told'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      type: 'summary',
      v: 1,
      pair: 'work',
      outcome: 'done',
      written: { b: { created: 1 } },
    });
  });

  test('may run the pair itself', async () => {
    await configure('cmd sh -c "$PIMSYNC list pairs && $PIMSYNC sync work >> told"');
    machine.env = { PIMSYNC: `${process.execPath} ${machine.main} -c ${machine.path('pimsync.conf')}` };
    await addItem('one');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    expect(await readFile(machine.path('told'), 'utf8')).toBe('work: nothing to do\n');
  });

  test('that fails is a warning', async () => {
    await configure('cmd sh -c "echo no room >&2; exit 3"');
    await addItem('one');
    expect(await machine.run('sync')).toMatchObject({
      status: 0,
      stderr: 'warning: work: the hook "sh" ended with status 3: no room\n',
    });
    await configure('cmd no-such-program');
    await addItem('two');
    expect((await machine.run('sync')).stderr).toBe('warning: work: the hook "no-such-program" was not found\n');
  });

  test('S1: sees no variable that holds a secret', async () => {
    machine.env = { DAV_PASSWORD: 'geheim' };
    await configure('cmd sh -c "env >> env"', 'username alice\n password { env DAV_PASSWORD }');
    await addItem('one');
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    expect(await readFile(machine.path('env'), 'utf8')).not.toContain('geheim');
  });
});
