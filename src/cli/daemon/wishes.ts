import type { Outside } from '../outside.ts';

/** What a process that runs for long is asked for by signals, besides its end. */
export class Wishes {
  #syncNow: () => void = () => undefined;
  #wantsReload = false;
  #ring: () => void = () => undefined;

  constructor({ onSignal }: Pick<Outside, 'onSignal'>) {
    onSignal('SIGUSR1', () => this.#syncNow());
    onSignal('SIGHUP', () => {
      this.#wantsReload = true;
      this.#ring();
    });
  }

  /** Calls `syncNow` for each wish to sync everything, until what it answers is called. */
  onSync(syncNow: () => void): () => void {
    this.#syncNow = syncNow;
    return () => {
      this.#syncNow = () => undefined;
    };
  }

  /** Returns when the configuration is to be read again, or the signal is aborted. */
  async reload(signal: AbortSignal): Promise<void> {
    while (!this.#wantsReload && !signal.aborted) {
      await new Promise<void>((resolve) => {
        // Not left behind: the signal lives as long as the process, which may be asked a thousand times.
        this.#ring = () => {
          signal.removeEventListener('abort', this.#ring);
          resolve();
        };
        signal.addEventListener('abort', this.#ring);
      });
    }
    this.#wantsReload = false;
  }
}
