import { describe, expect, test } from 'vitest';
import { backOffMs, spread } from '../../src/daemon/back-off.ts';

describe('J4 waits', () => {
  test('double from 5 s to 15 min', () => {
    const waits = [1, 2, 3, 8, 9, 1000].map((failures) => backOffMs(failures, () => 0.5) / 1000);
    expect(waits).toEqual([5, 10, 20, 640, 900, 900]);
  });

  test('are spread over three to five quarters, but for the longest', () => {
    expect([0, 0.5, 1].map((random) => spread(100, () => random))).toEqual([75, 100, 125]);
    expect(backOffMs(1000, () => 0.9)).toBe(900_000);
  });
});
