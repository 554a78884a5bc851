/**
 * Runs `work` for each item, at most `limit` at once, in the order of the items. The first error stops the start of
 * others; those under way are waited for, then it is thrown. An abort stops the start of others too, and this returns
 * when those under way are done: whether all were done the caller reads from the signal. Items are taken from an
 * iterable only when there is room for them, and an iterable that was not used up is closed.
 */
export async function forEachAtOnce<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const errors: unknown[] = [];
  let running = 0;
  let oneEnded: () => void = () => undefined;

  const run = async (item: T): Promise<void> => {
    try {
      await work(item);
    } catch (error) {
      errors.push(error);
    } finally {
      running -= 1;
      oneEnded();
    }
  };
  const fewerThan = async (count: number): Promise<void> => {
    while (running >= count) {
      await new Promise<void>((resolve) => {
        oneEnded = resolve;
      });
    }
  };
  const stopped = (): boolean => errors.length > 0 || signal?.aborted === true;

  if (stopped()) return;
  try {
    for await (const item of items) {
      if (stopped()) break;
      running += 1;
      void run(item);
      await fewerThan(limit);
      if (stopped()) break;
    }
  } catch (error) {
    errors.push(error);
  }
  await fewerThan(1);
  if (errors.length > 0) throw errors[0];
}
