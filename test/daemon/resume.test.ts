import { describe, expect, test } from 'vitest';
import { watchForResume } from '../../src/daemon/resume.ts';
import { fakeClock } from '../support/fake-clock.ts';

describe('C2 a machine that was away', () => {
  const MINUTE = 60_000;

  test('is noticed within half a minute, and an idle one is not taken for one', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const away: number[] = [];
    const ended = watchForResume(clock, stop.signal, (ms) => away.push(ms));
    await clock.advance(10 * MINUTE);
    expect(away).toEqual([]);
    clock.jump(8 * 60 * MINUTE);
    await clock.advance(30_000);
    expect(away).toEqual([8 * 60 * MINUTE]);
    clock.jump(-60 * MINUTE);
    clock.jump(20_000);
    await clock.advance(10 * MINUTE);
    expect(away).toHaveLength(1);
    stop.abort();
    await expect(ended).rejects.toBe(stop.signal.reason);
  });
});
