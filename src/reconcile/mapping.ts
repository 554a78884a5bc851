import type { Ident } from '../model/names.ts';
import type { PairRules } from '../model/rules.ts';
import type { Side } from '../model/sides.ts';
import type { ItemFacts, MappingFacts } from './facts.ts';
import { type Allowances, guard } from './guards.ts';
import type { GuardHold } from './hold-reason.ts';
import { decideItem } from './items.ts';
import { decideItemOneWay } from './one-way.ts';
import { type ItemAction, writtenSide } from './plan.ts';

/** What to do with the items of one mapping: an action for each that needs one, or nothing at all, and why. */
export type ItemsPlan =
  | { readonly type: 'actions'; readonly actions: readonly ItemAction[] }
  | { readonly type: 'held'; readonly reason: GuardHold };

export interface Terms {
  readonly rules: PairRules;
  readonly allowed: Allowances;
  /** Storages that take no writes (SG4). */
  readonly readOnly: ReadonlySet<Side>;
  /** Items that an earlier run held: what a first run one way found on b stays held (SG4). */
  readonly heldBefore: ReadonlySet<Ident>;
}

/** Pure, and symmetric: exchanging the sides exchanges the plan, but for what the rules say of one of them. */
export function planItems(facts: MappingFacts, terms: Terms): ItemsPlan {
  const { rules, allowed, readOnly, heldBefore } = terms;
  const decide = (item: ItemFacts): ItemAction | undefined =>
    rules.oneWay
      ? decideItemOneWay(item, {
          keepSurplus: !allowed.delete && (facts.isFirst || heldBefore.has(item.ident)),
        })
      : decideItem(item, rules.conflictResolution);
  const actions = facts.items.flatMap((item) => {
    const action = decide(item);
    return action === undefined ? [] : holdReadOnly(action, readOnly);
  });
  // SG4: what b holds besides has to be seen before anything is agreed, since the next run is no first one any more.
  if (rules.oneWay && facts.isFirst && facts.unread?.has('b') === true && !allowed.delete) {
    return { type: 'actions', actions: actions.filter(({ type }) => type === 'hold') };
  }
  const reason = guard(facts, actions, rules, allowed);
  return reason === undefined ? { type: 'actions', actions } : { type: 'held', reason };
}

/** SG4: a read-only side gets no write request. */
export function holdReadOnly(action: ItemAction, readOnly: ReadonlySet<Side>): ItemAction {
  const side = writtenSide(action);
  if (side === undefined || !readOnly.has(side)) return action;
  return { type: 'hold', ident: action.ident, side, reason: { type: 'read-only', side, waits: false } };
}
