import { describe, it } from 'vitest';
import { anyHistory, calmHistory, evenHistory } from './arbitrary.ts';
import { assertHistories, tell } from './assert-histories.ts';
import { checkCrashNeutrality } from './crash-law.ts';
import { MISTAKE_HISTORIES } from './mistake-histories.ts';
import { play } from './play.ts';
import { REGRESSIONS } from './regressions.ts';
import { checkSymmetry } from './symmetry.ts';

/** How many histories are played, in all. */
const HISTORIES = Number(process.env['PIMSYNC_HISTORIES'] ?? 2875);

/** Who names a number looks for what is not known yet; a test run is to say the same of the same sources. */
const IS_CAMPAIGN = process.env['PIMSYNC_HISTORIES'] !== undefined;

/** The same histories at each run, so that a change that breaks one is known by it; the rest are others each time. */
const FIXED_SEED = 20260101;
const FIXED = Math.ceil(HISTORIES * 0.8);
const RANDOM = HISTORIES - FIXED;

/** Each is played twice. */
const SYMMETRIES = Math.ceil(HISTORIES / 10);

/** Each is played once for every step of its last run. */
const CRASHES = Math.ceil(HISTORIES / 50);

const PATIENCE = { timeout: 24 * 3_600_000 };

describe('the laws', () => {
  it('L2, L3, L4, L5, L6, L7: hold in the histories of a fixed seed', PATIENCE, () =>
    assertHistories(anyHistory, play, { numRuns: FIXED, seed: FIXED_SEED }),
  );

  it.runIf(IS_CAMPAIGN)('L2, L3, L4, L5, L6, L7: hold in histories that are others each time', PATIENCE, () =>
    assertHistories(anyHistory, play, { numRuns: RANDOM }),
  );

  it('L1: exchanging the sides exchanges the plans and the outcome', PATIENCE, () =>
    assertHistories(evenHistory, checkSymmetry, { numRuns: SYMMETRIES, seed: FIXED_SEED }),
  );

  it('L8: a death at any step and a further run end as the undisturbed run does', PATIENCE, () =>
    assertHistories(calmHistory, checkCrashNeutrality, { numRuns: CRASHES, seed: FIXED_SEED }),
  );
});

describe('histories that broke a law once, or catch a mistake', () => {
  for (const { name, histories } of [...REGRESSIONS, ...MISTAKE_HISTORIES]) {
    it(name, PATIENCE, async () => {
      for (const history of histories) {
        try {
          await play(history);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          throw new Error([error.message, ...(await tell(play, history)), JSON.stringify(history)].join('\n'));
        }
      }
    });
  }
});
