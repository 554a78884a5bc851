import { describe, expect, test } from 'vitest';
import { type Ramp, rampUp } from '../../src/system/ramp.ts';

type Leave = (answered: boolean) => void;

/** What was let in so far, in order. */
function crowd(ramp: Ramp, size: number): { readonly inside: readonly Leave[]; readonly settled: () => Promise<void> } {
  const inside: Leave[] = [];
  for (let n = 0; n < size; n += 1) void ramp.enter().then((leave) => inside.push(leave));
  return { inside, settled: () => new Promise((resolve) => setImmediate(resolve)) };
}

describe('requests to one server', () => {
  test('begin four at once, and one more with each answer, to the most that is allowed', async () => {
    const { inside, settled } = crowd(rampUp(6), 20);
    await settled();
    expect(inside.length).toBe(4);
    inside[0]?.(true);
    await settled();
    expect(inside.length).toBe(6);
    inside[1]?.(true);
    await settled();
    expect(inside.length).toBe(8);
    inside[2]?.(true);
    await settled();
    expect(inside.length).toBe(9);
  });

  test('are no more where nothing came of one', async () => {
    const { inside, settled } = crowd(rampUp(8), 20);
    await settled();
    inside[0]?.(false);
    inside[0]?.(true);
    await settled();
    expect(inside.length).toBe(5);
  });

  test('begin anew after a rest', async () => {
    const ramp = rampUp(8);
    const before = crowd(ramp, 5);
    await before.settled();
    for (const leave of before.inside) leave(true);
    await before.settled();
    for (const leave of before.inside) leave(true);
    const after = crowd(ramp, 20);
    await after.settled();
    expect(before.inside.length).toBe(5);
    expect(after.inside.length).toBe(4);
  });

  test('one after another where one connection is allowed', async () => {
    const { inside, settled } = crowd(rampUp(1), 3);
    await settled();
    expect(inside.length).toBe(1);
    inside[0]?.(true);
    await settled();
    expect(inside.length).toBe(2);
  });

  test('that still wait fail when all is interrupted, and those under way go on', async () => {
    const interruption = new AbortController();
    const ramp = rampUp(1, interruption.signal);
    const leave = await ramp.enter();
    const waiting = ramp.enter();
    interruption.abort();
    await expect(waiting).rejects.toThrow('interrupted before anything was sent');
    leave(true);
    (await ramp.enter())(true);
  });

  test('that still wait fail when the connection is closed', async () => {
    const ramp = rampUp(1);
    await ramp.enter();
    const waiting = ramp.enter();
    ramp.close();
    await expect(waiting).rejects.toThrow('interrupted before anything was sent');
  });
});
