import type { Collection } from '../../model/collection.ts';
import { StorageError } from '../../model/errors.ts';
import type { FetchedItem, UnreadableItem } from '../../model/item.ts';
import type { Checkpoint, Href } from '../../model/names.ts';
import type { CheckResult, Look, Storage, Take } from '../storage.ts';
import { Delegating } from './delegating.ts';

/**
 * The same storage, which gives up what only reads once the signal is aborted: a server that hangs must not keep a
 * process that was told to end. Such a read fails `unavailable`. Writes are waited for, so that what they did is known.
 */
export const interruptible = (storage: Storage, signal: AbortSignal): Storage => new Interruptible(storage, signal);

class Interruptible extends Delegating {
  readonly #signal: AbortSignal;

  constructor(inner: Storage, signal: AbortSignal) {
    super(inner);
    this.#signal = signal;
  }

  override check(): Promise<CheckResult> {
    return unlessAborted(() => this.inner.check(), this.#signal);
  }

  override discover(): Promise<readonly Collection[]> {
    return unlessAborted(() => this.inner.discover(), this.#signal);
  }

  override find(collection: Href): Promise<Collection | undefined> {
    return unlessAborted(() => this.inner.find(collection), this.#signal);
  }

  override look(collection: Href, since: Checkpoint | undefined, take?: Take): Promise<Look> {
    return unlessAborted(() => this.inner.look(collection, since, take), this.#signal);
  }

  override confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
    return unlessAborted(() => this.inner.confirmGone(collection, hrefs), this.#signal);
  }

  override async *fetch(collection: Href, hrefs: readonly Href[]): AsyncGenerator<FetchedItem | UnreadableItem> {
    const signal = this.#signal;
    const items = this.inner.fetch(collection, hrefs)[Symbol.asyncIterator]();
    let ended = false;
    try {
      for (;;) {
        const next = await unlessAborted(() => items.next(), signal);
        ended = next.done === true;
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      // Not where it hangs: that would wait for what was just given up.
      if (!ended && !signal.aborted) await items.return?.();
    }
  }
}

async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw interrupted(signal);
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(interrupted(signal));
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const interrupted = ({ reason }: AbortSignal): StorageError =>
  new StorageError('unavailable', 'interrupted', { cause: reason });
