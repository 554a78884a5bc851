/**
 * Runs `work` for each item, at most `limit` at once, in the order of the items. The first error stops the start of
 * others; those under way are waited for, then it is thrown. An abort stops the start of others too, and this returns
 * when those under way are done: whether all were done the caller reads from the signal. Items are taken from an
 * iterable only when there is room for them, and an iterable that was not used up is closed.
 */
export async function forEachAtOnce<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const errors: unknown[] = [];
  const stopped = (): boolean => errors.length > 0 || signal?.aborted === true;
  // One after another takes the next item from the same iterator, which the loop must not close for the others.
  const iterator = items[Symbol.iterator]();
  let isUsedUp = false;

  const takeTurns = async (): Promise<void> => {
    try {
      while (!isUsedUp && !stopped()) {
        const next = iterator.next();
        if (next.done === true) isUsedUp = true;
        else await work(next.value);
      }
    } catch (error) {
      errors.push(error);
    }
  };

  const turns: Promise<void>[] = [];
  while (turns.length < limit && !isUsedUp && !stopped()) turns.push(takeTurns());
  await Promise.all(turns);
  if (!isUsedUp) iterator.return?.();
  if (errors.length > 0) throw errors[0];
}
