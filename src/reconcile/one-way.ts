import { chooseCopy } from './copies.ts';
import type { ItemFacts } from './facts.ts';
import { recordIfMoved } from './items.ts';
import type { ItemAction } from './plan.ts';

/**
 * What to do with one item where a is copied to b and b's own changes are undone (SG4). Only b is ever written.
 * In a mapping without agreements what only b holds waits for a person: it may be all there is of it.
 */
export function decideItemOneWay(facts: ItemFacts, options: OneWayOptions): ItemAction | undefined {
  const { ident, agreement } = facts;
  const held = chooseCopy(facts);
  if ('hold' in held) return held.hold;
  const { a, b } = held.copies;

  if (a === undefined && b === undefined) return agreement === undefined ? undefined : { type: 'forget', ident };
  if (a === undefined) {
    if (b === undefined) return undefined;
    if (options.keepSurplus && agreement === undefined) {
      return { type: 'hold', ident, side: 'b', reason: { type: 'surplus', waits: true } };
    }
    const unchanged = agreement?.sides.b.fingerprint === b.version.fingerprint;
    const because = unchanged ? 'deleted' : 'one-way';
    return { type: 'delete', ident, side: 'b', target: b.version, surplus: b.surplus, because };
  }
  if (b === undefined) return { type: 'create', ident, from: 'a', source: a.version, twins: a.surplus };
  const untouched =
    agreement?.sides.a.fingerprint === a.version.fingerprint && agreement.sides.b.fingerprint === b.version.fingerprint;
  if (untouched || a.version.fingerprint === b.version.fingerprint) {
    return recordIfMoved(facts, { a: a.version, b: b.version });
  }
  const bIsOurs = agreement?.sides.b.fingerprint === b.version.fingerprint;
  return {
    type: 'update',
    ident,
    from: 'a',
    source: a.version,
    twins: a.surplus,
    target: b.version,
    surplus: b.surplus,
    because: bIsOurs ? 'edited' : 'one-way',
  };
}

export interface OneWayOptions {
  /** What only b holds, and no agreement knows, may be all there is of it. */
  readonly keepSurplus: boolean;
}
