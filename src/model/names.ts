/** Strings that can be confused, branded; cast only here. */

declare const brand: unique symbol;
type Brand<B extends string> = string & { readonly [brand]: B };

/** A storage's own address of a collection or an item. Opaque: compared as it is, never taken apart outside its storage. */
export type Href = Brand<'Href'>;
/** A storage's own version of an item. Opaque; equal etags of one href mean equal content. */
export type Etag = Brand<'Etag'>;
/** Identity of an item in its collection: the UID, or `fingerprint:` and the fingerprint where there is none (SI9, SI11). */
export type Ident = Brand<'Ident'>;
/** Hash of an item's normalised content without its UID (SI13). */
export type Fingerprint = Brand<'Fingerprint'>;
/** Name of a collection within its storage, from which collections of two storages are paired. */
export type CollectionId = Brand<'CollectionId'>;
/** A storage's own mark of a moment of a collection. Opaque; kept only with the agreements that it belongs to. */
export type Checkpoint = Brand<'Checkpoint'>;

export const href = (text: string): Href => text as Href;
export const etag = (text: string): Etag => text as Etag;
export const ident = (text: string): Ident => text as Ident;
export const fingerprint = (text: string): Fingerprint => text as Fingerprint;
export const collectionId = (text: string): CollectionId => text as CollectionId;
export const checkpoint = (text: string): Checkpoint => text as Checkpoint;

/** An etag that equals no other: of what changed so lately that it may change again and look the same. */
export const unsettled = (unique: string): Etag => etag(`${UNSETTLED}${unique}`);
export const isUnsettled = (version: Etag): boolean => version.startsWith(UNSETTLED);

const UNSETTLED = 'unsettled:';
