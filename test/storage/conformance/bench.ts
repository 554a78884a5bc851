import { expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import { must, StorageError, type StorageErrorKind } from '../../../src/model/errors.ts';
import type { FetchedItem, Item, ItemRef, Kind, UnreadableItem } from '../../../src/model/item.ts';
import { type Etag, etag, type Href } from '../../../src/model/names.ts';
import type { LookedItem, Storage, Written } from '../../../src/storage/storage.ts';
import { itemText } from '../../support/item-text.ts';
import type { Lack, Subject } from '../conformance.ts';

export const NEVER_WAS: Etag = etag('a version that never was');

/** What the rules are tried with: the subject of the test that runs, and what many of them ask of it. */
export class Bench {
  readonly #make: () => Promise<Subject>;
  readonly #lacks: readonly Lack[];
  #current: { readonly subject: Subject; readonly collection: Href } | undefined;

  constructor(make: () => Promise<Subject>, lacks: readonly Lack[]) {
    this.#make = make;
    this.#lacks = lacks;
  }

  readonly open = async (): Promise<void> => {
    const subject = await this.#make();
    this.#current = { subject, collection: await subject.freshCollection() };
  };
  readonly close = async (): Promise<void> => {
    await this.#current?.subject.close();
    this.#current = undefined;
  };

  get subject(): Subject {
    return must(this.#current, 'a test runs').subject;
  }
  get storage(): Storage {
    return this.subject.storage;
  }
  get kind(): Kind {
    return this.storage.kind;
  }
  /** An empty one, made for this test. */
  get collection(): Href {
    return must(this.#current, 'a test runs').collection;
  }

  readonly has = (feature: Lack): boolean => !this.#lacks.includes(feature);
  /** A rule that does not apply is no test, rather than one that is left out. */
  readonly testIf = (applies: boolean): ((title: string, work: () => void | Promise<void>) => void) =>
    applies ? test : () => undefined;

  readonly settle = async (): Promise<void> => this.subject.settle?.();
  readonly text = (uid: string, title = 'As it was'): string => itemText(this.kind, uid, title);
  readonly itemOf = (content: string): Item => {
    const read = readItem(content, this.kind);
    if (read.type !== 'item') throw new Error(`not an item: ${read.reason}`);
    return read.item;
  };
  /** What the storage makes of an item that it is given. */
  readonly kept = (content: string): Item => this.itemOf(this.subject.stored?.(content) ?? content);

  readonly putOutside = (uid: string, title?: string): Promise<Href> =>
    this.subject.outside.put(this.collection, undefined, this.text(uid, title));
  readonly editOutside = (at: Href, uid: string, title: string): Promise<Href> =>
    this.subject.outside.put(this.collection, at, this.text(uid, title));
  readonly expectHeld = async (at: Href, content: string | undefined): Promise<void> => {
    const held = await this.subject.outside.read(this.collection, at);
    const wanted = content === undefined ? undefined : this.kept(content).fingerprint;
    expect(held === undefined ? undefined : this.itemOf(held).fingerprint).toBe(wanted);
  };

  readonly list = async (at: Href = this.collection): Promise<readonly LookedItem[]> => {
    const look = await this.storage.look(at, undefined);
    if (look.type !== 'all') throw new Error('a look without a checkpoint answers all');
    return look.items;
  };
  readonly etagsOf = async (at?: Href): Promise<ReadonlyMap<Href, Etag>> =>
    new Map((await this.list(at)).map((item) => [item.href, item.etag]));
  readonly etagAt = async (at: Href): Promise<Etag> => must((await this.etagsOf()).get(at), 'the item is listed');

  readonly fetchAll = async (
    hrefs: readonly Href[],
    from: Href = this.collection,
  ): Promise<readonly (FetchedItem | UnreadableItem)[]> => {
    const all: (FetchedItem | UnreadableItem)[] = [];
    for await (const one of this.storage.fetch(from, hrefs)) all.push(one);
    return all;
  };
  readonly fetchOne = async (at: Href): Promise<FetchedItem> => {
    const [found, ...more] = await this.fetchAll([at]);
    if (found?.type !== 'item' || more.length > 0) throw new Error(`not one item, but ${found?.type}`);
    return found;
  };

  /** As the engine does it: a name that is taken leads to another. */
  readonly create = async (item: Item): Promise<Written> => {
    const { storage, collection } = this;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        return await storage.create(collection, storage.nameFor(collection, item, undefined, attempt), item);
      } catch (error) {
        if (!(error instanceof StorageError) || error.kind !== 'already-exists') throw error;
      }
    }
    throw new Error('no name is free');
  };
  /** The version that a write left, as the write said or as a fetch finds it. */
  readonly written = async (outcome: Written): Promise<ItemRef> => {
    const etagNow = outcome.etag ?? (await this.fetchOne(outcome.href)).etag;
    return { href: outcome.href, etag: etagNow };
  };
  readonly kindOfFailure = async (work: Promise<unknown>): Promise<StorageErrorKind> => {
    const outcome = await work.then(
      () => 'no failure',
      (error: unknown) => error,
    );
    if (outcome instanceof StorageError) return outcome.kind;
    throw new Error(`expected a StorageError, not ${String(outcome)}`);
  };
}
