import { existsSync } from 'node:fs';
import { installed } from '../support/real-servers.ts';
import { happen, reload } from './happenings.ts';
import { printFigures } from './outcome.ts';
import { figuresOf, type ProcessFigures } from './process-figures.ts';
import { rest } from './rest.ts';
import { buildStand, type Stand } from './stand.ts';

/**
 * The daemon's life between a directory and a server: edits on both sides, a network that breaks, a server that is
 * killed, a machine that sleeps. `npm run soak -- MINUTES [LOG]`; the log of the daemon is kept in LOG.
 */
const MINUTES = Number(process.argv[2] ?? 60);
const LOG = process.argv[3] ?? '/dev/null';

const SAMPLE_EVERY_MS = 5000;
const LAST_REST_MS = 60_000;
/** A fifth of what is usual. */
const LAST_INTERVAL_S = 60;

async function main(): Promise<void> {
  if (!installed('radicale')) throw new Error('this needs Radicale (Debian package radicale)');
  if (!existsSync('/proc/self/stat')) throw new Error('this reads the figures of a process as Linux gives them');
  if (!(MINUTES > 0)) throw new Error('how many minutes is a number above 0');
  const stand = await buildStand(LOG);
  try {
    const samples = await live(stand);
    const idle = await lastRest(stand);
    stand.daemon.child.kill('SIGTERM');
    const status = await stand.daemon.ended;
    if (!printFigures({ minutes: MINUTES, stand, samples, idle, status })) process.exitCode = 1;
  } finally {
    await stand.close();
  }
}

async function live(stand: Stand): Promise<readonly ProcessFigures[]> {
  const over = new AbortController();
  const samples: ProcessFigures[] = [];
  const sampling = setInterval(() => {
    figuresOf(stand.daemon.pid).then(
      (figures) => samples.push(figures),
      () => over.abort(),
    );
  }, SAMPLE_EVERY_MS);
  const end = setTimeout(() => over.abort(), MINUTES * 60_000);
  const calmMs = Math.min(45_000, MINUTES * 1200);
  try {
    await Promise.all([stand.life.live(over.signal), happen(stand, calmMs, over.signal)]);
  } finally {
    over.abort();
    clearTimeout(end);
    clearInterval(sampling);
  }
  if (stand.daemon.hasEnded()) throw new Error(`the daemon ended:\n${stand.daemon.complaints.slice(-20).join('\n')}`);
  return samples;
}

/** It reads its configuration again, and so looks at all at once: what is not there after that is lost. */
async function lastRest(stand: Stand): Promise<{ readonly cpuS: number; readonly requests: number }> {
  await reload(stand, LAST_INTERVAL_S);
  await rest(stand, 0);
  const [before, requests] = [await figuresOf(stand.daemon.pid), stand.proxy.requests()];
  await rest(stand, LAST_REST_MS);
  const after = await figuresOf(stand.daemon.pid);
  return { cpuS: after.cpuS - before.cpuS, requests: stand.proxy.requests() - requests };
}

await main();
