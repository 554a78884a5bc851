import { HttpError } from './http-failure.ts';

/** Lets requests to one server begin: few at once, and one more with each answer. */
export interface Ramp {
  /** Waits for its turn. What it answers is called when the answer begins (true) or nothing comes of it (false); later calls do nothing. */
  enter(): Promise<(answered: boolean) => void>;
  /** Who still waits for a turn gets an `HttpError` instead. */
  close(): void;
}

/**
 * A small server has a short queue for new connections: Python's is five long. What comes when it is full waits a whole
 * second, until TCP tries again. An answer shows that the server takes what it was sent. A rest begins anew, since many
 * servers keep no connection open. Once `signal` is aborted, nobody waits any longer.
 */
export function rampUp(most: number, signal?: AbortSignal): Ramp {
  const first = Math.min(FIRST_AT_ONCE, most);
  const waiting: { readonly start: () => void; readonly stop: (error: Error) => void }[] = [];
  let allowed = first;
  let underWay = 0;

  const begin = (): ((answered: boolean) => void) => {
    underWay += 1;
    let isUnderWay = true;
    return (answered) => {
      if (!isUnderWay) return;
      isUnderWay = false;
      underWay -= 1;
      if (answered) allowed = Math.min(allowed + 1, most);
      while (underWay < allowed && waiting.length > 0) waiting.shift()?.start();
      if (underWay === 0) allowed = first;
    };
  };
  const turnAway = (): void => {
    for (const { stop } of waiting.splice(0)) stop(new HttpError('other', 'interrupted before anything was sent'));
  };
  signal?.addEventListener('abort', turnAway);
  return {
    enter: async () => {
      if (underWay < allowed) return begin();
      return new Promise((resolve, reject) => {
        waiting.push({ start: () => resolve(begin()), stop: reject });
      });
    },
    close: () => {
      signal?.removeEventListener('abort', turnAway);
      turnAway();
    },
  };
}

const FIRST_AT_ONCE = 4;
