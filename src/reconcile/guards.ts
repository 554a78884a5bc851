import type { MaxDelete, PairRules } from '../model/rules.ts';
import { otherSide, SIDES, type Side } from '../model/sides.ts';
import type { ItemFacts, MappingFacts, Version } from './facts.ts';
import type { GuardHold } from './hold-reason.ts';
import { isEdited } from './items.ts';
import type { ItemAction } from './plan.ts';
import { writtenSide } from './plan.ts';

/** What a person lifted for this run. */
export interface Allowances {
  readonly empty: boolean;
  readonly delete: boolean;
  readonly rollback: boolean;
}

/** A roll-back concerns many items at once; fewer may well be a person who takes edits back. */
const MANY = 10;

/** Why the whole mapping should be left as it is, if it should (SG1, SG2, SG5). */
export function guard(
  facts: MappingFacts,
  actions: readonly ItemAction[],
  rules: PairRules,
  allowed: Allowances,
): GuardHold | undefined {
  for (const side of SIDES) {
    const hold =
      emptied(facts, actions, rules, allowed, side) ??
      tooManyDeletions(facts, actions, rules.maxDelete, allowed, side) ??
      rolledBack(facts, rules, allowed, side);
    if (hold !== undefined) return hold;
  }
  return undefined;
}

/**
 * SG1. With `one_way`, an emptied b is only filled again. Where each item that is left waits for something of its own,
 * that is told instead: it was so before this pair's own deletions emptied the side, if they did.
 */
function emptied(
  facts: MappingFacts,
  actions: readonly ItemAction[],
  rules: PairRules,
  allowed: Allowances,
  side: Side,
): GuardHold | undefined {
  if (rules.onEmpty === 'sync' || allowed.empty || (rules.oneWay && side === 'b')) return undefined;
  if (facts.agreed === 0 || facts.holds[side] > 0 || facts.holds[otherSide(side)] === 0) return undefined;
  if (actions.every(({ type }) => type === 'hold' || type === 'conflict')) return undefined;
  if (isOwnWork(facts, side)) return undefined;
  return { type: 'emptied', side, items: deletionsOn(actions, otherSide(side)), waits: true };
}

/** Whether an interrupted run of this pair deleted all that is missing on a side. */
const isOwnWork = ({ items, begunDeletions }: MappingFacts, side: Side): boolean =>
  items.every(
    ({ ident, agreement, sides }) =>
      agreement === undefined || sides[side].type !== 'absent' || begunDeletions?.[side].has(ident) === true,
  );

function tooManyDeletions(
  facts: MappingFacts,
  actions: readonly ItemAction[],
  most: MaxDelete | undefined,
  allowed: Allowances,
  side: Side,
): GuardHold | undefined {
  if (most === undefined || allowed.delete) return undefined;
  const items = deletionsOn(actions, side);
  const limit = most.type === 'count' ? most.count : (facts.agreed * most.percent) / 100;
  return items > limit ? { type: 'too-many-deletions', side, items, waits: true } : undefined;
}

/** SG5. With `one_way`, whatever happens to b is undone in any case. */
function rolledBack(facts: MappingFacts, rules: PairRules, allowed: Allowances, side: Side): GuardHold | undefined {
  if (allowed.rollback || (rules.oneWay && side === 'b')) return undefined;
  const edits = facts.items.flatMap((item) => editOf(item, side));
  const older = edits.filter((version) => version.older === true).length;
  return older >= MANY && older * 2 > edits.length
    ? { type: 'rolled-back', side, items: older, waits: true }
    : undefined;
}

function editOf(item: ItemFacts, side: Side): readonly Version[] {
  const here = item.sides[side];
  if (here.type !== 'present') return [];
  // What the other side holds too was put there by somebody, or by an earlier run; there is nothing to take over.
  const there = item.sides[otherSide(side)];
  const isThereToo = ({ fingerprint }: Version): boolean =>
    there.type === 'present' && there.versions.some((version) => version.fingerprint === fingerprint);
  return here.versions.filter((version) => isEdited(item.agreement, side, version) && !isThereToo(version)).slice(0, 1);
}

const deletionsOn = (actions: readonly ItemAction[], side: Side): number =>
  actions.filter((action) => action.type === 'delete' && writtenSide(action) === side).length;
