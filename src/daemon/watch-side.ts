import { ExpectedError, StorageError } from '../model/errors.ts';
import { otherSide, type Side } from '../model/sides.ts';
import { type SteadyClock, sleepUnlessAborted } from '../system/clock.ts';
import { backOffMs, spread } from './back-off.ts';
import type { DaemonPair, PairTeller } from './daemon-pair.ts';
import { contentOf } from './side-content.ts';
import type { Wakes } from './wakes.ts';

export interface WatchTerms {
  readonly pair: DaemonPair;
  readonly wakes: Wakes;
  readonly teller: PairTeller;
  readonly clock: SteadyClock;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Hands on what a side tells of changes, as long as the signal lets it. `begun` is called when watching has
 * begun, or cannot begin for now. What cannot be watched for now is tried again, and everything is looked at meanwhile each
 * interval (J6). Returns at once for what can never be watched.
 */
export async function watchSide(terms: WatchTerms, side: Side, begun: () => void): Promise<void> {
  const { wakes, teller, clock, random, signal } = terms;
  for (let failures = 0; !signal.aborted; ) {
    try {
      await handOn(terms, side, () => {
        failures = 0;
        teller.watching(side, undefined);
        begun();
      });
    } catch (error) {
      if (signal.aborted || isUnsupported(error)) return;
      begun();
      failures += 1;
      teller.watching(side, error);
      // What was not told at the end will not be.
      if (failures === 1) wakes.change(side, undefined);
      await sleepUnlessAborted(clock, backOffMs(failures, random), signal);
    }
  }
}

async function handOn({ pair, wakes, signal }: WatchTerms, side: Side, begun: () => void): Promise<void> {
  const storage = pair.openSide(side, signal);
  try {
    let hasBegun = false;
    for await (const { collection } of storage.changes(signal)) {
      wakes.change(side, collection);
      if (!hasBegun) begun();
      hasBegun = true;
    }
  } finally {
    await storage.close();
  }
}

const isUnsupported = (error: unknown): boolean => error instanceof StorageError && error.kind === 'unsupported';

/**
 * Looks at a watched side each interval of its own, where the other one is asked less often: events get lost (J5), and
 * file systems on a network have none. A run follows only where something is not as it was.
 */
export async function compareSide(terms: WatchTerms, side: Side): Promise<void> {
  const { pair, wakes, clock, random, signal } = terms;
  if (pair.intervalsMs[side] >= pair.intervalsMs[otherSide(side)]) return;
  let before = await contentOfSide(terms, side);
  while (!signal.aborted) {
    await sleepUnlessAborted(clock, spread(pair.intervalsMs[side], random), signal);
    if (signal.aborted) return;
    const content = await contentOfSide(terms, side);
    if (content !== before) wakes.change(side, undefined);
    before = content;
  }
}

/** Undefined where it cannot be had. */
async function contentOfSide({ pair, teller, signal }: WatchTerms, side: Side): Promise<string | undefined> {
  try {
    const storage = pair.openSide(side, signal);
    try {
      return await contentOf(storage);
    } finally {
      await storage.close();
    }
  } catch (error) {
    // Where the side lacks its settings, its pair cannot run either, and says why.
    if (!(error instanceof ExpectedError)) teller.watching(side, error);
    return undefined;
  }
}
