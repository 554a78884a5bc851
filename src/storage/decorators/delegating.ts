import type { Collection, CollectionTarget, PropertyName } from '../../model/collection.ts';
import type { FetchedItem, Item, ItemRef, Kind, UnreadableItem } from '../../model/item.ts';
import type { Checkpoint, Href } from '../../model/names.ts';
import type { Change, CheckResult, Look, Storage, Take, Traffic, Written } from '../storage.ts';

/** Does what another storage does; what a decorator changes, it overrides. */
export class Delegating implements Storage {
  protected readonly inner: Storage;

  constructor(inner: Storage) {
    this.inner = inner;
  }

  get kind(): Kind {
    return this.inner.kind;
  }

  get access(): Storage['access'] {
    return this.inner.access;
  }

  get concurrency(): number {
    return this.inner.concurrency;
  }

  check(): Promise<CheckResult> {
    return this.inner.check();
  }

  discover(): Promise<readonly Collection[]> {
    return this.inner.discover();
  }

  find(collection: Href): Promise<Collection | undefined> {
    return this.inner.find(collection);
  }

  createRoot(): Promise<void> {
    return this.inner.createRoot();
  }

  createCollection(target: CollectionTarget): Promise<Collection> {
    return this.inner.createCollection(target);
  }

  deleteCollection(collection: Href): Promise<void> {
    return this.inner.deleteCollection(collection);
  }

  look(collection: Href, since: Checkpoint | undefined, take?: Take): Promise<Look> {
    return this.inner.look(collection, since, take);
  }

  fetch(collection: Href, hrefs: readonly Href[]): AsyncIterable<FetchedItem | UnreadableItem> {
    return this.inner.fetch(collection, hrefs);
  }

  confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
    return this.inner.confirmGone(collection, hrefs);
  }

  nameFor(collection: Href, item: Item, like: Href | undefined, attempt: number): Href {
    return this.inner.nameFor(collection, item, like, attempt);
  }

  create(collection: Href, href: Href, item: Item): Promise<Written> {
    return this.inner.create(collection, href, item);
  }

  update(collection: Href, target: ItemRef, item: Item): Promise<Written> {
    return this.inner.update(collection, target, item);
  }

  delete(collection: Href, target: ItemRef): Promise<void> {
    return this.inner.delete(collection, target);
  }

  flush(collection: Href): Promise<void> {
    return this.inner.flush(collection);
  }

  setProperty(collection: Href, property: PropertyName, value: string | undefined): Promise<void> {
    return this.inner.setProperty(collection, property, value);
  }

  changes(signal: AbortSignal): AsyncIterable<Change> {
    return this.inner.changes(signal);
  }

  traffic(): Traffic {
    return this.inner.traffic();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
