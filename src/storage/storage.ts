import type { Collection, CollectionTarget, PropertyName } from '../model/collection.ts';
import type { FetchedItem, Item, ItemRef, Kind, UnreadableItem } from '../model/item.ts';
import type { Checkpoint, Etag, Href } from '../model/names.ts';

/**
 * The one interface of all storages. The suite in `test/storage/conformance.ts` is its real definition; the rules SD1
 * to SD16 stand there. A failed operation throws a `StorageError` of one of its kinds. What a storage cannot do, it
 * answers with `unsupported`.
 */
export interface Storage {
  readonly kind: Kind;
  readonly access: 'read-write' | 'read-only';
  /** How many operations at once this storage gains from, at least 1. */
  readonly concurrency: number;

  /** Tries what every run needs; says in a line what was found. Writes nothing. */
  check(): Promise<CheckResult>;

  /**
   * All collections, in the order of their ids. `not-found` where the root itself is missing.
   * Two collections may have one id; naming that is the caller's (SC8).
   */
  discover(): Promise<readonly Collection[]>;
  /** The collection at an address, which may lie outside what `discover` lists; undefined where there is none. */
  find(collection: Href): Promise<Collection | undefined>;
  /** Makes the root that `discover` found missing, where that is ours to do (a vdir); otherwise `unsupported`. */
  createRoot(): Promise<void>;
  /** Answers the collection as it was looked up again after it was made (SC6). `already-exists` changes nothing. */
  createCollection(target: CollectionTarget): Promise<Collection>;
  /** Fails `not-empty` where it holds items. */
  deleteCollection(collection: Href): Promise<void>;

  /**
   * What the collection holds now, or what changed since `since`. `not-found` where it is missing. A checkpoint that
   * cannot be used leads to `all`, never to an error. Entries are in no order, each href once (SD1). `take` says that
   * the contents of all will be wanted: it is given those that come with the answer, as they come; what it was given
   * counts only if the look lists that href with that etag.
   */
  look(collection: Href, since: Checkpoint | undefined, take?: Take): Promise<Look>;
  /** Each asked item once, in any order, a batch at a time; what is gone is left out. No IO for none. */
  fetch(collection: Href, hrefs: readonly Href[]): AsyncIterable<FetchedItem | UnreadableItem>;
  /** Those of `hrefs` that a direct look proved absent (SL3). One left out is not known to be. */
  confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>>;

  /**
   * The address that `create` should use for a new item: from its counterpart's, else the UID, else a hash (SI15).
   * Each `attempt` from 0 gives another one. No IO; the same arguments give the same address.
   */
  nameFor(collection: Href, item: Item, like: Href | undefined, attempt: number): Href;
  /** Fails `already-exists` where anything is at `href`, and changes nothing (SD7). */
  create(collection: Href, href: Href, item: Item): Promise<Written>;
  /** Fails `changed` (or `not-found`) on anything but the seen version, and changes nothing (SD8). */
  update(collection: Href, target: ItemRef, item: Item): Promise<Written>;
  /** As `update`. Success where nothing is there any more. */
  delete(collection: Href, target: ItemRef): Promise<void>;
  /** Returns when what was written to the collection survives a loss of power. */
  flush(collection: Href): Promise<void>;

  /** `undefined` unsets it. `unsupported`: this storage does not have that property; `rejected`: not that value. */
  setProperty(collection: Href, property: PropertyName, value: string | undefined): Promise<void>;

  /**
   * Something changed, maybe where; may say so too often. Says first that anything may have changed, when nothing that
   * follows will be missed, or is waited for. Ends with `signal`. `unsupported` by what cannot be watched.
   */
  changes(signal: AbortSignal): AsyncIterable<Change>;
  /** What this storage has cost since it was opened. */
  traffic(): Traffic;
  close(): Promise<void>;
}

export interface CheckResult {
  /** One line for a person: what was found there. */
  readonly found: string;
  /** What works, but not as well as it could. */
  readonly warnings: readonly string[];
}

export type Take = (read: FetchedItem | UnreadableItem) => void;

/** An entry of a look. Where the storage gave the content with it, that is here and need not be fetched. */
export interface LookedItem extends ItemRef {
  readonly item?: Item;
}

/** Something is there, but nothing is known of it: listed without an etag, or with a failure of its own (SL1). */
export interface UnknownItem {
  readonly href: Href;
  readonly reason: string;
}

/**
 * What a storage holds now. `complete` only if the storage said so without doubt (SL1); an incomplete look proves
 * nothing absent. `checkpoint` covers everything that this look says, and nothing later.
 */
export type Look =
  | {
      readonly type: 'all';
      readonly items: readonly LookedItem[];
      readonly unknown: readonly UnknownItem[];
      readonly complete: boolean;
      readonly checkpoint?: Checkpoint;
    }
  | {
      readonly type: 'changes';
      readonly changed: readonly LookedItem[];
      readonly unknown: readonly UnknownItem[];
      readonly gone: readonly Href[];
      readonly checkpoint: Checkpoint;
    };

/** The outcome of a write. */
export interface Written {
  /** Where the item is now: the href that was asked for, unless the storage chose another. */
  readonly href: Href;
  /** `undefined`: the storage did not say; read it. */
  readonly etag: Etag | undefined;
  /** `as-sent`: the storage holds exactly this text. `unknown`: it may have rewritten it; read it to know (SI14). */
  readonly holds: 'as-sent' | 'unknown';
}

/** `collection: undefined`: somewhere in this storage. */
export interface Change {
  readonly collection: Href | undefined;
}

export interface Traffic {
  readonly requests: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}
