import type { SteadyClock } from '../../src/system/clock.ts';

/** A clock that stands still until a test moves it. Sleepers wake in the order of their times. */
export interface FakeClock extends SteadyClock {
  advance(ms: number): Promise<void>;
  /** Changes the time of day only, as somebody who sets it does, or a suspended machine that wakes up. */
  jump(ms: number): void;
  /** How many sleep now. */
  sleepers(): number;
  /** The milliseconds of every sleep that was asked for, in order. */
  readonly sleeps: readonly number[];
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export function fakeClock(start = Date.UTC(2025, 0, 1)): FakeClock {
  let elapsed = 0;
  let jumped = 0;
  const sleepers = new Set<Sleeper>();
  const sleeps: number[] = [];

  return {
    sleeps,
    now: () => start + elapsed + jumped,
    elapsed: () => elapsed,
    jump(ms) {
      jumped += ms;
    },
    sleepers: () => sleepers.size,
    sleep(ms, signal) {
      sleeps.push(ms);
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const leave = (settle: () => void): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', aborted);
          settle();
        };
        const aborted = (): void => leave(() => reject(signal?.reason));
        const sleeper: Sleeper = { until: elapsed + ms, wake: () => leave(resolve) };
        signal?.addEventListener('abort', aborted);
        if (ms <= 0) sleeper.wake();
        else sleepers.add(sleeper);
      });
    },
    async advance(ms) {
      const end = elapsed + ms;
      // Who was told to go on may be about to sleep.
      await new Promise((resolve) => setImmediate(resolve));
      // One sleeper at a time, since who wakes may sleep again before `end`.
      for (;;) {
        const next = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (next === undefined) break;
        elapsed = Math.max(elapsed, next.until);
        next.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      elapsed = end;
    },
  };
}
