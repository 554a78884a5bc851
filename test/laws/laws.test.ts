import fc from 'fast-check';
import { describe, it } from 'vitest';
import { anyHistory } from './arbitrary.ts';
import { play } from './play.ts';

const HISTORIES = Number(process.env['PIMSYNC_HISTORIES'] ?? 2000);

describe('the laws', () => {
  it('L2, L3, L4, L5, L6, L7: hold in random histories', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, (history) => play(history)),
      { numRuns: HISTORIES },
    );
  });
});
