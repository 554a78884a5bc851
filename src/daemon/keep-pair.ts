import { SIDES, type Side } from '../model/sides.ts';
import { bySideAsync } from '../sync/side-by-side.ts';
import { PairRunner } from './pair-runner.ts';
import { compareSide, type WatchTerms, watchSide } from './watch-side.ts';

/**
 * Keeps one pair in sync until the signal: watches what can be watched, and then runs the pair whenever there is a
 * reason. `begun` is called when watching has begun, before the first run. Returns when the last run has ended.
 */
export async function keepPair(terms: WatchTerms, begun: () => void): Promise<void> {
  const { pair, wakes, teller, signal } = terms;
  const tasks: Promise<void>[] = [];
  const ways = await bySideAsync((side) => beginWatching(terms, side, tasks));
  const { intervalsMs } = pair;
  const polled = SIDES.filter((side) => ways[side] === 'polled');
  wakes.lookEvery(Math.min(...(polled.length > 0 ? polled : SIDES).map((side) => intervalsMs[side])));
  if (polled.length === 1) {
    tasks.push(...SIDES.filter((side) => ways[side] === 'watched').map((side) => compareSide(terms, side)));
  }
  begun();
  wakes.ask('start');
  const runner = new PairRunner(pair, teller);
  try {
    for (;;) {
      const wake = await wakes.next(signal);
      teller.log('debug', `runs (${wake.reason})`);
      const waitMs = wakes.ended(wake, await runner.run(wake, signal));
      if (waitMs !== undefined) teller.log('debug', `tries again in ${Math.ceil(waitMs / 1000)} s`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await Promise.all(tasks);
}

/** Whether a side tells of its changes. What it has told before the first run is part of that. */
async function beginWatching(terms: WatchTerms, side: Side, tasks: Promise<void>[]): Promise<'watched' | 'polled'> {
  return new Promise((resolve) => {
    const watching = watchSide(terms, side, () => resolve('watched'));
    tasks.push(watching.then(() => resolve('polled')));
  });
}
