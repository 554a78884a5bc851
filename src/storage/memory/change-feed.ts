import type { Change } from '../storage.ts';

/** Hands each change to everyone who iterates at that time. */
export class ChangeFeed {
  readonly #listeners = new Set<(change: Change) => void>();

  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Changes from the moment of the first `next`; ends with `signal`. */
  async *listen(signal: AbortSignal): AsyncGenerator<Change> {
    const pending: Change[] = [{ collection: undefined }];
    let wake = (): void => undefined;
    const listener = (change: Change): void => {
      pending.push(change);
      wake();
    };
    const stop = (): void => wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        const change = pending.shift();
        if (change !== undefined) yield change;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener('abort', stop);
    }
  }
}
