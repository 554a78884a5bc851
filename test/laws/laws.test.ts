import fc from 'fast-check';
import { describe, it } from 'vitest';
import { anyHistory, calmHistory } from './arbitrary.ts';
import { checkCrashNeutrality } from './crash-law.ts';
import { play } from './play.ts';

/** How many histories are played, in all. */
const HISTORIES = Number(process.env['PIMSYNC_HISTORIES'] ?? 2000);

/** The same histories at each run, so that a change that breaks one is known by it; a fifth are others each time. */
const FIXED_SEED = 20260101;
const FIXED = Math.ceil(HISTORIES * 0.8);

/** Each is played once for every step of its last run. */
const CRASHES = Math.ceil(HISTORIES / 50);

const PATIENCE = { timeout: 24 * 3_600_000 };

describe('the laws', () => {
  it('L2, L3, L4, L5, L6, L7: hold in the histories of a fixed seed', PATIENCE, async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, (history) => play(history)),
      { numRuns: FIXED, seed: FIXED_SEED },
    );
  });

  it('L2, L3, L4, L5, L6, L7: hold in histories that are others each time', PATIENCE, async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, (history) => play(history)),
      { numRuns: HISTORIES - FIXED },
    );
  });

  it('L8: a death at any step and a further run end as the undisturbed run does', PATIENCE, async () => {
    await fc.assert(
      fc.asyncProperty(calmHistory, (history) => checkCrashNeutrality(history)),
      {
        numRuns: CRASHES,
        seed: FIXED_SEED,
      },
    );
  });
});
