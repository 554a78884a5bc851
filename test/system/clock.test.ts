import { describe, expect, test } from 'vitest';
import { sleepUnlessAborted, systemClock } from '../../src/system/clock.ts';
import { fakeClock } from '../support/fake-clock.ts';

for (const [name, clock] of [
  ['the system clock', systemClock],
  ['the fake clock', fakeClock()],
] as const) {
  describe(name, () => {
    test('does not sleep with a signal that was aborted before', async () => {
      const reason = new Error('enough');
      await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test('wakes with the reason of an abort', async () => {
      const abort = new AbortController();
      const reason = new Error('enough');
      const slept = clock.sleep(2 ** 40, abort.signal);
      abort.abort(reason);
      await expect(slept).rejects.toBe(reason);
    });

    test('sleeps no time at all where none is asked for', async () => {
      await clock.sleep(0);
      await clock.sleep(-5);
    });
  });
}

test('the system clock can sleep longer than a timer', async () => {
  const abort = new AbortController();
  const slept = systemClock.sleep(2 ** 31 + 1, abort.signal);
  setTimeout(() => abort.abort(new Error('enough')), 100);
  await expect(slept).rejects.toThrow('enough');
});

test('the system clock sleeps and goes on', async () => {
  const before = systemClock.now();
  await systemClock.sleep(5);
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});

test('who looks at the signal is only woken by it', async () => {
  const clock = fakeClock();
  const abort = new AbortController();
  const slept = sleepUnlessAborted(clock, 60_000, abort.signal);
  abort.abort();
  await slept;
  const failing = { ...clock, sleep: () => Promise.reject(new Error('of its own')) };
  await expect(sleepUnlessAborted(failing, 1, new AbortController().signal)).rejects.toThrow('of its own');
});

test('the fake clock wakes sleepers in the order of their times, those too that sleep again', async () => {
  const clock = fakeClock(0);
  const woken: string[] = [];
  const often = async (): Promise<void> => {
    for (let round = 1; round <= 3; round += 1) {
      await clock.sleep(10);
      woken.push(`often ${clock.now()}`);
    }
  };
  const ended = Promise.all([often(), clock.sleep(15).then(() => woken.push(`once ${clock.now()}`))]);
  await clock.advance(29);
  expect(woken).toEqual(['often 10', 'once 15', 'often 20']);
  expect(clock.sleepers()).toBe(1);
  await clock.advance(1);
  await ended;
  expect(clock.now()).toBe(30);
});
