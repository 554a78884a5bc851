import type { Side } from '../model/sides.ts';

/** Why something is deliberately left as it is. `waits`: a person has to do something; otherwise it is as configured. */
export type HoldReason = ItemHold | MappingHold;

export type ItemHold =
  | { readonly type: 'unknown'; readonly text: string; readonly waits: boolean }
  | { readonly type: 'duplicate'; readonly hrefs: readonly string[]; readonly waits: true }
  | ReadOnlyHold
  /** A first run one way found items on b that a does not have (SG4). */
  | { readonly type: 'surplus'; readonly waits: true };

/** The side takes no writes (SG4). */
export type ReadOnlyHold = { readonly type: 'read-only'; readonly side: Side; readonly waits: false };

/** Why a whole mapping is left as it is. */
export type MappingHold = GuardHold | CollectionHold | Unclear;

/** Because of what would happen to its items. */
export type GuardHold =
  /** A side that held items lists none; `items` of the other are at stake (SG1). */
  | { readonly type: 'emptied'; readonly side: Side; readonly items: number; readonly waits: true }
  /** More deletions on a side than the pair allows (SG2). */
  | { readonly type: 'too-many-deletions'; readonly side: Side; readonly items: number; readonly waits: true }
  /** Many items of a side went back to older content at once (SG5). */
  | { readonly type: 'rolled-back'; readonly side: Side; readonly items: number; readonly waits: true };

/** Because a collection is not there. */
export type CollectionHold =
  /** It is gone from a side, and `on_delete` is `skip` (SC4). */
  | { readonly type: 'collection-gone'; readonly side: Side; readonly waits: true }
  /** As above, but what remains cannot be deleted: it still lists items. */
  | { readonly type: 'collection-not-empty'; readonly side: Side; readonly waits: true }
  /** It is gone from the other side, and this one takes no writes. */
  | { readonly type: 'cannot-delete'; readonly side: Side; readonly waits: false }
  /** It would have to be created on a storage that is read-only, or on a with `one_way`. */
  | { readonly type: 'cannot-create'; readonly side: Side; readonly waits: false };

/** Which collection belongs to which cannot be told (SC8). */
export type Unclear =
  /** Two collections of one storage have this id. */
  | { readonly type: 'duplicate-id'; readonly side: Side; readonly hrefs: readonly string[]; readonly waits: true }
  /** Other mappings lead to its collection of a side too, by its id or by its address; `side` undefined: of both. */
  | {
      readonly type: 'mapped-twice';
      readonly side: Side | undefined;
      readonly others: readonly string[];
      readonly waits: true;
    }
  /** Its id is the name that the configuration gives to another. */
  | {
      readonly type: 'name-taken';
      readonly side: undefined;
      readonly hrefs: readonly string[];
      readonly waits: true;
    };
