import type { Agreement } from '../../src/model/agreement.ts';
import { otherSide, type Sides } from '../../src/model/sides.ts';
import type { ItemFacts } from '../../src/reconcile/facts.ts';
import type { ItemHold } from '../../src/reconcile/hold-reason.ts';
import type { ItemsPlan, Terms } from '../../src/reconcile/mapping.ts';
import type { Conflict, ItemAction } from '../../src/reconcile/plan.ts';
import type { World } from './worlds.ts';

/** The same world, and the same plan, with the sides exchanged (L1). */

const exchanged = <T>({ a, b }: Sides<T>): Sides<T> => ({ a: b, b: a });

export const mirroredWorld = ({ facts, terms }: World): World => ({
  facts: { ...facts, items: facts.items.map(mirroredItem), holds: exchanged(facts.holds) },
  terms: mirroredTerms(terms),
});

const mirroredItem = ({ ident, agreement, sides }: ItemFacts): ItemFacts => ({
  ident,
  agreement: agreement === undefined ? undefined : mirroredAgreement(agreement),
  sides: exchanged(sides),
});

const mirroredAgreement = ({ ident, sides }: Agreement): Agreement => ({ ident, sides: exchanged(sides) });

const mirroredTerms = (terms: Terms): Terms => ({
  ...terms,
  rules: {
    ...terms.rules,
    conflictResolution: terms.rules.conflictResolution.map((way) =>
      way.type === 'keep' ? { ...way, side: otherSide(way.side) } : way,
    ),
  },
  readOnly: new Set([...terms.readOnly].map(otherSide)),
});

export const mirroredPlan = (plan: ItemsPlan): ItemsPlan =>
  plan.type === 'actions'
    ? { type: 'actions', actions: plan.actions.map(mirroredAction) }
    : { type: 'held', reason: { ...plan.reason, side: otherSide(plan.reason.side) } };

function mirroredAction(action: ItemAction): ItemAction {
  switch (action.type) {
    case 'create':
    case 'update':
      return { ...action, from: otherSide(action.from) };
    case 'delete':
      return { ...action, side: otherSide(action.side) };
    case 'record':
      return { ...action, sides: exchanged(action.sides) };
    case 'conflict':
      return mirroredConflict(action);
    case 'merge':
      return { ...action, conflict: mirroredConflict(action.conflict) };
    case 'hold': {
      const side = action.side === undefined ? undefined : otherSide(action.side);
      return { ...action, side, reason: mirroredReason(action.reason) };
    }
    case 'forget':
      return action;
  }
}

const mirroredConflict = (conflict: Conflict): Conflict => ({
  ...conflict,
  sides: exchanged(conflict.sides),
  surplus: exchanged(conflict.surplus),
});

const mirroredReason = (reason: ItemHold): ItemHold =>
  'side' in reason ? { ...reason, side: otherSide(reason.side) } : reason;
