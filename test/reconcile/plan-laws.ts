import { isDeepStrictEqual } from 'node:util';
import type { PairRules } from '../../src/model/rules.ts';
import { otherSide, SIDES, type Side } from '../../src/model/sides.ts';
import type { ItemFacts } from '../../src/reconcile/facts.ts';
import type { ItemsPlan } from '../../src/reconcile/mapping.ts';
import { mirroredPlan, mirroredWorld } from './mirror.ts';
import { planOf, versionsOf, type World } from './worlds.ts';

/** By title, whether they are kept. */
export type Laws = Readonly<Record<string, (world: World, plan: ItemsPlan) => boolean>>;

/** What holds of every plan. */
export const lawsOfPlans: Laws = {
  'SR2: there is at most one action an ident, and none for others': ({ facts }, plan) => {
    const idents = plan.type === 'actions' ? plan.actions.map(({ ident }) => ident) : [];
    return (
      new Set(idents).size === idents.length && idents.every((each) => facts.items.some(({ ident }) => ident === each))
    );
  },
  'L1: exchanging the sides exchanges the plan': (world, plan) =>
    world.terms.rules.oneWay ||
    isDeepStrictEqual(comparable(world, planOf(mirroredWorld(world))), comparable(world, mirroredPlan(plan))),
  'SG1: no side that held items empties the other by being empty': ({ facts, terms }, plan) =>
    terms.rules.onEmpty === 'sync' ||
    SIDES.every((side) => facts.agreed === 0 || facts.holds[side] > 0 || deletions(plan, otherSide(side)) === 0),
  'SG2: no side loses more than max_delete': ({ facts, terms }, plan) => {
    const most = terms.rules.maxDelete;
    if (most === undefined) return true;
    const limit = most.type === 'count' ? most.count : (facts.agreed * most.percent) / 100;
    return SIDES.every((side) => deletions(plan, side) <= limit);
  },
  'SR2: what is done with an item depends on no other item, but for guards': ({ facts, terms }, plan) => {
    if (plan.type === 'held' || facts.items.length === 1) return true;
    const rules: PairRules = { ...terms.rules, onEmpty: 'sync', maxDelete: undefined };
    const alone = facts.items.flatMap((item) => {
      const own = planOf({ facts: { ...facts, items: [item] }, terms: { ...terms, rules } });
      return own.type === 'actions' ? own.actions : [];
    });
    return isDeepStrictEqual(alone, plan.actions);
  },
};

const deletions = (plan: ItemsPlan, side: Side): number =>
  plan.type === 'held' ? 0 : plan.actions.filter((action) => action.type === 'delete' && action.side === side).length;

/** Where both sides give the same cause for a hold, it is one hold, whichever of them it names. */
function comparable(world: World, plan: ItemsPlan): unknown {
  if (plan.type === 'held') return exceedsOnBoth(world) ? plan.reason.type : plan.reason;
  return plan.actions.map((action) => {
    const item = world.facts.items.find(({ ident }) => ident === action.ident);
    return action.type === 'hold' &&
      item !== undefined &&
      SIDES.every((side) => givesCause(item, side, action.reason.type))
      ? [action.ident, action.reason.type]
      : action;
  });
}

const givesCause = (item: ItemFacts, side: Side, type: string): boolean =>
  type === 'unknown'
    ? item.sides[side].type === 'unknown'
    : type === 'duplicate' && new Set(versionsOf(item, side).map(({ fingerprint }) => fingerprint)).size > 1;

function exceedsOnBoth({ facts, terms }: World): boolean {
  const free = planOf({ facts, terms: { ...terms, rules: { ...terms.rules, onEmpty: 'sync', maxDelete: undefined } } });
  return SIDES.every((side) => deletions(free, side) > 0);
}
