import type { Collection } from '../../model/collection.ts';
import { must, StorageError } from '../../model/errors.ts';
import type { FetchedItem, Item, UnreadableItem } from '../../model/item.ts';
import { type Checkpoint, type CollectionId, etag, type Fingerprint, type Href, href } from '../../model/names.ts';
import type { Http } from '../../system/http.ts';
import type { Change, CheckResult, Look, Storage, Traffic } from '../storage.ts';
import { type FeedAnswer, type ReceivedFeed, requestFeed } from './feed-request.ts';
import { checkpointFrom, type Validators, validatorsFrom } from './validators.ts';

export interface WebcalOptions {
  readonly id: CollectionId;
  /** As it is configured; what is known of the feed is known of this address. */
  readonly address: string;
  /** What is asked for: http or https. */
  readonly url: string;
  readonly http: Http;
  /** For messages. */
  readonly storageName: string;
}

/**
 * One feed as a storage with one collection. An item's href and etag are its fingerprint (a number follows where several
 * are equal), so a feed that makes up new UIDs and stamps at each request has not changed (SI9).
 */
export class WebcalStorage implements Storage {
  readonly kind = 'calendar';
  readonly access = 'read-only';
  readonly concurrency = 1;
  readonly #options: WebcalOptions;
  /** The feed as it was last seen, so that a look and what is fetched after it are of one version. */
  #held: HeldFeed | undefined;

  constructor(options: WebcalOptions) {
    this.#options = options;
  }

  async check(): Promise<CheckResult> {
    const { items, bytes, validators } = await this.#read();
    const cannotSay = validators.etag === undefined && validators.lastModified === undefined;
    return {
      found: `a feed with ${items.size} ${items.size === 1 ? 'item' : 'items'} (${Math.ceil(bytes / 1024)} KB)`,
      warnings: cannotSay ? ['the server cannot say whether the feed changed, so each run downloads all of it'] : [],
    };
  }

  discover(): Promise<readonly Collection[]> {
    return Promise.resolve([{ href: FEED, id: this.#options.id, properties: {} }]);
  }

  async find(collection: Href): Promise<Collection | undefined> {
    return (await this.discover()).find((one) => one.href === collection);
  }

  /** A checkpoint that still holds costs a 304, or a download of the same bytes. */
  async look(collection: Href, since: Checkpoint | undefined): Promise<Look> {
    this.#mustBeFeed(collection);
    const known = validatorsFrom(since, this.#options.address);
    const answer = await this.#request(known);
    if (answer.type === 'unchanged') {
      if (this.#held?.validators.bodyHash !== known?.bodyHash) this.#held = undefined;
      const same = must(since, 'only what is known can be unchanged');
      return { type: 'changes', changed: [], unknown: [], gone: [], checkpoint: same };
    }
    const { items, unreadable, validators } = this.#hold(answer);
    const all = {
      type: 'all',
      items: [...items].map(([at, item]) => ({ href: at, etag: etag(at), item })),
      unknown: [...unreadable].map(([at, reason]) => ({ href: at, reason })),
    } as const;
    // What cannot be read may be any item of before, so nothing is proven absent.
    if (unreadable.size > 0) return { ...all, complete: false };
    return { ...all, complete: true, checkpoint: checkpointFrom(validators, this.#options.address) };
  }

  /** From the feed as it was last looked at; it is asked for again only where there is none. */
  async *fetch(collection: Href, hrefs: readonly Href[]): AsyncGenerator<FetchedItem | UnreadableItem> {
    if (hrefs.length === 0) return;
    this.#mustBeFeed(collection);
    const { items, unreadable } = this.#held ?? (await this.#read());
    for (const at of new Set(hrefs)) {
      const item = items.get(at);
      const reason = unreadable.get(at);
      if (item !== undefined) yield { type: 'item', href: at, etag: etag(at), item };
      else if (reason !== undefined) yield { type: 'unreadable', href: at, etag: undefined, reason };
    }
  }

  /** SL3: what a whole and valid feed does not have is gone. */
  async confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
    if (hrefs.length === 0) return new Set();
    this.#mustBeFeed(collection);
    const { items, unreadable } = this.#held ?? (await this.#read());
    return new Set(unreadable.size > 0 ? [] : hrefs.filter((at) => !items.has(at)));
  }

  nameFor(_collection: Href, item: Item, _like: Href | undefined, attempt: number): Href {
    return numbered(item, attempt);
  }

  createRoot(): Promise<never> {
    return Promise.reject(
      new StorageError('unsupported', `storage "${this.#options.storageName}" has no root to make`),
    );
  }

  createCollection(): Promise<never> {
    return this.#refuse('it is one feed, and has no other collections');
  }

  deleteCollection(): Promise<never> {
    return this.#refuse('a feed cannot be deleted');
  }

  create(): Promise<never> {
    return this.#refuse('a feed can only be read');
  }

  update(): Promise<never> {
    return this.#refuse('a feed can only be read');
  }

  delete(): Promise<never> {
    return this.#refuse('a feed can only be read');
  }

  setProperty(): Promise<never> {
    return this.#refuse('a feed can only be read');
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  // biome-ignore lint/correctness/useYield: it has nothing to tell.
  async *changes(): AsyncGenerator<Change> {
    throw new StorageError('unsupported', `storage "${this.#options.storageName}": a feed cannot be watched`);
  }

  traffic(): Traffic {
    return this.#options.http.traffic();
  }

  async close(): Promise<void> {
    this.#held = undefined;
    await this.#options.http.close();
  }

  #request(known: Validators | undefined): Promise<FeedAnswer> {
    const { http, url, storageName } = this.#options;
    return requestFeed({ http, url, known, doing: `read the feed of storage "${storageName}"` });
  }

  async #read(): Promise<HeldFeed> {
    const answer = await this.#request(undefined);
    if (answer.type === 'unchanged') throw new Error('this should not happen: nothing is known, and it is unchanged');
    return this.#hold(answer);
  }

  #hold(feed: ReceivedFeed): HeldFeed {
    const items = new Map<Href, Item>();
    const counts = new Map<Fingerprint, number>();
    for (const item of feed.items) {
      const number = counts.get(item.fingerprint) ?? 0;
      counts.set(item.fingerprint, number + 1);
      items.set(numbered(item, number), item);
    }
    const unreadable = new Map(feed.unreadable.map((reason, index) => [href(`unreadable-${index + 1}`), reason]));
    this.#held = { items, unreadable, validators: feed.validators, bytes: feed.bytes };
    return this.#held;
  }

  #mustBeFeed(collection: Href): void {
    if (collection === FEED) return;
    throw new StorageError('not-found', `storage "${this.#options.storageName}" has no collection "${collection}"`);
  }

  #refuse(reason: string): Promise<never> {
    return Promise.reject(new StorageError('read-only', `storage "${this.#options.storageName}": ${reason}`));
  }
}

/** Where the one collection is. */
export const FEED = href('feed');

interface HeldFeed {
  readonly items: ReadonlyMap<Href, Item>;
  readonly unreadable: ReadonlyMap<Href, string>;
  readonly validators: Validators;
  readonly bytes: number;
}

function numbered(item: Item, number: number): Href {
  return href(number === 0 ? item.fingerprint : `${item.fingerprint}-${number + 1}`);
}
