import type { Etag, Fingerprint, Href, Ident } from './names.ts';

/** What storages of this kind hold; storages of different kinds are never paired. */
export type Kind = 'calendar' | 'address-book';

/**
 * All components of one UID in a collection: an event with its overrides, or a contact.
 * `text` is what was received, to the byte but for what the carrier demands of line ends (SI12).
 */
export interface Item {
  readonly text: string;
  readonly ident: Ident;
  readonly fingerprint: Fingerprint;
}

/** An item as a listing names it. */
export interface ItemRef {
  readonly href: Href;
  readonly etag: Etag;
}

/** An item that was read; the etag belongs to this text (SD4). */
export interface FetchedItem extends ItemRef {
  readonly type: 'item';
  readonly item: Item;
}

/** An item that is there and cannot be used: empty, cut, not UTF-8, two UIDs, … (SD5). `etag` is what was seen, if anything. */
export interface UnreadableItem {
  readonly type: 'unreadable';
  readonly href: Href;
  readonly etag: Etag | undefined;
  readonly reason: string;
}
