import type { Collection } from '../../model/collection.ts';
import { StorageError } from '../../model/errors.ts';
import type { FetchedItem, UnreadableItem } from '../../model/item.ts';
import type { Checkpoint, Href } from '../../model/names.ts';
import type { Clock } from '../../system/clock.ts';
import { mayPass } from '../http-error.ts';
import type { CheckResult, Look, Storage, Take } from '../storage.ts';
import { Delegating } from './delegating.ts';

/** What is waited before each repetition; there are no more than these. */
const DELAYS_MS: readonly number[] = [1000, 4000];

/** Whoever asks for more is better left alone until the next run, which knows it from the error. */
const LONGEST_WAIT_MS = 60_000;

/**
 * The same storage, whose reads are repeated a few times when it could not be reached or asked to wait (for how
 * long, is obeyed), but not where only a person can mend it, as a certificate or a host's name. Writes are not: a write
 * that may have been done is decided on again by a later run (SR5).
 */
export const retrying = (storage: Storage, clock: Clock): Storage => new Retrying(storage, clock);

class Retrying extends Delegating {
  readonly #clock: Clock;
  readonly #closed = new AbortController();

  constructor(inner: Storage, clock: Clock) {
    super(inner);
    this.#clock = clock;
  }

  override check(): Promise<CheckResult> {
    return this.#repeatedly(() => this.inner.check());
  }

  override discover(): Promise<readonly Collection[]> {
    return this.#repeatedly(() => this.inner.discover());
  }

  override find(collection: Href): Promise<Collection | undefined> {
    return this.#repeatedly(() => this.inner.find(collection));
  }

  override look(collection: Href, since: Checkpoint | undefined, take?: Take): Promise<Look> {
    return this.#repeatedly(() => this.inner.look(collection, since, take));
  }

  override confirmGone(collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
    return this.#repeatedly(() => this.inner.confirmGone(collection, hrefs));
  }

  /** What was given before a failure is not asked for again (SD3). */
  override async *fetch(collection: Href, hrefs: readonly Href[]): AsyncGenerator<FetchedItem | UnreadableItem> {
    const wanted = new Set(hrefs);
    for (let failures = 0; wanted.size > 0; ) {
      try {
        for await (const found of this.inner.fetch(collection, [...wanted])) {
          wanted.delete(found.href);
          failures = 0;
          yield found;
        }
        return;
      } catch (error) {
        await this.#waitAfter(error, failures);
        failures += 1;
      }
    }
  }

  /** What waits gives up. */
  override close(): Promise<void> {
    this.#closed.abort();
    return this.inner.close();
  }

  async #repeatedly<T>(read: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await read();
      } catch (error) {
        await this.#waitAfter(error, failures);
      }
    }
  }

  /** Throws the error where waiting does not help. */
  async #waitAfter(error: unknown, failures: number): Promise<void> {
    const delayMs = DELAYS_MS[failures];
    if (!(error instanceof StorageError) || delayMs === undefined) throw error;
    if (!mayPass(error)) throw error;
    const waitMs = Math.max(delayMs, (error.retryAfterS ?? 0) * 1000);
    if (waitMs > LONGEST_WAIT_MS || this.#closed.signal.aborted) throw error;
    // Only closing ends the sleep early.
    await this.#clock.sleep(waitMs, this.#closed.signal).catch(() => {
      throw error;
    });
  }
}
