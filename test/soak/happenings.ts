import { setTimeout as delay } from 'node:timers/promises';
import type { Network } from './breakable-proxy.ts';
import { rest } from './rest.ts';
import type { Stand } from './stand.ts';

/** One thing that happens to the daemon; at its end all is well again, and also when the signal cuts it short. */
type Happening = (stand: Stand, signal: AbortSignal) => Promise<void>;

/** Longer than the daemon lets pass between two looks at the clock, by more than it calls an absence. */
const SUSPENDED_MS = 65_000;

const HAPPENINGS: readonly Happening[] = [
  asksForARun,
  (stand, signal) => cuts(stand, 'refused', signal),
  (stand) => reload(stand, 20),
  killsServer,
  reloadsAMistake,
  (stand) => rest(stand, 40_000),
  suspends,
  (stand, signal) => cuts(stand, 'silent', signal),
];

/** One after the other, with a calm time before each, again and again until the signal. */
export async function happen(stand: Stand, calmMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const happening of HAPPENINGS) {
      await pause(calmMs, signal);
      if (signal.aborted) return;
      await happening(stand, signal);
    }
  }
}

async function asksForARun({ daemon }: Stand): Promise<void> {
  daemon.child.kill('SIGUSR1');
}

async function cuts({ proxy, weather }: Stand, network: Network, signal: AbortSignal): Promise<void> {
  weather.worsen();
  proxy.become(network);
  await pause(25_000, signal);
  proxy.become('open');
  weather.improve();
}

async function killsServer({ server, weather }: Stand, signal: AbortSignal): Promise<void> {
  weather.worsen();
  await weather.inTurn(async () => {
    weather.isServerUp = false;
    await server.kill();
  });
  await pause(20_000, signal);
  await server.startAgain();
  weather.isServerUp = true;
  weather.improve();
}

/** What is sent to a stopped process waits for it. */
async function suspends({ daemon, weather }: Stand, signal: AbortSignal): Promise<void> {
  weather.worsen();
  daemon.child.kill('SIGSTOP');
  await pause(SUSPENDED_MS, signal);
  daemon.child.kill('SIGCONT');
  weather.improve();
}

/** The runs of the configuration before it end with it. */
export async function reload({ daemon, weather, configure }: Stand, intervalS: number): Promise<void> {
  await configure(intervalS);
  weather.worsen();
  daemon.child.kill('SIGHUP');
  weather.improve();
}

/** It goes on with the configuration that it has. */
async function reloadsAMistake(stand: Stand, signal: AbortSignal): Promise<void> {
  await stand.machine.configure('pear work { storage_a nowhere }');
  stand.daemon.child.kill('SIGHUP');
  await pause(15_000, signal);
  await reload(stand, 15);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
