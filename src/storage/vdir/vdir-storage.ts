import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Collection, type CollectionTarget, type PropertyName, propertiesOf } from '../../model/collection.ts';
import { StorageError } from '../../model/errors.ts';
import type { FetchedItem, Item, ItemRef, Kind, UnreadableItem } from '../../model/item.ts';
import { type Checkpoint, collectionId, type Href, href } from '../../model/names.ts';
import type { Clock } from '../../system/clock.ts';
import { itemName } from '../item-name.ts';
import type { Change, CheckResult, Look, LookedItem, Storage, Take, Traffic, Written } from '../storage.ts';
import { removeLeftOvers, syncFolder } from './atomic-write.ts';
import {
  demandFolder,
  demandRoot,
  folderPath,
  isFolder,
  listFolders,
  makeFolder,
  removeFolder,
} from './collection-folders.ts';
import { asStorageError, asWatchError } from './file-error.ts';
import { groupSync } from './group-sync.ts';
import { createItemFile, deleteItemFile, readItemFile, updateItemFile } from './item-file.ts';
import { entryAt, isItemName, listItemFiles, SLICE } from './item-files.ts';
import { isPropertyFile, readProperties, writeProperty } from './property-files.ts';

export interface VdirOptions {
  readonly kind: Kind;
  readonly root: string;
  /** Without the dot. */
  readonly extension: string;
  readonly clock: Clock;
}

/**
 * A directory that holds a directory for each collection, in which each item is a file. The href of a collection is
 * its name below the root, the href of an item its name in the collection.
 */
export class VdirStorage implements Storage {
  readonly kind: Kind;
  readonly access = 'read-write';
  /** So many wait for the disk together. Each has its file open meanwhile, and systems bound those. */
  readonly concurrency = 100;
  readonly #sync = groupSync();
  readonly #root: string;
  readonly #extension: string;
  readonly #clock: Clock;

  constructor({ kind, root, extension, clock }: VdirOptions) {
    this.kind = kind;
    this.#root = root;
    this.#extension = extension;
    this.#clock = clock;
  }

  check(): Promise<CheckResult> {
    return attempt(`could not look at ${this.#root}`, async () => {
      const { names, links } = listFolders(this.#root);
      accessSync(this.#root, constants.R_OK | constants.X_OK);
      return {
        found: `${this.#root}: ${names.length} ${names.length === 1 ? 'collection' : 'collections'}`,
        warnings: links.map(
          (name) => `${join(this.#root, name)} is a link; collections behind links are not looked at`,
        ),
      };
    });
  }

  discover(): Promise<readonly Collection[]> {
    return attempt(`could not list the collections in ${this.#root}`, async () =>
      listFolders(this.#root).names.map((name) => this.#describe(name)),
    );
  }

  async find(collection: Href): Promise<Collection | undefined> {
    const folder = folderPath(this.#root, collection);
    return attempt(`could not look at ${folder}`, async () => {
      demandRoot(this.#root);
      return isFolder(folder) ? this.#describe(collection) : undefined;
    });
  }

  createRoot(): Promise<void> {
    return attempt(`could not make ${this.#root}`, async () => {
      mkdirSync(this.#root, { recursive: true });
      await syncFolder(dirname(this.#root));
    });
  }

  async createCollection(target: CollectionTarget): Promise<Collection> {
    const name = target.type === 'id' ? target.id : target.href;
    const folder = folderPath(this.#root, name);
    return attempt(`could not make ${folder}`, async () => {
      makeFolder(folder);
      await syncFolder(this.#root);
      return this.#describe(name);
    });
  }

  deleteCollection(collection: Href): Promise<void> {
    return this.#in(collection, 'remove', async (folder) => {
      removeFolder(folder, (name) => isItemName(name, this.#extension));
      await syncFolder(this.#root);
    });
  }

  /** Every look answers all; listing costs little, and files of a directory have no common mark. */
  look(collection: Href, _since: Checkpoint | undefined, take?: Take): Promise<Look> {
    return this.#in(collection, 'list', async (folder) => {
      // Taken first: what is written while we look is young by it.
      const nowMs = this.#clock.now();
      const names = readdirSync(folder);
      removeLeftOvers(folder, names, nowMs);
      const wanted = [...new Set(names)].filter((name) => isItemName(name, this.#extension));
      const read =
        take &&
        ((path: string): LookedItem | undefined => {
          const found = readItemFile(path, this.kind, nowMs);
          if (found?.type !== 'item') return undefined;
          take(found);
          return { href: found.href, etag: found.etag };
        });
      const { items, unknown, complete } = await listItemFiles(folder, wanted, nowMs, read);
      // Whatever was listed, if the directory went away meanwhile, it was not all.
      demandFolder(folder);
      return { type: 'all', items, unknown, complete };
    });
  }

  async *fetch(collection: Href, hrefs: readonly Href[]): AsyncGenerator<FetchedItem | UnreadableItem> {
    const wanted = [...new Set(hrefs)].filter((item) => isItemName(item, this.#extension));
    for (let start = 0; start < wanted.length; start += SLICE) {
      const slice = wanted.slice(start, start + SLICE);
      yield* await this.#in(collection, 'read items of', async (folder) => {
        await setImmediate();
        return slice.flatMap((item) => readItemFile(`${folder}/${item}`, this.kind, this.#clock.now()) ?? []);
      });
    }
  }

  confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
    return this.#in(collection, 'look in', async (folder) => {
      const gone = new Set(hrefs.filter((item) => basename(item) === item && entryAt(join(folder, item)) === 'gone'));
      // A disk that is unmounted meanwhile takes its items with it, and proves nothing.
      demandFolder(folder);
      return gone;
    });
  }

  nameFor(_collection: Href, item: Item, like: Href | undefined, attempt: number): Href {
    return href(itemName({ item, like, extension: this.#extension, attempt }));
  }

  create(collection: Href, item: Href, content: Item): Promise<Written> {
    return this.#at(collection, item, 'create', (path) => createItemFile(path, content, this.#sync));
  }

  update(collection: Href, target: ItemRef, content: Item): Promise<Written> {
    return this.#at(collection, target.href, 'update', (path) =>
      updateItemFile(path, target.etag, content, this.#sync),
    );
  }

  delete(collection: Href, target: ItemRef): Promise<void> {
    return this.#at(collection, target.href, 'delete', async (path) => deleteItemFile(path, target.etag));
  }

  flush(collection: Href): Promise<void> {
    return this.#in(collection, 'save', syncFolder);
  }

  setProperty(collection: Href, property: PropertyName, value: string | undefined): Promise<void> {
    return this.#in(collection, `set ${property} of`, async (folder) => {
      if (!propertiesOf(this.kind).includes(property)) {
        throw new StorageError('unsupported', `contacts in ${folder} have no ${property}`);
      }
      await writeProperty(folder, property, value);
    });
  }

  async *changes(signal: AbortSignal): AsyncGenerator<Change> {
    const isOfInterest = (name: string, folder: string): boolean =>
      folder === '' ? !name.startsWith('.') : isItemName(name, this.#extension) || isPropertyFile(name);
    // What watches is of no use to a single run.
    const { watchFolders } = await import('../../system/watch.ts');
    try {
      for await (const folder of watchFolders({ root: this.#root, isOfInterest, signal })) {
        yield { collection: folder ? href(folder) : undefined };
      }
    } catch (error) {
      throw asWatchError(error, this.#root);
    }
  }

  /** Files cost nothing that is worth counting beside what a network does. */
  traffic(): Traffic {
    return { requests: 0, bytesSent: 0, bytesReceived: 0 };
  }

  async close(): Promise<void> {
    // Nothing is kept open between operations.
  }

  #describe(name: string): Collection {
    const folder = join(this.#root, name);
    return { href: href(name), id: collectionId(name), properties: readProperties(folder, this.kind) };
  }

  /** Work in a collection that is there. */
  async #in<T>(collection: Href, verb: string, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = folderPath(this.#root, collection);
    try {
      demandFolder(folder);
      return await work(folder);
    } catch (error) {
      throw asStorageError(error, `could not ${verb} ${folder}`);
    }
  }

  /** Work at the place of an item, which is a name in its collection and never a way out of it (S6). */
  #at<T>(collection: Href, item: Href, verb: string, work: (path: string) => Promise<T>): Promise<T> {
    return this.#in(collection, `${verb} ${JSON.stringify(item)} in`, (folder) => {
      if (isItemName(item, this.#extension)) return work(`${folder}/${item}`);
      throw new StorageError('rejected', `${JSON.stringify(item)} cannot be the name of an item in ${folder}`);
    });
  }
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(error, what);
  }
}
