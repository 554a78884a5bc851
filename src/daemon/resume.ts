import type { Clock } from '../system/clock.ts';

const LOOK_EVERY_MS = 30_000;
const AWAY_MS = 30_000;

/**
 * Says when the time of day went on without this process: the machine was suspended, the process was stopped, or the
 * clock was set forward. Timers stand still meanwhile, so that an interval would last as much longer. Ends, by
 * throwing its reason, with the signal.
 */
export async function watchForResume(
  clock: Clock,
  signal: AbortSignal,
  onResume: (awayMs: number) => void,
): Promise<never> {
  for (;;) {
    const before = clock.now();
    await clock.sleep(LOOK_EVERY_MS, signal);
    const awayMs = clock.now() - before - LOOK_EVERY_MS;
    if (awayMs > AWAY_MS) onResume(awayMs);
  }
}
