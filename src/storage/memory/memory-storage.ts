import { readItem } from '../../content/item.ts';
import { type Collection, type CollectionTarget, type PropertyName, propertiesOf } from '../../model/collection.ts';
import type { FetchedItem, Item, ItemRef, Kind, UnreadableItem } from '../../model/item.ts';
import { type Checkpoint, type Href, href } from '../../model/names.ts';
import { itemName } from '../item-name.ts';
import type { Change, CheckResult, Look, LookedItem, Storage, Traffic, Written } from '../storage.ts';
import type { HeldCollection, HeldText } from './held-collection.ts';
import { HeldCollections } from './held-collections.ts';
import type { Quirks } from './quirks.ts';

export interface MemoryStorageOptions {
  readonly kind?: Kind;
  /** For messages and checkpoints: of two storages that may be given each other's checkpoints, each has its own. */
  readonly name?: string;
  readonly quirks?: Partial<Quirks>;
  readonly concurrency?: number;
  readonly onStep?: StepHook;
}

/** An operation that was asked for, told before it has any effect and again after it. */
export interface Step {
  readonly phase: 'before' | 'after';
  readonly name: StepName;
  readonly collection?: Href;
  readonly href?: Href;
  /** What is to be written, or was. */
  readonly item?: Item;
}

export type StepName = Exclude<keyof Storage, 'kind' | 'access' | 'concurrency' | 'nameFor' | 'changes' | 'traffic'>;

/** What it throws is what the operation fails with: undone if it throws before, done if it throws after. */
export type StepHook = (step: Step) => void | Promise<void>;

type StepArguments = Omit<Step, 'phase'>;

/** A storage that holds all in memory, for tests of what uses storages. Deterministic: same calls, same answers. */
export class MemoryStorage extends HeldCollections implements Storage {
  readonly kind: Kind;
  readonly concurrency: number;
  onStep: StepHook | undefined;
  #requests = 0;
  #bytesSent = 0;
  #bytesReceived = 0;

  constructor(options: MemoryStorageOptions = {}) {
    super(options.name ?? 'memory', options.quirks ?? {});
    this.kind = options.kind ?? 'calendar';
    this.concurrency = options.concurrency ?? 4;
    this.onStep = options.onStep;
  }

  get access(): 'read-write' | 'read-only' {
    return this.quirks.readOnly ? 'read-only' : 'read-write';
  }

  check(): Promise<CheckResult> {
    return this.#step({ name: 'check' }, () => ({ found: `collections: ${this.collections.size}`, warnings: [] }));
  }

  discover(): Promise<readonly Collection[]> {
    return this.#step({ name: 'discover' }, () =>
      [...this.collections]
        .map(([at, held]) => this.#describe(at, held))
        .sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)),
    );
  }

  find(collection: Href): Promise<Collection | undefined> {
    return this.#step({ name: 'find', collection }, () => {
      const held = this.collections.get(collection);
      return held === undefined ? undefined : this.#describe(collection, held);
    });
  }

  createRoot(): Promise<void> {
    return this.#write({ name: 'createRoot' }, () => this.userMount());
  }

  createCollection(target: CollectionTarget): Promise<Collection> {
    const at = target.type === 'id' ? href(`/${target.id}`) : target.href;
    return this.#write({ name: 'createCollection', collection: at }, () => {
      if (this.collections.has(at)) throw this.error('already-exists', `collection ${at} is there already`);
      return this.#describe(at, this.make(at));
    });
  }

  deleteCollection(collection: Href): Promise<void> {
    return this.#write({ name: 'deleteCollection', collection }, () => {
      if (this.held(collection).texts.size > 0) throw this.error('not-empty', `collection ${collection} holds items`);
      this.userRemoveCollection(collection);
    });
  }

  look(collection: Href, since: Checkpoint | undefined): Promise<Look> {
    return this.#step({ name: 'look', collection }, () => {
      const held = this.held(collection);
      const { checkpoints, complete } = this.quirks;
      const { checkpoint } = held;
      const changes = checkpoints && since !== undefined ? held.changesSince(since) : undefined;
      if (changes !== undefined) {
        const changed = this.#list(held, changes.changed);
        return { type: 'changes', changed, unknown: [], gone: changes.gone, checkpoint };
      }
      const all = { type: 'all' as const, items: this.#list(held, held.texts.keys()), unknown: [], complete };
      return checkpoints ? { ...all, checkpoint } : all;
    });
  }

  async *fetch(collection: Href, hrefs: readonly Href[]): AsyncGenerator<FetchedItem | UnreadableItem> {
    if (hrefs.length === 0) return;
    yield* await this.#step({ name: 'fetch', collection }, () => {
      const held = this.held(collection);
      return [...new Set(hrefs)].flatMap((at) => {
        const found = held.texts.get(at);
        if (found === undefined) return [];
        this.#bytesReceived += found.text.length;
        return [this.#read(at, found)];
      });
    });
  }

  confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
    return this.#step({ name: 'confirmGone', collection }, () => {
      const { texts } = this.held(collection);
      return new Set(hrefs.filter((at) => !texts.has(at)));
    });
  }

  nameFor(collection: Href, item: Item, like: Href | undefined, attempt: number): Href {
    const extension = this.kind === 'calendar' ? 'ics' : 'vcf';
    return href(`${collection}/${itemName({ item, like, extension, attempt })}`);
  }

  create(collection: Href, at: Href, item: Item): Promise<Written> {
    return this.#write({ name: 'create', collection, href: at, item }, () => {
      if (this.held(collection).texts.has(at)) throw this.error('already-exists', `something is at ${at} already`);
      return this.#store(collection, at, item);
    });
  }

  update(collection: Href, target: ItemRef, item: Item): Promise<Written> {
    return this.#write({ name: 'update', collection, href: target.href, item }, () => {
      const found = this.held(collection).texts.get(target.href);
      if (found === undefined) throw this.error('not-found', `nothing is at ${target.href}`);
      if (found.etag !== target.etag) throw this.error('changed', `${target.href} has another version now`);
      return this.#store(collection, target.href, item);
    });
  }

  delete(collection: Href, target: ItemRef): Promise<void> {
    return this.#write({ name: 'delete', collection, href: target.href }, () => {
      const found = this.held(collection).texts.get(target.href);
      if (found !== undefined && found.etag !== target.etag) {
        throw this.error('changed', `${target.href} has another version now`);
      }
      this.userDelete(collection, target.href);
    });
  }

  flush(collection: Href): Promise<void> {
    return this.#step({ name: 'flush', collection }, () => undefined);
  }

  setProperty(collection: Href, property: PropertyName, value: string | undefined): Promise<void> {
    return this.#write({ name: 'setProperty', collection }, () => {
      if (!this.quirks.properties || !propertiesOf(this.kind).includes(property)) {
        throw this.error('unsupported', `there is no property ${property} here`);
      }
      this.userSetProperty(collection, property, value);
    });
  }

  changes(signal: AbortSignal): AsyncGenerator<Change> {
    return this.feed.listen(signal);
  }

  traffic(): Traffic {
    return { requests: this.#requests, bytesSent: this.#bytesSent, bytesReceived: this.#bytesReceived };
  }

  close(): Promise<void> {
    return this.#step({ name: 'close' }, () => undefined);
  }

  #store(collection: Href, at: Href, item: Item): Written {
    const stored = this.put(collection, at, item.text);
    this.#bytesSent += item.text.length;
    const isKnown = stored.text === item.text && !this.quirks.holdsUnknown;
    return {
      href: at,
      etag: this.quirks.etagInWritten ? stored.etag : undefined,
      holds: isKnown ? 'as-sent' : 'unknown',
    };
  }

  #describe(at: Href, held: HeldCollection): Collection {
    const described = { href: at, id: held.id, properties: Object.fromEntries(held.properties) };
    return this.quirks.checkpoints ? { ...described, version: held.checkpoint } : described;
  }

  #list(held: HeldCollection, hrefs: Iterable<Href>): readonly LookedItem[] {
    return [...hrefs].flatMap((at) => {
      const found = held.texts.get(at);
      if (found === undefined) return [];
      const read = this.quirks.itemsInLook ? this.#read(at, found) : undefined;
      const ref = { href: at, etag: found.etag };
      return [read?.type === 'item' ? { ...ref, item: read.item } : ref];
    });
  }

  #read(at: Href, { text, etag }: HeldText): FetchedItem | UnreadableItem {
    return { ...readItem(text, this.kind), href: at, etag };
  }

  #write<T>(step: StepArguments, work: () => T): Promise<T> {
    return this.#step(step, () => {
      if (this.quirks.readOnly) throw this.error('read-only', `${step.name} is a write`);
      return work();
    });
  }

  async #step<T>(step: StepArguments, work: () => T): Promise<T> {
    this.#requests += 1;
    await this.onStep?.({ ...step, phase: 'before' });
    const result = work();
    await this.onStep?.({ ...step, phase: 'after' });
    return result;
  }
}
