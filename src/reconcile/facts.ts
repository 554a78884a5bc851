import type { Agreement } from '../model/agreement.ts';
import type { Etag, Fingerprint, Href, Ident } from '../model/names.ts';
import type { Side, Sides } from '../model/sides.ts';

/** What a decision about one item knows: what each side holds now, and what both held when they last agreed. */
export interface ItemFacts {
  readonly ident: Ident;
  readonly agreement: Agreement | undefined;
  readonly sides: Sides<SideFacts>;
}

/** One copy of an item on one side. */
export interface Version {
  readonly href: Href;
  readonly etag: Etag;
  readonly fingerprint: Fingerprint;
  /** The history or the agreement knows this content as an older one (SG5). */
  readonly older?: true;
}

export type SideFacts =
  /** At least one copy; more where the storage holds several items of one ident. */
  | { readonly type: 'present'; readonly versions: readonly Version[] }
  /** Proven gone, or never there (SL3). */
  | { readonly type: 'absent' }
  /** It may be there, and what it holds is not known (SI8). */
  | { readonly type: 'unknown'; readonly reason: string; readonly waits: boolean };

/** What is known of a whole mapping besides its items of interest. */
export interface MappingFacts {
  /** Items that are untouched on both sides are not among them. In no order, each ident once. */
  readonly items: readonly ItemFacts[];
  /** How many items were agreed before the run. */
  readonly agreed: number;
  /** Whether nothing was recorded as agreed before the run, whatever an interrupted one may have done. */
  readonly isFirst: boolean;
  /** How many items each side holds now, readable or not. */
  readonly holds: Sides<number>;
  /** Sides of which not all was listed and read. */
  readonly unread?: ReadonlySet<Side>;
  /** Items that an interrupted run may have deleted on a side. */
  readonly begunDeletions?: Sides<ReadonlySet<Ident>>;
}
