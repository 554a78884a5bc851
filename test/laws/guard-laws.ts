import { bySide, otherSide, SIDES, type Sides } from '../../src/model/sides.ts';
import type { Ran } from './run.ts';
import type { World } from './world.ts';

/** What the guards of a run go by, for each mapping that the status knows. */
export interface GuardFacts {
  readonly name: string;
  readonly agreed: number;
  /** What an interrupted run began counts as agreed, where it is found done. */
  readonly isOpen: boolean;
  readonly holds: Sides<number>;
}

export const guardFacts = (world: World): readonly GuardFacts[] =>
  world.status.mappings().map(({ name, hrefs }) => ({
    name,
    agreed: world.status.mapping(name, hrefs).count(),
    isOpen: world.status.mapping(name, hrefs).intents().length > 0,
    holds: bySide((side) => world.texts(side, hrefs[side]).size),
  }));

/** Whether a side has none of the collections that the status knows (SC7). */
export const hasNoneLeft = (world: World): boolean =>
  world.status.mappings().length > 0 && SIDES.some((side) => world.collections(side).length === 0);

/** SC7, SG1, SG2 of an undisturbed run: what it did, by what was there when it began. */
export function checkGuards(world: World, facts: readonly GuardFacts[], ran: Ran, noneLeft: boolean): void {
  if (noneLeft && ran.writes > 0)
    world.breaks('SC7', 'something was written, although a side lost all its collections');
  const { onEmpty, maxDelete } = world.rules;
  for (const { name, agreed, isOpen, holds } of facts) {
    for (const side of SIDES) {
      const deleted = ran.deletions.get(`${side}/${name}`) ?? 0;
      if (deleted > 0 && onEmpty === 'skip' && agreed > 0 && holds[otherSide(side)] === 0) {
        world.breaks('SG1', `${deleted} items of ${side}/${name} were deleted because the other side lists none`);
      }
      const actions = ran.events.filter(
        (event) =>
          event.type === 'action' &&
          event.outcome.type === 'done' &&
          event.action.collection === name &&
          event.action.subject.type === 'item' &&
          event.action.verb === 'delete' &&
          event.action.side === side,
      ).length;
      if (maxDelete === undefined || isOpen) continue;
      const limit = maxDelete.type === 'count' ? maxDelete.count : (agreed * maxDelete.percent) / 100;
      if (actions > limit) world.breaks('SG2', `${actions} items of ${side}/${name} were deleted, of ${agreed}`);
    }
  }
}
