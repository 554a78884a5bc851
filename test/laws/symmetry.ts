import { bySide, otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { History } from './history.ts';
import { markOf } from './law-text.ts';
import { playRound } from './play.ts';
import type { Ran } from './run.ts';
import { LawBroken, World } from './world.ts';

/**
 * L1: exchanging the sides of a history that nothing disturbs exchanges what is planned, and what both hold in the end.
 * Not where: of what is written at once, which is first decides who gets a name.
 */
export async function checkSymmetry(history: History, log?: (line: string) => void): Promise<void> {
  const one = await playAll(history, (side) => side, log);
  const other = await playAll(mirrored(history), otherSide, log);
  for (const [index, was] of one.entries()) {
    const is = other[index];
    if (is !== was) throw new LawBroken('L1', `with the sides exchanged, and back,\n${is}\ninstead of\n${was}`);
  }
}

/** What was planned in each round, and what was there in the end, with the sides' names as they were before. */
async function playAll(
  history: History,
  named: (side: Side) => Side,
  log: ((line: string) => void) | undefined,
): Promise<readonly string[]> {
  const world = new World(history, log);
  try {
    const plans: string[] = [];
    for (const [index, round] of history.rounds.entries()) {
      plans.push(`round ${index + 1} plans ${planOf(await playRound(world, round), named)}`);
    }
    const ending = SIDES.map((side) => `${side} holds ${contentsOf(world, named(side))}`);
    return [...plans, ...ending];
  } finally {
    world.close();
  }
}

function planOf({ events }: Ran, named: (side: Side) => Side): string {
  return events
    .flatMap((event) => (event.type === 'plan' ? event.actions() : []))
    .map(({ collection, subject, verb, side }) => {
      const what = subject.type === 'item' ? subject.ident : subject.type === 'property' ? subject.name : subject.type;
      // Of several reasons to hold something, one is told.
      const where = side === undefined || verb === 'hold' ? '' : named(side);
      return `${verb} ${collection} ${what} ${where}`;
    })
    .sort()
    .join(', ');
}

function contentsOf(world: World, side: Side): string {
  return world
    .collections(side)
    .flatMap((collection) =>
      [...world.texts(side, collection).values()].map((text) => `${collection} v${markOf(text)}`),
    )
    .sort()
    .join(', ');
}

function mirrored(history: History): History {
  const exchange = <T>(sides: Sides<T>): Sides<T> => bySide((side) => sides[otherSide(side)]);
  const { rules } = history;
  return {
    storages: exchange(history.storages),
    rules: {
      ...rules,
      collectionsFrom: rules.collectionsFrom.map(otherSide),
      keep: rules.keep === undefined ? undefined : otherSide(rules.keep),
    },
    collections: exchange(history.collections),
    rounds: history.rounds.map((round) => ({
      ...round,
      acts: round.acts.map((act) => ({ ...act, side: otherSide(act.side) })),
    })),
  };
}
