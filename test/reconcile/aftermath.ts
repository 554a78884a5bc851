import type { Agreement } from '../../src/model/agreement.ts';
import { bySide, otherSide, type Side } from '../../src/model/sides.ts';
import type { ItemFacts, SideFacts, Version } from '../../src/reconcile/facts.ts';
import type { ItemAction } from '../../src/reconcile/plan.ts';
import { ABSENT, at, present } from './given.ts';
import { versionsOf } from './worlds.ts';

/** What is true of an item once an action is done, on storages that do as they are told. */
export function afterwards(item: ItemFacts, action: ItemAction | undefined): ItemFacts {
  switch (action?.type) {
    case 'create': {
      const made = { ...at(otherSide(action.from), 0, item.ident), fingerprint: action.source.fingerprint };
      return agreeing(item, action.from, action.source, made, []);
    }
    case 'update': {
      const { href, etag } = action.target;
      return agreeing(
        item,
        action.from,
        action.source,
        { href, etag, fingerprint: action.source.fingerprint },
        action.surplus,
      );
    }
    case 'delete':
      return { ...item, agreement: undefined, sides: bySide((side) => leftOf(item, side, action)) };
    case 'forget':
      return { ...item, agreement: undefined };
    case 'record':
      return { ...item, agreement: { ident: item.ident, sides: action.sides } };
    // Conflicts are merged after the decision, if they are.
    case 'merge':
    case 'conflict':
    case 'hold':
    case undefined:
      return item;
  }
}

function agreeing(
  item: ItemFacts,
  from: Side,
  source: Version,
  written: Version,
  surplus: readonly Version[],
): ItemFacts {
  const gone = new Set([written, ...surplus].map(({ href }) => href));
  const left = versionsOf(item, otherSide(from)).filter(({ href }) => !gone.has(href));
  const agreement: Agreement = { ident: item.ident, sides: bySide((side) => (side === from ? source : written)) };
  return {
    ...item,
    agreement,
    sides: bySide((side) => (side === from ? item.sides[side] : present(written, ...left))),
  };
}

function leftOf(item: ItemFacts, side: Side, action: Extract<ItemAction, { readonly type: 'delete' }>): SideFacts {
  if (side !== action.side) return item.sides[side];
  const gone = new Set([action.target, ...action.surplus]);
  const left = versionsOf(item, side).filter((version) => !gone.has(version));
  return left.length === 0 ? ABSENT : present(...left);
}
