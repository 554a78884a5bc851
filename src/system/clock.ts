import { setTimeout as delay } from 'node:timers/promises';

/** Time, handed to whoever needs it. No decision about data depends on it. */
export interface Clock {
  /** Milliseconds since 1970. It may jump, also backwards. */
  now(): number;
  /** Waits so many milliseconds at least. Rejects at once with the signal's reason when that aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** For what goes on for long, whatever becomes of the time of day. */
export interface SteadyClock extends Clock {
  /** Milliseconds since some moment. It never jumps; while the machine is suspended it may stand still, as sleepers do. */
  elapsed(): number;
}

/** Timers hold 31 bits of milliseconds and fire at once beyond that. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: SteadyClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    for (let restMs = ms; restMs > 0; restMs -= LONGEST_TIMER_MS) {
      try {
        await delay(Math.min(restMs, LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        // What Node throws here wraps the reason; whoever aborted wants to see their own.
        signal?.throwIfAborted();
        throw error;
      }
    }
  },
};

/** Sleeps, or less long where the signal aborts; for those who look at the signal themselves. */
export async function sleepUnlessAborted(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
