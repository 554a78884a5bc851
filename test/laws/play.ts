import { SIDES } from '../../src/model/sides.ts';
import { perform } from './acts.ts';
import { checkConvergence } from './convergence.ts';
import { dumpStatus } from './dump-status.ts';
import { checkNothingVanished, checkResurrection } from './end-laws.ts';
import { checkGuards, guardFacts, hasNoneLeft } from './guard-laws.ts';
import type { History, Round } from './history.ts';
import { checkMemory } from './memory.ts';
import { type Ran, run } from './run.ts';
import { World } from './world.ts';

const CALM = { disturbances: [], full: false, retryFailed: true, dryRun: false };

/** Plays a history to its end and through the runs after it, which nothing disturbs. Throws the first law that broke. */
export async function play(history: History, log?: (line: string) => void): Promise<void> {
  const world = new World(history, log);
  try {
    for (const [index, round] of history.rounds.entries()) {
      log?.(`round ${index + 1}`);
      await playRound(world, round);
      world.throwBroken();
    }
    await finish(world);
  } finally {
    world.close();
  }
}

export async function playRound(world: World, round: Round): Promise<Ran> {
  for (const act of round.acts) perform(world, act);
  if (round.dryFirst) await runDry(world, round);
  world.noteSurplus();
  const facts = guardFacts(world);
  const noneLeft = hasNoneLeft(world);
  world.log?.('  run');
  const ran = await run(world, { ...round, dryRun: false });
  if (round.disturbances.length === 0) checkGuards(world, facts, ran, noneLeft);
  return ran;
}

async function runDry(world: World, round: Round): Promise<void> {
  const before = known(world);
  const unmounted = SIDES.filter((side) => !world.storages[side].mounted);
  world.log?.('  dry run');
  const { writes } = await run(world, { ...CALM, full: round.full, dryRun: true });
  if (writes > 0) world.breaks('dry run', 'it wrote to a storage');
  for (const side of unmounted) {
    world.storages[side].mounted = false;
    world.storages[side].userUnmount();
  }
  const after = known(world);
  if (after !== before) world.breaks('dry run', `it changed the status\n${before}\n${after}`);
}

/** A dry run is given a copy of the status in earnest, so that a mapping that it merely names does not matter. */
const known = (world: World): string => without(['mappings'], dumpStatus(world.connection));

const without = (tables: readonly string[], dump: string): string =>
  dump
    .split('\n')
    .filter((line) => !tables.some((table) => line.startsWith(`${table} `)))
    .join('\n');

/** L2, L3, L4, L5, L6 at the end, when nobody does anything any more. */
export async function finish(world: World): Promise<Ran> {
  world.log?.('the calm run');
  const recovers = hasIntents(world);
  const first = await run(world, { ...CALM, full: world.lied });
  world.throwBroken();
  checkConvergence(world, first);
  world.throwBroken();
  await checkMemory(world, first);
  checkResurrection(world, first);
  checkNothingVanished(world);
  world.throwBroken();
  // What recovers keeps no checkpoints, so that the next run compares everything; only then has it some, and notes what
  // they do not cover.
  if (recovers) await quietly(world, { full: false, but: ['checkpoints', 'sightings'] });
  // Where our own deletion of a collection was that of a side's last, the next run says what is so from then on (SC7).
  if (hasNoneLeft(world)) await quietly(world, { full: false, but: ['waiting'] });
  await quietly(world, { full: false, but: [] });
  world.throwBroken();
  await quietly(world, { full: true, but: [] });
  world.throwBroken();
  return first;
}

const hasIntents = (world: World): boolean =>
  world.status.mappings().some(({ name, hrefs }) => world.status.mapping(name, hrefs).intents().length > 0);

/** L3: nothing is written, nothing is fetched, no row of the status changes, but perhaps those of some tables. */
async function quietly(
  world: World,
  terms: { readonly full: boolean; readonly but: readonly string[] },
): Promise<void> {
  const { full, but } = terms;
  const dump = (): string => without(but, dumpStatus(world.connection));
  const before = dump();
  world.log?.(full ? 'the quiet run that compares everything' : 'the quiet run');
  const { writes, fetches } = await run(world, { ...CALM, full });
  const kind = full ? 'a run that compared everything' : 'the next run';
  if (writes > 0) world.breaks('L3', `${kind} wrote`);
  if (fetches > 0) world.breaks('L3', `${kind} fetched`);
  const after = dump();
  if (after !== before) world.breaks('L3', `${kind} changed the status\n${before}\n${after}`);
  world.throwBroken();
}
