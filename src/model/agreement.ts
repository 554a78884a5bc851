import { type Etag, type Fingerprint, type Href, href, type Ident } from './names.ts';
import type { Side, Sides } from './sides.ts';

/** What one side held when both last agreed. The fingerprint is that side's own: a storage may keep another text than the other (SI14). */
export interface AgreedVersion {
  readonly href: Href;
  readonly etag: Etag;
  readonly fingerprint: Fingerprint;
  /** What this side held before, if the status knows: content that comes back is a roll-back, not an edit (SG5). */
  readonly previous?: Fingerprint;
}

/**
 * Where an agreed version is said to be whose address was taken over by another item before anything was decided about
 * it. It is no address of any storage; each item has its own.
 */
export const nowhere = (ident: Ident): Href => href(`${NOWHERE}${ident}`);
export const isNowhere = (address: Href): boolean => address.startsWith(NOWHERE);

/** In no address of a file or a URL. */
const NOWHERE = '\0';

/** What both sides held of one item when they last agreed. */
export interface Agreement {
  readonly ident: Ident;
  readonly sides: Sides<AgreedVersion>;
}

/**
 * What one side holds, or no longer holds, at a href, where that is not what was agreed: the memory of what waits
 * (conflicts, holds, failures, unreadable items, changes noticed and not yet read), so that no run reads it again.
 */
export interface Sighting {
  readonly side: Side;
  readonly href: Href;
  /** `undefined`: gone. */
  readonly etag: Etag | undefined;
  /** `undefined`: not read, or unreadable. */
  readonly content: { readonly ident: Ident; readonly fingerprint: Fingerprint } | undefined;
  /** Why it cannot be read, where it was tried. */
  readonly unreadable: string | undefined;
}
