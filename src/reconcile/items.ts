import type { Agreement } from '../model/agreement.ts';
import type { ConflictWay } from '../model/rules.ts';
import { bySide, otherSide, type Side, type Sides } from '../model/sides.ts';
import { type Copy, chooseCopy } from './copies.ts';
import type { ItemFacts, Version } from './facts.ts';
import type { Conflict, ItemAction } from './plan.ts';

/**
 * What to do with one item, both sides being equal partners: the table SI1 to SI8 of the specification.
 * Undefined: nothing, not even a remark.
 */
export function decideItem(facts: ItemFacts, ways: readonly ConflictWay[]): ItemAction | undefined {
  const { ident, agreement } = facts;
  const held = chooseCopy(facts);
  if ('hold' in held) return held.hold;
  const { a, b } = held.copies;

  if (a !== undefined && b !== undefined) return decideBoth(facts, { a, b }, ways);
  if (a !== undefined) return decideOneSided(facts, 'a', a);
  if (b !== undefined) return decideOneSided(facts, 'b', b);
  return agreement === undefined ? undefined : { type: 'forget', ident }; // SI1, SG3
}

/** SI2, SI3: an edit outlives a deletion; an agreed version that the other side removed goes. */
function decideOneSided(facts: ItemFacts, side: Side, copy: Copy): ItemAction {
  const { ident, agreement } = facts;
  if (isEdited(agreement, side, copy.version)) {
    return { type: 'create', ident, from: side, source: copy.version, twins: copy.surplus };
  }
  return { type: 'delete', ident, side, target: copy.version, surplus: copy.surplus, because: 'deleted' };
}

function decideBoth(facts: ItemFacts, copies: Sides<Copy>, ways: readonly ConflictWay[]): ItemAction | undefined {
  const { ident, agreement } = facts;
  const versions = bySide((side) => copies[side].version);
  const edited = bySide((side) => isEdited(agreement, side, versions[side]));
  // SI5, SF1: what is equal needs no copying, however it came to be so.
  if (versions.a.fingerprint === versions.b.fingerprint || (!edited.a && !edited.b)) {
    return recordIfMoved(facts, versions); // SI5, SI7
  }
  if (edited.a && edited.b) {
    const conflict: Conflict = {
      type: 'conflict',
      ident,
      sides: versions,
      surplus: bySide((side) => copies[side].surplus),
    };
    const way = ways[0];
    return way?.type === 'keep' ? keepSide(conflict, way.side) : conflict; // SI6
  }
  return updateFrom(ident, edited.a ? 'a' : 'b', copies, 'edited'); // SI4
}

/** Settles a conflict by one side's version. */
export function keepSide({ ident, sides, surplus }: Conflict, side: Side): ItemAction {
  const copies = bySide((each): Copy => ({ version: sides[each], surplus: surplus[each] }));
  return updateFrom(ident, side, copies, 'conflict');
}

function updateFrom(
  ident: ItemFacts['ident'],
  from: Side,
  copies: Sides<Copy>,
  because: 'edited' | 'conflict' | 'one-way',
): ItemAction {
  const target = copies[otherSide(from)];
  const { version: source, surplus: twins } = copies[from];
  return { type: 'update', ident, from, source, twins, target: target.version, surplus: target.surplus, because };
}

/** New, or another content than this side had when both agreed. */
export const isEdited = (agreement: Agreement | undefined, side: Side, version: Version): boolean =>
  agreement?.sides[side].fingerprint !== version.fingerprint;

export function recordIfMoved(facts: ItemFacts, versions: Sides<Version>): ItemAction | undefined {
  const { ident, agreement } = facts;
  const moved = (side: Side): boolean => {
    const agreed = agreement?.sides[side];
    const now = versions[side];
    return agreed?.href !== now.href || agreed.etag !== now.etag || agreed.fingerprint !== now.fingerprint;
  };
  return moved('a') || moved('b') ? { type: 'record', ident, sides: versions } : undefined;
}
