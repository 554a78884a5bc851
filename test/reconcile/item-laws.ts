import { must } from '../../src/model/errors.ts';
import { otherSide, SIDES, type Side } from '../../src/model/sides.ts';
import type { ItemFacts, Version } from '../../src/reconcile/facts.ts';
import type { ItemsPlan } from '../../src/reconcile/mapping.ts';
import { type ItemAction, writtenSide } from '../../src/reconcile/plan.ts';
import { afterwards } from './aftermath.ts';
import type { Laws } from './plan-laws.ts';
import { planOf, versionsOf, type World, worldOf } from './worlds.ts';

/** The item of a world, and what the plan does with it. */
interface Done {
  readonly world: World;
  readonly item: ItemFacts;
  readonly action: ItemAction | undefined;
}
type Law = (done: Done) => boolean;

const lawsOfActions: Readonly<Record<string, Law>> = {
  'SI1 to SI8: the table names the action': ({ world, item, action }) => {
    const { rules, readOnly } = world.terms;
    return (
      rules.oneWay ||
      readOnly.size > 0 ||
      (action?.type ?? 'nothing') === tableSays(item, rules.conflictResolution[0] !== undefined)
    );
  },
  'SI8: what is unknown on a side leads to a hold, and to nothing else': ({ item, action }) =>
    !SIDES.some((side) => item.sides[side].type === 'unknown') || action?.type === 'hold',
  'SI10: different copies lead to a hold, and to nothing else': ({ item, action }) =>
    !SIDES.some((side) => contentsOf(item, side).size > 1) || action?.type === 'hold',
  'SF1: what is equal leads to no write, and to no conflict': ({ item, action }) => {
    const isOneContent = SIDES.every((side) => contentsOf(item, side).size === 1) && isEqual(item);
    return !isOneContent || action === undefined || action.type === 'record';
  },
  'SI2: what is created is there on one side, and nothing on the other': ({ item, action }) =>
    action?.type !== 'create' ||
    (holds(item, action.from, action.source, action.twins) && isAbsent(item, otherSide(action.from))),
  'SI3: without one_way only the agreed content is deleted, where the other side has nothing': ({
    world,
    item,
    action,
  }) =>
    action?.type !== 'delete' ||
    (holds(item, action.side, action.target, action.surplus) &&
      isAbsent(item, otherSide(action.side)) &&
      (world.terms.rules.oneWay || isAgreed(item, action.side))),
  'SI4: without one_way and conflicts, an edit replaces only the agreed content': ({ world, item, action }) => {
    if (action?.type !== 'update') return true;
    const target = otherSide(action.from);
    const isSeen =
      holds(item, action.from, action.source, action.twins) && holds(item, target, action.target, action.surplus);
    if (world.terms.rules.oneWay) return isSeen && (action.because === 'one-way') !== isAgreed(item, target);
    return isSeen && !isAgreed(item, action.from) && (action.because === 'conflict') !== isAgreed(item, target);
  },
  'SI6: a conflict is overwritten only by the side that is kept': ({ world, action }) =>
    action?.type !== 'update' ||
    action.because !== 'conflict' ||
    world.terms.rules.conflictResolution.some((way) => way.type === 'keep' && way.side === action.from),
  'SG4: no read-only side is written, and a not with one_way': ({ world, action }) => {
    const written = action === undefined ? undefined : writtenSide(action);
    return (
      written === undefined || !(world.terms.readOnly.has(written) || (world.terms.rules.oneWay && written === 'a'))
    );
  },
  'L3: once it is done, there is nothing more to do': ({ world, item, action }) => {
    if (action === undefined || action.type === 'hold' || action.type === 'conflict') return true;
    const rules = { ...world.terms.rules, onEmpty: 'sync' as const };
    const plan = planOf(worldOf([afterwards(item, action)], { ...world.terms, rules }));
    return plan.type === 'actions' && plan.actions.length === 0;
  },
};

/** What holds of the action of the only item of a world. */
export const lawsOfItems: Laws = Object.fromEntries(
  Object.entries(lawsOfActions).map(([title, keeps]) => [title, (world, plan) => keepsWith(keeps, world, plan)]),
);

function keepsWith(keeps: Law, world: World, plan: ItemsPlan): boolean {
  const item = must(world.facts.items[0], 'a world has an item');
  return plan.type === 'held' || keeps({ world, item, action: plan.actions[0] });
}

function tableSays(item: ItemFacts, isSettled: boolean): ItemAction['type'] | 'nothing' {
  const states = SIDES.map((side) => stateOf(item, side)).sort();
  switch (states.join(' ')) {
    case 'absent absent':
      return item.agreement === undefined ? 'nothing' : 'forget';
    case 'absent edited':
      return 'create';
    case 'absent agreed':
    case 'agreed absent':
      return 'delete';
    case 'agreed edited':
      return isEqual(item) ? 'record' : 'update';
    case 'edited edited':
      return isEqual(item) ? 'record' : isSettled ? 'update' : 'conflict';
    case 'agreed agreed':
      return isWhereAgreed(item) ? 'nothing' : 'record';
    default:
      return 'hold';
  }
}

function stateOf(item: ItemFacts, side: Side): 'absent' | 'held' | 'agreed' | 'edited' {
  if (item.sides[side].type === 'unknown' || contentsOf(item, side).size > 1) return 'held';
  if (isAbsent(item, side)) return 'absent';
  return isAgreed(item, side) ? 'agreed' : 'edited';
}

/** Some copy of each side is at the agreed address, in the agreed version. */
const isWhereAgreed = (item: ItemFacts): boolean =>
  SIDES.every((side) => {
    const agreed = item.agreement?.sides[side];
    return versionsOf(item, side).some(({ href, etag }) => href === agreed?.href && etag === agreed.etag);
  });

const contentsOf = (item: ItemFacts, side: Side): ReadonlySet<string> =>
  new Set(versionsOf(item, side).map(({ fingerprint }) => fingerprint));
const isAbsent = (item: ItemFacts, side: Side): boolean => item.sides[side].type === 'absent';
const isAgreed = (item: ItemFacts, side: Side): boolean =>
  versionsOf(item, side).every(({ fingerprint }) => fingerprint === item.agreement?.sides[side].fingerprint);
const isEqual = (item: ItemFacts): boolean =>
  versionsOf(item, 'a')[0]?.fingerprint === versionsOf(item, 'b')[0]?.fingerprint;

/** All copies of a side are named, each once, as they were seen. */
function holds(item: ItemFacts, side: Side, version: Version, others: readonly Version[]): boolean {
  const named = new Set([version, ...others]);
  const versions = versionsOf(item, side);
  return (
    named.size === versions.length && others.length === versions.length - 1 && versions.every((each) => named.has(each))
  );
}
