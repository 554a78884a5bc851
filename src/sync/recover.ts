import type { Agreement } from '../model/agreement.ts';
import { etag as etagOf, type Href, type Ident } from '../model/names.ts';
import type { Side, Sides } from '../model/sides.ts';
import type { Intent, MappingStatus } from '../status/status.ts';
import type { Differences } from './compare.ts';
import { UNSEEN } from './unseen.ts';

/** What interrupted runs left: writes that happened after all, and those that did not, or cannot be told. */
export interface Recovered {
  /** As if the interrupted run had recorded them. They stand in for what the status has of the same ident. */
  readonly agreements: ReadonlyMap<Ident, { readonly agreement: Agreement; readonly side: Side }>;
  readonly intents: readonly Intent[];
  /** Where a repeated creation should go (SR5). */
  readonly hrefs: ReadonlyMap<Ident, { readonly side: Side; readonly href: Href }>;
}

/**
 * Looks at the intents of interrupted runs. One counts as done only if its href now holds exactly its text (SR5);
 * an unconfirmed one is never the base of a comparison.
 */
export function recover(mapping: MappingStatus, differences: Sides<Differences>): Recovered {
  const agreements = new Map<Ident, { agreement: Agreement; side: Side }>();
  const hrefs = new Map<Ident, { side: Side; href: Href }>();
  const intents = mapping.intents();
  for (const intent of intents) {
    const { ident, side, href, verb } = intent;
    const agreement = confirmed(intent, differences[side]);
    if (agreement !== undefined) agreements.set(ident, { agreement, side });
    else if (verb === 'create') hrefs.set(ident, { side, href });
  }
  return { agreements, intents, hrefs };
}

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
