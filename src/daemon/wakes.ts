import type { Href } from '../model/names.ts';
import { bySide, type Side, type Sides } from '../model/sides.ts';
import { type SteadyClock, sleepUnlessAborted } from '../system/clock.ts';
import { backOffMs, spread } from './back-off.ts';

/** Why a pair is run. */
export type Reason = 'start' | 'asked' | 'resumed' | 'interval' | 'retry' | 'change';

export interface Wake {
  readonly reason: Reason;
  /** Collections of each side; undefined: anything may have changed. */
  readonly changed: Sides<ReadonlySet<Href>> | undefined;
}

/** How a run ended, as far as the next one depends on it. */
export type RunEnd =
  | { readonly type: 'through' }
  /** `partly`: some of it failed. `stopped`: nothing was done; `refused`: for want of a password, or of the right one. */
  | { readonly type: 'partly' | 'stopped' | 'refused'; readonly retryAfterS: number | undefined };

export interface WakeTerms {
  readonly clock: SteadyClock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** A change is synced when nothing has changed for so long … */
const QUIET_MS = 1000;
/** … and at the latest so long after the first one. */
const PATIENCE_MS = 10_000;
/** Who edits is there, and so may be the network: a change is tried this long after a run that did nothing. */
const CHANGE_AFTER_STOP_MS = 60_000;

interface Changes {
  readonly firstAt: number;
  lastAt: number;
  everything: boolean;
  readonly collections: Sides<Set<Href>>;
}

/** Makes one stream of reasons to run a pair out of intervals, changes, wishes and failures. Times are the clock's. */
export class Wakes {
  readonly #terms: WakeTerms;
  #urgent: Reason | undefined;
  #changes: Changes | undefined;
  #intervalMs = Number.POSITIVE_INFINITY;
  #everythingAt = Number.POSITIVE_INFINITY;
  #failures = 0;
  /** Of the last run, if it failed. */
  #failed:
    | { readonly end: Exclude<RunEnd, { type: 'through' }>; readonly at: number; readonly retryAt: number }
    | undefined;
  #ring: () => void = () => undefined;

  constructor(terms: WakeTerms) {
    this.#terms = terms;
  }

  /** How often everything is looked at; before this is called, not at all. */
  lookEvery(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#everythingAt = this.#nextInterval();
    this.#ring();
  }

  /** Something changed on a side; undefined: maybe anywhere. May be told as often as it happens. */
  change(side: Side, collection: Href | undefined): void {
    const now = this.#terms.clock.elapsed();
    const changes = this.#changes ?? newChanges(now);
    changes.lastAt = now;
    if (collection === undefined) changes.everything = true;
    else changes.collections[side].add(collection);
    if (this.#changes !== undefined) return;
    this.#changes = changes;
    this.#ring();
  }

  /** At once, whatever failed before. */
  ask(reason: 'start' | 'asked' | 'resumed'): void {
    this.#urgent = reason;
    this.#failures = 0;
    this.#ring();
  }

  /** Waits until the pair is to be run. Throws the signal's reason. One at a time. */
  async next(signal: AbortSignal): Promise<Wake> {
    for (;;) {
      signal.throwIfAborted();
      const { reason, at } = this.#soonest();
      const restMs = at - this.#terms.clock.elapsed();
      if (restMs <= 0) return this.#take(reason);
      await this.#sleep(restMs, signal);
    }
  }

  /** Call it after each run; answers how long until the next try, where there has to be one. */
  ended(wake: Wake, end: RunEnd): number | undefined {
    if (wake.changed === undefined) this.#everythingAt = this.#nextInterval();
    if (end.type === 'through') {
      // A run of some collections proves nothing about what failed in others.
      if (wake.changed === undefined || this.#failed?.end.type !== 'partly') {
        this.#failed = undefined;
        this.#failures = 0;
      }
      return undefined;
    }
    this.#failures += 1;
    const waitMs = Math.max(backOffMs(this.#failures, this.#terms.random), (end.retryAfterS ?? 0) * 1000);
    const at = this.#terms.clock.elapsed();
    this.#failed = { end, at, retryAt: at + waitMs };
    return waitMs;
  }

  #soonest(): { readonly reason: Reason; readonly at: number } {
    if (this.#urgent !== undefined) return { reason: this.#urgent, at: 0 };
    const failed = this.#failed;
    const candidates: { readonly reason: Reason; readonly at: number }[] = [];
    // Where nothing could be done at all, only the retry asks again; whatever else is due comes with it.
    if (failed === undefined || failed.end.type === 'partly') {
      candidates.push({ reason: 'interval', at: this.#everythingAt });
    }
    if (failed !== undefined) candidates.push({ reason: 'retry', at: failed.retryAt });
    const changeAt = this.#changeAt();
    if (changeAt !== undefined) candidates.push({ reason: 'change', at: changeAt });
    return candidates.reduce((soonest, each) => (each.at < soonest.at ? each : soonest));
  }

  #changeAt(): number | undefined {
    if (this.#changes === undefined) return undefined;
    const { firstAt, lastAt } = this.#changes;
    const at = Math.min(lastAt + QUIET_MS, firstAt + PATIENCE_MS);
    switch (this.#failed?.end.type) {
      case undefined:
      case 'partly':
        return at;
      case 'stopped':
        return this.#failed.end.retryAfterS === undefined
          ? Math.max(at, this.#failed.at + CHANGE_AFTER_STOP_MS)
          : undefined;
      case 'refused':
        return undefined;
    }
  }

  #take(reason: Reason): Wake {
    const changes = this.#changes;
    this.#changes = undefined;
    this.#urgent = undefined;
    // What changed before a run that did nothing has not been looked at yet.
    const nothingMissed = this.#failed === undefined || this.#failed.end.type === 'partly';
    const onlyThese = reason === 'change' && changes?.everything === false && nothingMissed;
    return { reason, changed: onlyThese ? changes.collections : undefined };
  }

  #nextInterval(): number {
    const { clock, random } = this.#terms;
    return clock.elapsed() + spread(this.#intervalMs, random);
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#ring = () => woken.abort();
    signal.addEventListener('abort', this.#ring);
    await sleepUnlessAborted(this.#terms.clock, ms, woken.signal);
    signal.removeEventListener('abort', this.#ring);
    this.#ring = () => undefined;
  }
}

const newChanges = (now: number): Changes => ({
  firstAt: now,
  lastAt: now,
  everything: false,
  collections: bySide(() => new Set<Href>()),
});
