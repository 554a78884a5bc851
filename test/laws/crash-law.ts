import { bySide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import { agreementsOf } from '../support/agreements.ts';
import { heldBy } from './held.ts';
import type { History, Round } from './history.ts';
import { playRound } from './play.ts';
import { run } from './run.ts';
import { World } from './world.ts';

const CALM = { full: false, retryFailed: true, dryRun: false };

/**
 * L8: whatever came before, a run that dies at a step, and the next one, end as the run that nothing disturbed does:
 * the same contents on both sides, and the same agreements.
 */
export async function checkCrashNeutrality(history: History, log?: (line: string) => void): Promise<void> {
  const { ending, steps } = await playWith(history, undefined);
  for (let step = 0; step < steps; step += 1) {
    log?.(`dies at step ${step}`);
    const { ending: other, world } = await playWith(history, step, log);
    for (const [what, was] of Object.entries(ending)) {
      const is = other[what];
      if (is !== was) world.breaks('L8', `after a death at step ${step}: ${what}\n${is}\ninstead of\n${was}`);
    }
    if (world.broken !== undefined) throw world.broken;
  }
}

/** The last round's run is the one that dies. */
async function playWith(
  history: History,
  step: number | undefined,
  log?: (line: string) => void,
): Promise<{ readonly ending: Readonly<Record<string, string>>; readonly steps: number; readonly world: World }> {
  const world = new World(history, log);
  try {
    const last = history.rounds.at(-1);
    for (const round of history.rounds.slice(0, -1)) await playRound(world, round);
    if (last === undefined) return { ending: {}, steps: 0, world };
    const disturbances: Round['disturbances'] = step === undefined ? [] : [{ step, what: { type: 'die' } }];
    const { steps } = await playRound(world, { ...last, disturbances });
    await run(world, { ...CALM, disturbances: [] });
    return { ending: endingOf(world), steps, world };
  } finally {
    world.close();
  }
}

/** Without etags and addresses, which depend on how often something was written. */
function endingOf(world: World): Readonly<Record<string, string>> {
  const ending: Record<string, string> = {};
  for (const side of SIDES) {
    for (const collection of world.collections(side)) {
      const { copies, unreadable } = heldBy(world, side, collection);
      ending[`${side}${collection}`] = lines([
        ...[...copies].map(([ident, held]) => `${ident} ${held.map(({ fingerprint }) => fingerprint).sort()}`),
        ...unreadable,
      ]);
    }
  }
  for (const { name, hrefs } of world.status.mappings()) {
    const agreements = agreementsOf(world.status.mapping(name, hrefs));
    ending[`agreements of ${name}`] = lines(agreements.map(({ ident, sides }) => `${ident} ${fingerprints(sides)}`));
  }
  return ending;
}

const fingerprints = (sides: Sides<{ readonly fingerprint: string }>): string => {
  const { a, b } = bySide((side: Side) => sides[side].fingerprint);
  return `${a} ${b}`;
};

const lines = (texts: readonly string[]): string => [...texts].sort().join('\n');
