import type { Properties, PropertyName } from '../model/collection.ts';
import type { ConflictWay } from '../model/rules.ts';
import { otherSide, SIDES, type Side, type Sides } from '../model/sides.ts';
import type { ReadOnlyHold } from './hold-reason.ts';
import { sameValue } from './property-value.ts';

export type PropertyAction =
  /** `value` undefined: unset it. */
  | { readonly type: 'set'; readonly name: PropertyName; readonly side: Side; readonly value: string | undefined }
  | { readonly type: 'record'; readonly name: PropertyName; readonly value: string | undefined }
  | { readonly type: 'conflict'; readonly name: PropertyName; readonly values: Sides<string | undefined> }
  | { readonly type: 'hold'; readonly name: PropertyName; readonly side: Side; readonly reason: ReadOnlyHold };

export interface PropertyFacts {
  readonly name: PropertyName;
  readonly values: Sides<string | undefined>;
  /** What both had when they last agreed; undefined: never. */
  readonly agreed: { readonly value: string | undefined } | undefined;
}

/** Three-way, like items, but that a deletion is a change like any other. Undefined: nothing to do. */
export function decideProperty(facts: PropertyFacts, terms: PropertyTerms): PropertyAction | undefined {
  const { name, values, agreed } = facts;
  if (sameValue(name, values.a, values.b)) {
    const known = agreed !== undefined && sameValue(name, agreed.value, values.a);
    // What was never set anywhere needs no row.
    return known || (agreed === undefined && values.a === undefined)
      ? undefined
      : { type: 'record', name, value: values.a };
  }
  const from = winner(facts, terms);
  if (from === undefined) return { type: 'conflict', name, values };
  const side = otherSide(from);
  if (terms.writable.has(side)) return { type: 'set', name, side, value: values[from] };
  return { type: 'hold', name, side, reason: { type: 'read-only', side, waits: false } }; // SG4
}

export interface PropertyTerms {
  readonly ways: readonly ConflictWay[];
  readonly oneWay: boolean;
  /** Sides that take writes. */
  readonly writable: ReadonlySet<Side>;
}

/** The side whose value goes to the other. */
function winner(facts: PropertyFacts, terms: PropertyTerms): Side | undefined {
  if (terms.oneWay) return 'a';
  const { name, values, agreed } = facts;
  const changed = SIDES.filter((side) => !sameValue(name, values[side], agreed?.value));
  if (changed.length === 1) return changed[0];
  // The other ways are for items.
  return terms.ways.find((way) => way.type === 'keep')?.side;
}

/** The names whose values may differ between two collections, in a fixed order. */
export function propertyFacts(
  names: readonly PropertyName[],
  properties: Sides<Properties>,
  agreed: (name: PropertyName) => PropertyFacts['agreed'],
): readonly PropertyFacts[] {
  return names.map((name) => ({
    name,
    values: { a: properties.a[name], b: properties.b[name] },
    agreed: agreed(name),
  }));
}
