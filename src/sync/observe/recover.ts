import type { Agreement } from '../../model/agreement.ts';
import { etag as etagOf, type Fingerprint, type Href, type Ident } from '../../model/names.ts';
import { otherSide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { ItemFacts, SideFacts } from '../../reconcile/facts.ts';
import type { Intent, MappingStatus, StatusChange } from '../../status/status.ts';
import type { Differences, Unknown } from './compare.ts';
import { UNSEEN } from './unseen.ts';

/** What interrupted runs left: writes that happened after all, and those that did not, or cannot be told. */
export interface Recovered {
  /** As if the interrupted run had recorded them. They stand in for what the status has of the same ident. */
  readonly agreements: ReadonlyMap<Ident, { readonly agreement: Agreement; readonly side: Side }>;
  /** Those that are done with. */
  readonly intents: readonly Intent[];
  /** Where a repeated creation should go (SR5). */
  readonly hrefs: ReadonlyMap<Ident, { readonly side: Side; readonly href: Href }>;
  /** Writes that were to bring what a storage made of an item back to the side that it came from (SI14). */
  readonly copiesBack: ReadonlyMap<Ident, Intent>;
}

/**
 * Looks at the intents of interrupted runs. One counts as done only if its href now holds exactly its text (SR5);
 * an unconfirmed one is never the base of a comparison.
 */
export function recover(mapping: MappingStatus, differences: Sides<Differences>): Recovered {
  const agreements = new Map<Ident, { agreement: Agreement; side: Side }>();
  const hrefs = new Map<Ident, { side: Side; href: Href }>();
  const copiesBack = new Map<Ident, Intent>();
  const intents: Intent[] = [];
  for (const intent of mapping.intents()) {
    const { ident, side, href, verb } = intent;
    // What could not be read now is looked at by the next run.
    if (verb !== 'delete' && isUnread(differences[side].unknown.get(href))) continue;
    intents.push(intent);
    const agreement = confirmed(intent, differences[side]);
    if (agreement !== undefined) agreements.set(ident, { agreement, side });
    else if (verb === 'create') hrefs.set(ident, { side, href });
    else if (copiesBackWhatIsAgreed(intent, mapping.agreement(ident))) copiesBack.set(ident, intent);
  }
  return { agreements, intents, hrefs, copiesBack };
}

const isUnread = (unknown: Unknown | undefined): boolean => unknown !== undefined && unknown.etag === undefined;

/** What it would copy is agreed already, with another content on the other side. */
function copiesBackWhatIsAgreed({ side, fingerprint, source }: Intent, agreement: Agreement | undefined): boolean {
  if (agreement === undefined || source === undefined) return false;
  const { sides } = agreement;
  return sides[otherSide(side)].fingerprint === source.fingerprint && sides[side].fingerprint !== fingerprint;
}

/**
 * What a storage made of an item, and was not copied back before the run ended, counts as an edit as long as both sides
 * are as they were then; whatever a person did since goes by what is agreed. Where a side is not known, it is asked
 * again at the next run. Answers the facts, and what is known of interrupted runs without what is still open of it.
 */
export function oweCopiesBack(
  facts: readonly ItemFacts[],
  recovered: Recovered,
): { readonly items: readonly ItemFacts[]; readonly recovered: Recovered } {
  const open = new Set<Ident>();
  const items = facts.map((item): ItemFacts => {
    const { ident, agreement, sides } = item;
    const intent = recovered.copiesBack.get(ident);
    if (intent === undefined || agreement === undefined) return item;
    if (SIDES.some((side) => sides[side].type === 'unknown')) open.add(ident);
    if (!SIDES.every((side) => isAsAgreed(sides[side], agreement.sides[side].fingerprint))) return item;
    open.add(ident);
    const from = otherSide(intent.side);
    const sent = { ...agreement.sides[from], fingerprint: agreement.sides[intent.side].fingerprint };
    return { ...item, agreement: { ident, sides: { ...agreement.sides, [from]: sent } } };
  });
  const intents = recovered.intents.filter(({ ident }) => !open.has(ident));
  const copiesBack = new Map([...recovered.copiesBack].filter(([ident]) => open.has(ident)));
  return { items, recovered: { ...recovered, intents, copiesBack } };
}

/** What this run was to copy back and did not come to, for the next one. `done`: what was written, or refused. */
export function stillOwed(
  mapping: MappingStatus,
  { copiesBack }: Recovered,
  done: { readonly written: Sides<ReadonlyMap<Href, unknown>>; readonly refused: ReadonlySet<string> },
): readonly StatusChange[] {
  if (copiesBack.size === 0) return [];
  const intended = new Set(mapping.intents().map(({ ident }) => ident));
  return [...copiesBack].flatMap(([ident, intent]): readonly StatusChange[] => {
    const agreement = mapping.agreement(ident);
    const isOpen = agreement !== undefined && !done.written[intent.side].has(agreement.sides[intent.side].href);
    if (!isOpen || intended.has(ident) || done.refused.has(ident)) return [];
    return copiesBackWhatIsAgreed(intent, agreement) ? [{ type: 'intend', intent, destroys: [] }] : [];
  });
}

const isAsAgreed = (side: SideFacts, fingerprint: Fingerprint): boolean =>
  side.type === 'present' && side.versions.every((version) => version.fingerprint === fingerprint);

/** Hrefs of interrupted writes that no look mentions are read too: nothing is concluded from silence. */
export function readIntents(mapping: MappingStatus, differences: Sides<Differences>): void {
  for (const { side, href, verb } of mapping.intents()) {
    const { toRead, present, unknown, missing } = differences[side];
    if (verb === 'delete' || toRead.has(href) || present.has(href)) continue;
    if (unknown.has(href) || missing.has(href) || mapping.agreementAt(side, href) !== undefined) continue;
    toRead.set(href, { href, etag: UNSEEN });
  }
}

function confirmed(intent: Intent, differences: Differences): Agreement | undefined {
  const { ident, side, href, fingerprint, source } = intent;
  const now = differences.present.get(href);
  if (source === undefined || now === undefined || now.ident !== ident || now.fingerprint !== fingerprint) {
    return undefined;
  }
  const written = { href, etag: now.etag, fingerprint };
  const copied = { href: source.href, etag: etagOf(source.etag), fingerprint: source.fingerprint };
  return { ident, sides: side === 'a' ? { a: written, b: copied } : { a: copied, b: written } };
}
