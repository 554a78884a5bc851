import type { Collection } from '../model/collection.ts';
import type { PairRules } from '../model/rules.ts';
import { otherSide, SIDES, type Side, type Sides } from '../model/sides.ts';
import type { MappingHold } from './hold-reason.ts';
import type { Mapping } from './mappings.ts';

/** What to do with the collections of one mapping, before anything is known of their items. */
export type CollectionDecision =
  | { readonly type: 'sync'; readonly collections: Sides<Collection> }
  /** On each of `sides`; what the status knows of the mapping is void. */
  | { readonly type: 'create'; readonly sides: readonly Side[] }
  /** It was synced, and is gone from `side`: its items go first, then it (SC4). */
  | { readonly type: 'gone'; readonly side: Side; readonly remaining: Collection }
  | { readonly type: 'held'; readonly reason: MappingHold }
  /** Nothing is there, and nobody wants it. */
  | { readonly type: 'forget' };

/** The table SC1 to SC4, and SC8. `readOnly`: storages that take no writes. */
export function decideCollection(mapping: Mapping, rules: PairRules, readOnly: ReadonlySet<Side>): CollectionDecision {
  const { a, b } = mapping.sides;
  if (mapping.unclear !== undefined) return { type: 'held', reason: mapping.unclear }; // SC8
  if (a !== undefined && b !== undefined) return { type: 'sync', collections: { a, b } }; // SC1

  const missing = SIDES.filter((side) => mapping.sides[side] === undefined);
  const side = missing[0];
  if (side === undefined) return { type: 'forget' };
  const remaining = mapping.sides[otherSide(side)];
  if (remaining === undefined) return mapping.named ? create(missing, rules, readOnly) : { type: 'forget' }; // SC3
  if (mapping.known === undefined || (rules.oneWay && side === 'b')) return create([side], rules, readOnly); // SC2
  if (rules.onDelete === 'skip') return { type: 'held', reason: { type: 'collection-gone', side, waits: true } };
  if (readOnly.has(otherSide(side))) {
    return { type: 'held', reason: { type: 'cannot-delete', side: otherSide(side), waits: false } }; // SG4
  }
  return { type: 'gone', side, remaining }; // SC4
}

function create(sides: readonly Side[], rules: PairRules, readOnly: ReadonlySet<Side>): CollectionDecision {
  const side = sides.find((each) => readOnly.has(each) || (rules.oneWay && each === 'a'));
  if (side !== undefined) return { type: 'held', reason: { type: 'cannot-create', side, waits: false } };
  return { type: 'create', sides };
}
