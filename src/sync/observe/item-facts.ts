import { type Agreement, isNowhere } from '../../model/agreement.ts';
import type { Href, Ident } from '../../model/names.ts';
import { bySide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { ItemFacts, SideFacts, Version } from '../../reconcile/facts.ts';
import type { MappingStatus } from '../../status/status.ts';
import type { Differences, Present, Unknown } from './compare.ts';
import type { Recovered } from './recover.ts';

/** Facts of one item whose absence is not proven yet on the sides in `unproven`. */
export interface Candidate extends ItemFacts {
  /** Where it was agreed, for the sides that no longer list it (SL3). */
  readonly unproven: Partial<Record<Side, Href>>;
}

/** What is there and belongs to no item that is known. */
export interface Unidentified extends Unknown {
  readonly side: Side;
  readonly href: Href;
}

/** The items of interest of a mapping: all that differs, on either side, from what is agreed. */
export function gatherCandidates(
  mapping: MappingStatus,
  differences: Sides<Differences>,
  recovered: Recovered,
): { readonly candidates: readonly Candidate[]; readonly unidentified: readonly Unidentified[] } {
  const idents = new Set<Ident>([...recovered.agreements.keys(), ...recovered.copiesBack.keys()]);
  const unidentified: Unidentified[] = [];
  const copies = bySide((side) => byIdent(differences[side].present));
  for (const side of SIDES) {
    const { present, unknown, missing } = differences[side];
    for (const ident of missing.values()) idents.add(ident);
    for (const [href, { ident }] of present) {
      idents.add(ident);
      const before = mapping.agreementAt(side, href)?.ident;
      if (before !== undefined) idents.add(before);
    }
    const recoveredAt = new Map(
      [...recovered.agreements].map(([ident, { agreement }]) => [agreement.sides[side].href, ident]),
    );
    for (const [href, entry] of unknown) {
      const before = mapping.agreementAt(side, href)?.ident ?? recoveredAt.get(href);
      if (before === undefined) unidentified.push({ side, href, ...entry });
      else idents.add(before);
    }
  }
  const context = { mapping, differences, copies, recovered };
  return { candidates: [...idents].map((ident) => candidateOf(ident, context)), unidentified };
}

interface Context {
  readonly mapping: MappingStatus;
  readonly differences: Sides<Differences>;
  readonly copies: Sides<ReadonlyMap<Ident, readonly Version[]>>;
  readonly recovered: Recovered;
}

function candidateOf(ident: Ident, context: Context): Candidate {
  const stored = context.mapping.agreement(ident);
  const agreement = context.recovered.agreements.get(ident)?.agreement ?? stored;
  let unproven: Candidate['unproven'] = NOTHING;
  const sides = bySide((side): SideFacts => {
    const { present, unknown, missing, overtaken, complete } = context.differences[side];
    const agreedHref = agreement?.sides[side].href;
    const entry = agreedHref === undefined ? undefined : unknown.get(agreedHref);
    if (entry !== undefined) return { type: 'unknown', reason: entry.reason, waits: entry.waits };
    const versions = versionsOf(ident, side, agreement, stored, context);
    if (versions.length > 0) {
      // It moved, if it is not where it was: what is elsewhere may be another one beside it.
      // What an interrupted run agreed on is in no row that a listing was compared with.
      const isThere = (href: Href): boolean => present.has(href) || versions.some((version) => version.href === href);
      if (agreedHref !== undefined && (missing.has(agreedHref) || (agreement !== stored && !isThere(agreedHref)))) {
        unproven = { ...unproven, [side]: agreedHref };
      }
      return { type: 'present', versions };
    }
    // Another item at its address is the witness that it is gone from there.
    const isTaken = agreedHref !== undefined && (present.has(agreedHref) || isNowhere(agreedHref));
    if (isTaken && overtaken.has(agreedHref)) return OVERTAKEN;
    if (isTaken && complete) return [...unknown.values()].some(isUnseen) ? MAYBE_MOVED : ABSENT;
    if (!complete) return { type: 'unknown', reason: 'the collection could not be listed completely', waits: false };
    if (agreedHref !== undefined) unproven = { ...unproven, [side]: agreedHref };
    return ABSENT;
  });
  return { ident, agreement, sides, unproven };
}

const NOTHING = {};
const ABSENT: SideFacts = { type: 'absent' };
const MAYBE_MOVED: SideFacts = {
  type: 'unknown',
  reason: 'another item took its address, and it may be one that could not be read: see to that one first',
  waits: true,
};

const OVERTAKEN: SideFacts = {
  type: 'unknown',
  reason: 'another item took its address while the collection was looked at',
  waits: false,
};

/** What was listed in a way that tells nothing of it. */
const isUnseen = ({ etag }: Unknown): boolean => etag === undefined;

function versionsOf(
  ident: Ident,
  side: Side,
  agreement: Agreement | undefined,
  stored: Agreement | undefined,
  { mapping, differences, copies }: Context,
): readonly Version[] {
  const versions = (copies[side].get(ident) ?? []).map((version) =>
    version.fingerprint !== agreement?.sides[side].fingerprint && mapping.isOlder(side, ident, version.fingerprint)
      ? { ...version, older: true as const }
      : version,
  );
  const { present, unknown, missing } = differences[side];
  const agreed = stored?.sides[side];
  if (agreed === undefined || isNowhere(agreed.href)) return versions;
  if (present.has(agreed.href) || unknown.has(agreed.href) || missing.has(agreed.href)) {
    return versions;
  }
  return [...versions, { href: agreed.href, etag: agreed.etag, fingerprint: agreed.fingerprint }];
}

function byIdent(present: ReadonlyMap<Href, Present>): ReadonlyMap<Ident, readonly Version[]> {
  const versions = new Map<Ident, Version[]>();
  for (const version of present.values()) {
    const others = versions.get(version.ident);
    if (others === undefined) versions.set(version.ident, [version]);
    else others.push(version);
  }
  return versions;
}

/** The candidates with each absence proven or taken back. `proven`: what a direct look found absent. */
export function provenFacts(candidates: readonly Candidate[], proven: Sides<ReadonlySet<Href>>): readonly ItemFacts[] {
  return candidates.map((candidate) => {
    const { ident, agreement, unproven } = candidate;
    if (unproven === NOTHING) return candidate;
    const sides = bySide((side): SideFacts => {
      const href = unproven[side];
      if (href === undefined || proven[side].has(href)) return candidate.sides[side];
      const reason = 'it is no longer listed, and a direct look did not prove it gone';
      return { type: 'unknown', reason, waits: false };
    });
    return { ident, agreement, sides };
  });
}
