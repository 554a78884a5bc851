import type { Side } from '../../model/sides.ts';
import type { ContentLine } from '../content-line.ts';
import { mergeParameters } from './merge-parameters.ts';
import type { Unit, Units } from './unit.ts';
import { mapVersions, type Versions } from './versions.ts';

/** What becomes of a unit. */
export type Settled =
  | { readonly type: 'take'; readonly side: Side }
  /**
   * A line that neither side has: this value with these parameters. It stands for the unit, and for the one of the key
   * `successor`, where there is one.
   */
  | {
      readonly type: 'mix';
      readonly parameters: string;
      readonly value: string;
      readonly successor: string | undefined;
    }
  | { readonly type: 'overlap' };

/**
 * By the name of a property: that one value of it was exchanged for one other, which most likely is an edit of the value.
 * `a` and `b` are about what that side alone did, `both` about a value that is gone on both, and one that both have in
 * its place, though not with the same parameters.
 */
export interface Exchanges {
  readonly a: ReadonlyMap<string, Exchange>;
  readonly b: ReadonlyMap<string, Exchange>;
  readonly both: ReadonlyMap<string, Exchange>;
}

interface Exchange {
  readonly removed: Unit;
  readonly added: Unit;
}

export function exchangesIn({ base, a, b }: Versions<Units>): Exchanges {
  const isEqual = (unit: Unit): boolean => a.get(unit.key)?.normal === b.get(unit.key)?.normal;
  const isNew = (unit: Unit): boolean => !base.has(unit.key) && !isEqual(unit);
  return {
    a: pairsOf(base, ({ key }) => !a.has(key) && b.has(key), a, isNew),
    b: pairsOf(base, ({ key }) => !b.has(key) && a.has(key), b, isNew),
    both: pairsOf(
      base,
      ({ key }) => !a.has(key) && !b.has(key),
      a,
      (unit) => isNew(unit) && b.has(unit.key),
    ),
  };
}

/**
 * A value of a property that may have many, which both sides changed or removed. Both may have changed its parameters. Or
 * one side changed them, such as the TYPE of a phone number, and the other side exchanged the value for another one: the
 * new value with the new parameters is what both meant.
 */
export function settleValue({ base, a, b }: Versions<Unit | undefined>, exchanges: Exchanges): Settled {
  if (base && a && b) return mix({ base, a, b }, undefined);
  if (base && a) return succeed(base, a, exchanges.b.get(base.name));
  if (base && b) return succeed(base, b, exchanges.a.get(base.name));
  if (a === undefined || b === undefined) return OVERLAP;
  const exchange = exchanges.both.get(a.name);
  return exchange?.added === a ? mix({ base: exchange.removed, a, b }, undefined) : OVERLAP;
}

/** `changed` on one side, and exchanged for another value on the other. */
function succeed(base: Unit, changed: Unit, exchange: Exchange | undefined): Settled {
  return exchange?.removed === base ? mix({ base, a: changed, b: exchange.added }, exchange.added.key) : OVERLAP;
}

function mix(units: Versions<Unit>, successor: string | undefined): Settled {
  const { base, a, b } = mapVersions(units, ({ lines }) => (lines.length === 1 ? lines[0] : undefined));
  if (base === undefined || a === undefined || b === undefined) return OVERLAP;
  const parameters = mergeParameters({ base, a, b });
  if (parameters === undefined) return OVERLAP;
  return { type: 'mix', parameters, value: mixedValue({ base, a, b }), successor };
}

/** Mostly they are equal, or one is the base's; addresses may differ in case. */
function mixedValue({ base, a, b }: Versions<ContentLine>): string {
  if (a.value === base.value) return b.value;
  return b.value === base.value || a.value < b.value ? a.value : b.value;
}

/** Where exactly one unit of a name is among those removed, and exactly one among those added. */
function pairsOf(
  base: Units,
  isRemoved: (unit: Unit) => boolean,
  units: Units,
  isAdded: (unit: Unit) => boolean,
): ReadonlyMap<string, Exchange> {
  const added = onlyOnes(units, isAdded);
  const pairs = new Map<string, Exchange>();
  for (const [name, removed] of onlyOnes(base, isRemoved)) {
    const other = added.get(name);
    if (removed && other) pairs.set(name, { removed, added: other });
  }
  return pairs;
}

/** By name; undefined where there are several. */
function onlyOnes(units: Units, isMeant: (unit: Unit) => boolean): ReadonlyMap<string, Unit | undefined> {
  const ones = new Map<string, Unit | undefined>();
  for (const unit of units.values()) {
    if (unit.rule === 'each' && isMeant(unit)) ones.set(unit.name, ones.has(unit.name) ? undefined : unit);
  }
  return ones;
}

const OVERLAP: Settled = { type: 'overlap' };
