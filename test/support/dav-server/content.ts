import { createHash } from 'node:crypto';
import type { Kind } from '../../../src/model/item.ts';

export interface StoredItem {
  readonly text: string;
  /** Of the text. */
  readonly hash: string;
  /** The collection's revision that this text came with. */
  readonly revision: number;
  /** How often this href was written since it was created, from 0. */
  readonly rewrites: number;
}

export interface StoredCollection {
  readonly path: string;
  readonly kind: Kind;
  readonly components: readonly string[];
  /** By `{namespace}local`; values are text. */
  readonly properties: Map<string, string>;
  /** By encoded name. */
  readonly items: Map<string, StoredItem>;
  /** The last change of every name that was ever there. */
  readonly changes: Map<string, StoredChange>;
  /** Differs between two collections that were made one after the other at one path. */
  readonly generation: number;
  revision: number;
  writable: boolean;
}

export interface StoredChange {
  readonly revision: number;
  readonly atS: number;
}

export interface NewCollection {
  readonly path: string;
  readonly kind: Kind;
  readonly components: readonly string[];
  readonly properties: ReadonlyMap<string, string>;
}

/** What the server holds. Every change is one synchronous step, so requests side by side cannot see half of one. */
export class Content {
  readonly #collections = new Map<string, StoredCollection>();
  readonly #nowS: () => number;
  #generation = 0;
  #reads = 0;

  constructor(nowS: () => number) {
    this.#nowS = nowS;
  }

  nowS(): number {
    return this.#nowS();
  }

  /** A number that is new at every call, from 1. */
  countRead(): number {
    this.#reads += 1;
    return this.#reads;
  }

  collection(path: string): StoredCollection | undefined {
    return this.#collections.get(path);
  }

  collections(): readonly StoredCollection[] {
    return [...this.#collections.values()];
  }

  createCollection({ path, kind, components, properties }: NewCollection): StoredCollection {
    this.#generation += 1;
    const collection: StoredCollection = {
      path,
      kind,
      components,
      properties: new Map(properties),
      items: new Map(),
      changes: new Map(),
      generation: this.#generation,
      revision: 0,
      writable: true,
    };
    this.#collections.set(path, collection);
    return collection;
  }

  removeCollection(path: string): boolean {
    return this.#collections.delete(path);
  }

  put(collection: StoredCollection, name: string, text: string): StoredItem {
    const before = collection.items.get(name);
    const revision = this.#noteChange(collection, name);
    const rewrites = before === undefined ? 0 : before.rewrites + 1;
    const item = { text, hash: createHash('sha256').update(text).digest('hex').slice(0, 32), revision, rewrites };
    collection.items.set(name, item);
    return item;
  }

  remove(collection: StoredCollection, name: string): boolean {
    const removed = collection.items.delete(name);
    if (removed) this.#noteChange(collection, name);
    return removed;
  }

  #noteChange(collection: StoredCollection, name: string): number {
    collection.revision += 1;
    collection.changes.set(name, { revision: collection.revision, atS: this.#nowS() });
    return collection.revision;
  }
}
