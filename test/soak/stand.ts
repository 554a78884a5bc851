import { mkdir } from 'node:fs/promises';
import { Machine, vdirAndCalDav } from '../e2e/program.ts';
import { ALICE, type StartedServer, startRealServer } from '../support/real-servers.ts';
import { type BreakableProxy, startBreakableProxy } from './breakable-proxy.ts';
import { Life } from './life.ts';
import { type LivingDaemon, startLivingDaemon } from './living-daemon.ts';
import { directoryPlace, makeCalendar, serverPlace } from './places.ts';
import { Weather } from './weather.ts';

/** A directory and a server, the network between them, somebody who edits on both sides, and the daemon. */
export interface Stand {
  readonly machine: Machine;
  readonly server: StartedServer;
  readonly proxy: BreakableProxy;
  readonly weather: Weather;
  readonly life: Life;
  readonly daemon: LivingDaemon;
  /** The URL of the calendar, past the network. */
  readonly calendar: string;
  /** When nobody edited anything, and nothing stood in the way. */
  readonly rests: { readonly from: number; readonly to: number }[];
  configure(intervalS: number): Promise<void>;
  close(): Promise<void>;
}

export async function buildStand(logPath: string): Promise<Stand> {
  const machine = await Machine.make();
  const server = await startRealServer('radicale');
  const calendar = `${server.url}alice/home/`;
  const directory = machine.path('calendars', 'home');
  await mkdir(directory, { recursive: true });
  await makeCalendar(calendar);
  const weather = new Weather();
  const life = new Life({ a: directoryPlace(directory), b: serverPlace(calendar) }, weather);
  const proxy = await startBreakableProxy(server.url, ({ path, text }) => {
    life.reached(path.replace(/^.*\/|\.ics$/g, ''), text);
  });
  const configure = (intervalS: number): Promise<void> => {
    const remote = `username ${ALICE.username}\n  password ${ALICE.password}\n  interval ${intervalS}`;
    return machine.configure(vdirAndCalDav(machine.path('calendars'), proxy.url, { remote }));
  };
  await configure(15);
  const daemon = startLivingDaemon(machine, logPath, weather.isUndisturbed);
  return {
    ...{ machine, server, proxy, weather, life, daemon, calendar, rests: [], configure },
    async close() {
      daemon.child.kill('SIGCONT');
      daemon.child.kill('SIGKILL');
      await daemon.ended;
      await proxy.close();
      await server.stop();
      await machine.remove();
    },
  };
}
