import { StorageError } from '../../model/errors.ts';
import type { FetchedItem, UnreadableItem } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import type { Storage } from '../storage.ts';

/**
 * Gives up waiting for what only reads, once the signal is aborted: a server that hangs must not keep a process that
 * was told to end. Such a read fails `unavailable`. Writes are waited for, so that what they did is known.
 */
export function interruptible(storage: Storage, signal: AbortSignal): Storage {
  const read = <T>(work: () => Promise<T>): Promise<T> => unlessAborted(work, signal);
  return {
    kind: storage.kind,
    access: storage.access,
    concurrency: storage.concurrency,
    check: () => read(() => storage.check()),
    discover: () => read(() => storage.discover()),
    find: (collection) => read(() => storage.find(collection)),
    createRoot: () => storage.createRoot(),
    createCollection: (target) => storage.createCollection(target),
    deleteCollection: (collection) => storage.deleteCollection(collection),
    look: (collection, since) => read(() => storage.look(collection, since)),
    fetch: (collection, hrefs) => fetchUnlessAborted(storage, collection, hrefs, signal),
    confirmGone: (collection, hrefs) => read(() => storage.confirmGone(collection, hrefs)),
    nameFor: (collection, item, like, attempt) => storage.nameFor(collection, item, like, attempt),
    create: (collection, href, item) => storage.create(collection, href, item),
    update: (collection, target, item) => storage.update(collection, target, item),
    delete: (collection, target) => storage.delete(collection, target),
    flush: (collection) => storage.flush(collection),
    setProperty: (collection, property, value) => storage.setProperty(collection, property, value),
    changes: (until) => storage.changes(until),
    traffic: () => storage.traffic(),
    close: () => storage.close(),
  };
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

async function* fetchUnlessAborted(
  storage: Storage,
  collection: Href,
  hrefs: readonly Href[],
  signal: AbortSignal,
): AsyncGenerator<FetchedItem | UnreadableItem> {
  const items = storage.fetch(collection, hrefs)[Symbol.asyncIterator]();
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

const interrupted = ({ reason }: AbortSignal): StorageError =>
  new StorageError('unavailable', 'interrupted', { cause: reason });
