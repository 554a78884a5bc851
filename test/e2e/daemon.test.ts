import { mkdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { itemText } from '../support/item-text.ts';
import { daemonBench, quiet, until } from './daemon-bench.ts';
import { vdirAndCalDav } from './program.ts';

const bench = daemonBench();

describe('the daemon', () => {
  test('says that it is ready, syncs, and brings over what changes, for three requests at most', async () => {
    const { server, calendar, start, file, write, asked, untilSynced } = bench();
    await write('one');
    server.content.put(`${calendar}two.ics`, itemText('calendar', 'two', 'Two'));
    const daemon = await start();
    expect(await daemon.ready).toBe('READY=1\n');
    await untilSynced(2);
    await quiet();
    server.takeRequests();
    await write('one', 'Edited');
    await until(() => [...server.content.items(calendar).values()].some((text) => text.includes('Edited')));
    await quiet();
    expect(asked().length).toBeLessThanOrEqual(3);
    await unlink(file('one'));
    await untilSynced(1);
    await daemon.untilLogged(/1 deleted/);
    const lines = [
      expect.stringMatching(/keeps 1 pair in sync/),
      'info: work/home: created "one" (one) on remote',
      'info: work/home: created "Two" (two) on local',
      expect.stringMatching(
        /^info: work: 1 created on local; 1 created on remote \([0-9]+ ms, requests: 0 and [0-9]+\)$/,
      ),
      'info: work/home: updated "Edited" (one) on remote',
      expect.stringMatching(/^info: work: 1 updated on remote/),
      'info: work/home: deleted "Edited" (one) from remote',
      expect.stringMatching(/^info: work: 1 deleted on remote/),
    ];
    // What is written at once ends in any order.
    expect(daemon.log).toEqual(expect.arrayContaining(lines));
    expect(daemon.log).toHaveLength(lines.length);
  });

  test('takes over what changed on the server each interval, and asks once where nothing did', async () => {
    const { machine, server, calendar, start, asked, untilSynced } = bench();
    await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { remote: 'interval 2' }));
    const daemon = await start();
    await daemon.untilLogged(/keeps 1 pair/);
    server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
    await untilSynced(1);
    await quiet();
    server.takeRequests();
    await quiet(4000);
    expect(new Set(asked())).toEqual(new Set(['propfind']));
  });

  test('notices new collections, and a directory that is put in the place of the watched one', async () => {
    const { machine, server, calendar, start, write, untilSynced } = bench();
    const daemon = await start();
    await mkdir(machine.path('calendars/new'));
    await writeFile(machine.path('calendars/new/two.ics'), itemText('calendar', 'two', 'Two'));
    await daemon.untilLogged(/work\/new: created "Two"/);
    await rename(machine.path('calendars'), machine.path('old'));
    await daemon.untilLogged(/^error: work: local: there is no directory/);
    await rename(machine.path('old'), machine.path('calendars'));
    await daemon.untilLogged(/over: work: local/);
    await write('three');
    await daemon.untilLogged(/created "three"/);
    await untilSynced(1);
    expect(server.content.items(calendar).size).toBe(1);
  });

  test('does not notice what editors and programs put beside items', async () => {
    const { machine, server, start, write, asked, untilSynced } = bench();
    await write('one');
    await start();
    await untilSynced(1);
    await quiet();
    server.takeRequests();
    for (const name of ['.one.ics.swp', '4913', 'one.ics~', '.syncthing.one.ics.tmp', '.#one.ics', 'x.tmp']) {
      const path = join(machine.path('calendars/home'), name);
      await writeFile(path, 'x');
      await unlink(path);
    }
    await quiet(2500);
    expect(asked()).toEqual([]);
  });

  test('takes a file that is written slowly when it is whole', async () => {
    const { start, file, untilSynced } = bench();
    const daemon = await start();
    const text = itemText('calendar', 'slow', 'Slow');
    await writeFile(file('slow'), text.slice(0, 60));
    await daemon.untilLogged(/warning: work\/home: held the item at slow.ics/);
    await writeFile(file('slow'), text);
    await untilSynced(1);
    await daemon.untilLogged(/warning: over: work\/home: held the item at slow.ics/);
  });

  test('is one for a status, and leaves room for other commands', async () => {
    const { machine, start } = bench();
    const daemon = await start();
    const other = await machine.run('daemon');
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(new RegExp(`another daemon runs already \\(process ${daemon.child.pid}\\)`));
    expect(await machine.run('sync')).toMatchObject({ status: 0, stderr: '' });
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
    const next = await start();
    expect(await next.ready).toBe('READY=1\n');
  });

  test('goes on when nobody reads its log any more', async () => {
    const { server, calendar, start, write } = bench();
    const daemon = await start();
    daemon.child.stderr?.destroy();
    for (const uid of ['one', 'two', 'three']) {
      await write(uid);
      await until(() => [...server.content.items(calendar).values()].some((text) => text.includes(`UID:${uid}`)));
    }
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('J1 starts without its server, says so once, and when it is there', async () => {
    const { server, start, write, untilSynced } = bench();
    server.fault({ effect: 'cut-before' });
    await write('one');
    const daemon = await start();
    expect(await daemon.ready).toBe('READY=1\n');
    await daemon.untilLogged(/^warning: work: could not find calendars/);
    for (const _ of [1, 2]) {
      daemon.signal('SIGUSR1');
      await quiet(300);
    }
    server.clearFaults();
    daemon.signal('SIGUSR1');
    await untilSynced(1);
    await daemon.untilLogged(/over/);
    expect(daemon.log.filter((line) => /could not/.test(line))).toEqual([
      expect.stringMatching(/^warning: work: could not/),
      expect.stringMatching(/^warning: over: work: could not/),
    ]);
  });
});

test('a directory that is gone at the start, as an unmounted one, is waited for', async () => {
  const { machine, start, file, write, untilSynced } = bench();
  await write('one');
  await write('two');
  await machine.run('sync');
  await rename(machine.path('calendars'), machine.path('elsewhere'));
  const daemon = await start();
  expect(await daemon.ready).toBe('READY=1\n');
  await daemon.untilLogged(/error: work: local/);
  await rename(machine.path('elsewhere'), machine.path('calendars'));
  await daemon.untilLogged(/over: work: local/);
  await untilSynced(2);
  await rm(file('one'));
  await untilSynced(1);
});
