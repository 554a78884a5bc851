import type { PropertyName } from '../../src/model/collection.ts';
import { must, StorageError } from '../../src/model/errors.ts';
import type { FetchedItem, Item, UnreadableItem } from '../../src/model/item.ts';
import { type Checkpoint, type Href, href } from '../../src/model/names.ts';
import type { Side } from '../../src/model/sides.ts';
import { MemoryStorage, type StepHook } from '../../src/storage/memory/memory-storage.ts';
import type { Look, LookedItem, Written } from '../../src/storage/storage.ts';
import type { Lie, LieMode, StorageTraits } from './history.ts';
import { rewriter } from './law-text.ts';

/** A memory storage with the traits of a history, that can be made to say what is not so. */
export class LawStorage extends MemoryStorage {
  readonly traits: StorageTraits;
  /** Of the next look, or the next fetch. */
  lie: Lie | undefined;
  mounted = true;

  constructor(side: Side, traits: StorageTraits, onStep: StepHook) {
    super({
      name: side,
      concurrency: traits.concurrency,
      onStep,
      quirks: {
        rewrites: rewriter(traits.rewriting, side),
        holdsUnknown: traits.holdsUnknown,
        etagInWritten: traits.etagInWritten,
        etags: traits.etags,
        checkpoints: traits.checkpoints,
        readOnly: traits.readOnly,
        itemsInLook: traits.itemsInLook,
      },
    });
    this.traits = traits;
  }

  override async look(collection: Href, since: Checkpoint | undefined): Promise<Look> {
    const lie = this.#takeLie((mode) => mode !== 'cuts-fetch');
    const look = await super.look(collection, lie?.mode === 'forgets-checkpoint' ? undefined : since);
    return lie === undefined ? look : distort(look, lie, [...this.userItems(collection).keys()]);
  }

  override async *fetch(collection: Href, hrefs: readonly Href[]): AsyncGenerator<FetchedItem | UnreadableItem> {
    const lie = hrefs.length === 0 ? undefined : this.#takeLie((mode) => mode === 'cuts-fetch');
    let count = 0;
    for await (const fetched of super.fetch(collection, hrefs)) {
      if (lie !== undefined && count >= lie.pick) break;
      count += 1;
      yield fetched;
    }
    if (lie !== undefined) throw new StorageError('invalid-data', 'the answer is cut');
  }

  override create(collection: Href, at: Href, item: Item): Promise<Written> {
    return super.create(collection, this.traits.renames ? href(`${at}~`) : at, item);
  }

  heldProperties(collection: Href): ReadonlyMap<PropertyName, string> {
    return this.held(collection).properties;
  }

  #takeLie(fits: (mode: LieMode) => boolean): Lie | undefined {
    const { lie } = this;
    if (lie === undefined || !fits(lie.mode)) return undefined;
    this.lie = undefined;
    return lie;
  }
}

function distort(look: Look, { mode, pick }: Lie, held: readonly Href[]): Look {
  const items = look.type === 'all' ? look.items : look.changed;
  const chosen = items[items.length === 0 ? 0 : pick % items.length];
  const others = items.filter((item) => item !== chosen);
  switch (mode) {
    case 'incomplete':
      return look.type === 'all' ? { ...look, items: others, complete: false } : look;
    case 'omits-one':
      return withItems(look, others);
    case 'omits-all':
      return withItems(look, []);
    case 'says-gone': {
      if (look.type === 'all' || held.length === 0) return look;
      const gone = must(held[pick % held.length], 'something is held');
      return { ...look, changed: look.changed.filter((item) => item.href !== gone), gone: [...look.gone, gone] };
    }
    case 'no-etag': {
      if (chosen === undefined) return look;
      const unknown = [...look.unknown, { href: chosen.href, reason: 'it has no etag' }];
      return { ...withItems(look, others), unknown };
    }
    case 'forgets-checkpoint':
    case 'cuts-fetch':
      return look;
  }
}

const withItems = (look: Look, items: readonly LookedItem[]): Look =>
  look.type === 'all' ? { ...look, items } : { ...look, changed: items };
