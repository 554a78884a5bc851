import type { PropertyName } from '../../model/collection.ts';
import { StorageError } from '../../model/errors.ts';
import { collectionId, type Href, href } from '../../model/names.ts';
import { ChangeFeed } from './change-feed.ts';
import { HeldCollection, type HeldText } from './held-collection.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';

/**
 * All that a memory storage holds. The `user…` methods are the hand of somebody else: no hook hears of them, and
 * `readOnly` does not concern them.
 */
export class HeldCollections {
  quirks: Quirks;
  protected readonly name: string;
  protected readonly feed = new ChangeFeed();
  readonly #collections = new Map<Href, HeldCollection>();
  #isMounted = true;
  #made = 0;

  constructor(name: string, quirks: Partial<Quirks>) {
    this.name = name;
    this.quirks = { ...NO_QUIRKS, ...quirks };
  }

  /** Makes a collection, where there is none at that address. */
  userMakeCollection(id: string): Href {
    const at = href(`/${id}`);
    if (!this.collections.has(at)) this.make(at);
    return at;
  }

  /** Removes a collection and all that it holds. */
  userRemoveCollection(collection: Href): void {
    this.#collections.delete(collection);
    this.feed.tell({ collection: undefined });
  }

  /** As a disk that is not mounted; all is as it was when it is mounted again. */
  userUnmount(): void {
    this.#isMounted = false;
  }

  userMount(): void {
    this.#isMounted = true;
    this.feed.tell({ collection: undefined });
  }

  /** Adds an item, or replaces the one at `at`. Any text will do, also one that is no item. */
  userPut(collection: Href, at: Href | undefined, text: string): Href {
    this.#made += 1;
    const target = at ?? href(`${collection}/by-user-${this.#made}`);
    this.put(collection, target, text);
    return target;
  }

  userDelete(collection: Href, at: Href): void {
    this.held(collection).remove(at);
    this.feed.tell({ collection });
  }

  /** The same text at another address. */
  userMove(collection: Href, from: Href, to: Href): void {
    const held = this.held(collection);
    const moved = held.texts.get(from);
    if (moved === undefined || from === to) return;
    held.remove(from);
    held.put(to, moved.text, this.quirks.etags);
    this.feed.tell({ collection });
  }

  /** Cuts an item in the middle, which makes it unreadable. */
  userGarble(collection: Href, at: Href): void {
    const held = this.held(collection);
    const text = held.texts.get(at)?.text ?? '';
    held.put(at, text.slice(0, text.length / 2), this.quirks.etags);
    this.feed.tell({ collection });
  }

  userSetProperty(collection: Href, property: PropertyName, value: string | undefined): void {
    const { properties } = this.held(collection);
    if (value === undefined) properties.delete(property);
    else properties.set(property, value);
    this.feed.tell({ collection });
  }

  /** All texts by their addresses. */
  userItems(collection: Href): ReadonlyMap<Href, string> {
    return new Map([...this.held(collection).texts].map(([at, { text }]) => [at, text]));
  }

  /** Fails `not-found` where the root is missing. */
  protected get collections(): ReadonlyMap<Href, HeldCollection> {
    if (!this.#isMounted) throw this.error('not-found', 'the root is missing');
    return this.#collections;
  }

  protected held(collection: Href): HeldCollection {
    const held = this.collections.get(collection);
    if (held === undefined) throw this.error('not-found', `there is no collection ${collection}`);
    return held;
  }

  protected make(at: Href): HeldCollection {
    this.#made += 1;
    const made = new HeldCollection(collectionId(at.slice(at.lastIndexOf('/') + 1)), `${this.name}.${this.#made}`);
    this.#collections.set(at, made);
    this.feed.tell({ collection: at });
    return made;
  }

  protected put(collection: Href, at: Href, text: string): HeldText {
    const put = this.held(collection).put(at, this.quirks.rewrites(text), this.quirks.etags);
    this.feed.tell({ collection });
    return put;
  }

  protected error(kind: StorageError['kind'], message: string): StorageError {
    return new StorageError(kind, `${message} (storage "${this.name}")`);
  }
}
