import type { PropertyName } from './collection.ts';
import type { CollectionId, Href } from './names.ts';
import type { Side, Sides } from './sides.ts';

/** What the configuration says of a pair, as the decision needs it. */
export interface PairRules {
  /** `collections all` is both sides. */
  readonly collectionsFrom: ReadonlySet<Side>;
  readonly mappings: readonly NamedMapping[];
  /** Globs (`*`, `?`) of ids that `collectionsFrom` leaves out. */
  readonly exclude: readonly string[];
  readonly onEmpty: 'skip' | 'sync';
  readonly onDelete: 'skip' | 'sync';
  readonly maxDelete: MaxDelete | undefined;
  /** Tried in this order until one settles the conflict; none: report it and touch neither side. */
  readonly conflictResolution: readonly ConflictWay[];
  /** a is copied to b, and b's own changes are undone. */
  readonly oneWay: boolean;
  readonly properties: readonly PropertyName[];
}

export type MaxDelete =
  | { readonly type: 'count'; readonly count: number }
  | { readonly type: 'share'; readonly percent: number };

export type ConflictWay =
  | { readonly type: 'keep'; readonly side: Side }
  /** The later of LAST-MODIFIED or REV; settles nothing where one is missing, or they are equal. */
  | { readonly type: 'keep-newest' }
  /** Three-way, against what both sides last had; settles only what does not overlap (SF2). */
  | { readonly type: 'merge' }
  /** A program that is given both versions as files, and is to make them equal. */
  | { readonly type: 'cmd'; readonly program: string; readonly args: readonly string[] };

/** One collection that the configuration names itself. */
export interface NamedMapping {
  /** How the pair calls it: its id, or its `alias`. */
  readonly name: string;
  readonly sides: Sides<NamedCollection>;
}

export type NamedCollection =
  | { readonly type: 'id'; readonly id: CollectionId }
  | { readonly type: 'href'; readonly href: Href };
