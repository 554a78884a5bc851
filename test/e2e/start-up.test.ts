import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
let server: DavServer;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  await mkdir(machine.path('calendars'));
  const pair = 'conflict_resolution merge';
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { pair }));
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

/** Words that stand in a large package's own code. */
const MARKS = {
  commander: 'CommanderError',
  execa: 'execaNode',
  ical: 'jCal',
  kdljs: 'chevrotain',
  chokidar: 'awaitWriteFinish',
};

/** Which of them a call of the program loads. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  machine.env = { NODE_DEBUG: 'esm' };
  const { stderr } = await machine.run(...args);
  const names = new Set([...stderr.matchAll(/([\w-]+\.js)\b/g)].map(([, name = '']) => name));
  const folder = dirname(machine.main);
  const texts = await Promise.all(
    [...names].map((name) => readFile(join(folder, basename(name)), 'utf8').catch(() => '')),
  );
  return Object.entries(MARKS).flatMap(([name, mark]) => (texts.some((text) => text.includes(mark)) ? [name] : []));
}

test('a run with nothing to do loads no parser of items or of the configuration, and starts no program', async () => {
  const calendar = server.content.addCalendar('home');
  server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
  expect(await loadedBy('sync')).toEqual(['commander', 'kdljs']);
  expect(await loadedBy('sync')).toEqual(['commander']);
});
