import type { SteadyClock } from '../system/clock.ts';
import type { DaemonPair, PairTeller } from './daemon-pair.ts';
import { keepPair } from './keep-pair.ts';
import { watchForResume } from './resume.ts';
import { Wakes } from './wakes.ts';

export interface DaemonTerms {
  readonly clock: SteadyClock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly tellerOf: (pair: DaemonPair) => PairTeller;
  /** The machine, or this process, was away for so long. */
  readonly onResume: (awayMs: number) => void;
  /** Ends the daemon after the writes under way. */
  readonly signal: AbortSignal;
}

export interface Daemon {
  /** Watching has begun, of all pairs. */
  readonly begun: Promise<void>;
  /** All runs have ended, after the signal. Rejects with what is a bug. */
  readonly ended: Promise<void>;
  /** Everything, at once, whatever failed before. */
  syncNow(): void;
}

/** Keeps pairs in sync, each by itself: one that fails stops no other. */
export function startDaemon(pairs: readonly DaemonPair[], terms: DaemonTerms): Daemon {
  const { clock, random, signal, onResume, tellerOf } = terms;
  const kept = pairs.map((pair) => {
    const wakes = new Wakes({ clock, random });
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const ended = keepPair({ pair, wakes, teller: tellerOf(pair), clock, random, signal }, begun);
    return { wakes, begun: Promise.race([hasBegun, ended]), ended };
  });
  const ask = (reason: 'asked' | 'resumed'): void => {
    for (const { wakes } of kept) wakes.ask(reason);
  };
  const resumes = untilAborted(
    watchForResume(clock, signal, (awayMs) => {
      onResume(awayMs);
      ask('resumed');
    }),
    signal,
  );
  return {
    begun: allOf(kept.map(({ begun }) => begun)),
    ended: allOf([resumes, ...kept.map(({ ended }) => ended)]),
    syncNow: () => ask('asked'),
  };
}

async function allOf(promises: readonly Promise<void>[]): Promise<void> {
  await Promise.all(promises);
}

async function untilAborted(work: Promise<never>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
