import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect } from 'vitest';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';
import { type DaemonOptions, type RunningDaemon, startDaemon } from './running-daemon.ts';

/** A machine with a pair `work` between a directory and a server, and daemons on it. New for each test. */
export interface DaemonBench {
  readonly machine: Machine;
  readonly server: DavServer;
  /** The one collection on the server. */
  readonly calendar: string;
  start(options?: DaemonOptions): Promise<RunningDaemon>;
  /** Ends with the test, whatever becomes of it. */
  adopt(daemon: RunningDaemon): RunningDaemon;
  /** The file of an item in the directory of the one collection. */
  file(uid: string): string;
  write(uid: string, title?: string): Promise<void>;
  /** What the server was asked since the last time. */
  asked(): readonly string[];
  /** Both sides hold the same, so many items. */
  untilSynced(count: number): Promise<void>;
}

/** For the tests of a file; ask for it within a test. */
export function daemonBench(): () => DaemonBench {
  let bench: DaemonBench | undefined;
  const daemons: RunningDaemon[] = [];
  beforeEach(async () => {
    bench = await makeBench(daemons);
  });
  afterEach(async () => {
    for (const { child, ended } of daemons.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    await bench?.server.close();
    await bench?.machine.remove();
  });
  return () => {
    if (bench === undefined) throw new Error('there is one within a test only');
    return bench;
  };
}

async function makeBench(daemons: RunningDaemon[]): Promise<DaemonBench> {
  const machine = await Machine.make();
  const server = await startDavServer();
  const calendar = server.content.addCalendar('home');
  await mkdir(machine.path('calendars/home'), { recursive: true });
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url));
  const file = (uid: string): string => machine.path(`calendars/home/${uid}.ics`);
  const adopt = (daemon: RunningDaemon): RunningDaemon => {
    daemons.push(daemon);
    return daemon;
  };
  return {
    machine,
    server,
    calendar,
    adopt,
    file,
    start: async (options = {}) => adopt(await startDaemon(machine, options)),
    write: (uid, title = uid) => writeFile(file(uid), itemText('calendar', uid, title)),
    asked: () => server.takeRequests().map(({ method, root }) => root ?? method),
    untilSynced: (count) =>
      until(async () => {
        const here = [...(await machine.items('calendars/home')).values()].sort();
        const there = [...server.content.items(calendar).values()].sort();
        return here.length === count && JSON.stringify(here) === JSON.stringify(there);
      }),
  };
}

export const until = (what: () => unknown): Promise<void> =>
  expect.poll(what, { timeout: 20_000, interval: 20 }).toBeTruthy();

/** Long enough for whatever would be noticed: longer than a change has to be quiet. */
export const quiet = (ms = 1300): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
