import type { PropertyName } from '../model/collection.ts';
import type { Kind } from '../model/item.ts';
import type { Ident } from '../model/names.ts';
import type { ConflictWay } from '../model/rules.ts';
import type { Side, Sides } from '../model/sides.ts';

/** A conflict with all that whoever settles it may want to see. */
export type OpenConflict = { readonly pair: string; readonly collection: string } & (
  | OpenItemConflict
  | { readonly type: 'property'; readonly name: PropertyName; readonly values: Sides<string | undefined> }
);

export interface OpenItemConflict {
  readonly type: 'item';
  readonly ident: Ident;
  readonly kind: Kind;
  readonly texts: Sides<string>;
  /** What both sides last agreed on; undefined where that is not known. */
  readonly base: string | undefined;
}

/** What becomes of a conflict: one side's version, or for an item a text that takes the place of both. */
export type Settlement =
  | { readonly type: 'keep'; readonly side: Side }
  | { readonly type: 'text'; readonly text: string };

/** Asked for each conflict in turn, in place of the configured ways; undefined leaves it open. */
export type AskForSettlement = (conflict: OpenConflict) => Promise<Settlement | undefined>;

/** Runs the program of a `cmd` way on a conflict: what both files then held, or why it settled nothing. */
export type RunResolver = (
  way: Extract<ConflictWay, { type: 'cmd' }>,
  conflict: OpenItemConflict,
) => Promise<{ readonly type: 'settled'; readonly text: string } | { readonly type: 'open'; readonly reason: string }>;
