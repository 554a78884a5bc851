import fc from 'fast-check';
import { anyHistory, calmHistory } from './arbitrary.ts';
import { checkCrashNeutrality } from './crash-law.ts';
import { MISTAKE_HISTORIES } from './mistake-histories.ts';
import { play } from './play.ts';
import { REGRESSIONS } from './regressions.ts';
import { LawBroken } from './world.ts';

/** Which law broke first. What the engine throws by itself counts as one. */
export interface Catch {
  readonly law: string | undefined;
  readonly message: string | undefined;
  /** The name of the fixed history that broke it; they are played first. */
  readonly fixed: string | undefined;
  /** How many were played that were made up at random. */
  readonly histories: number;
}

/** One in so many histories is played once for each step at which its last run may die (L8). */
const CRASHES = 200;

let histories = 0;
let caught: unknown;
let fixed: string | undefined;

const property = fc.asyncProperty(anyHistory, calmHistory, async (history, calm) => {
  histories += 1;
  try {
    await play(history);
    if (histories % CRASHES === 0) await checkCrashNeutrality(calm);
  } catch (error) {
    caught = error;
    throw error;
  }
});
await playFixed();
if (caught === undefined) {
  await fc.check(property, { numRuns: Number(process.argv[2] ?? 1000), seed: 20260101, endOnFailure: true });
}

const message = caught instanceof Error ? caught.message.split('\n')[0] : undefined;
const law = caught === undefined ? undefined : caught instanceof LawBroken ? caught.law : 'it throws';
const answer: Catch = { law, message, fixed, histories };
process.stdout.write(JSON.stringify(answer));

async function playFixed(): Promise<void> {
  for (const regression of [...REGRESSIONS, ...MISTAKE_HISTORIES]) {
    for (const history of regression.histories) {
      try {
        await play(history);
      } catch (error) {
        caught = error;
        fixed = regression.name;
        return;
      }
    }
  }
}
