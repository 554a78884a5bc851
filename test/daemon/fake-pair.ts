import type { DaemonPair, PairTeller } from '../../src/daemon/daemon-pair.ts';
import { StorageError } from '../../src/model/errors.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, mapSides, type Side, type Sides } from '../../src/model/sides.ts';
import { openStatusInMemory } from '../../src/status/open-status.ts';
import { Delegating } from '../../src/storage/decorators/delegating.ts';
import { MemoryStorage } from '../../src/storage/memory/memory-storage.ts';
import type { Change, Storage } from '../../src/storage/storage.ts';
import type { Summary, SyncEvent } from '../../src/sync/events.ts';
import type { PairSetup, RunContext } from '../../src/sync/pair-setup.ts';
import type { Clock } from '../../src/system/clock.ts';
import { RULES } from '../sync/engine.ts';

const MINUTE = 60_000;

/** A pair of two memory storages, of which only a tells of its changes, and a pretended password. */
export class FakePair implements DaemonPair {
  readonly name = 'pair';
  readonly storages: Sides<MemoryStorage> = bySide((side) => new MemoryStorage({ name: side }));
  readonly #status = openStatusInMemory();
  readonly #clock: Clock;
  intervalsMs: Sides<number> = { a: 5 * MINUTE, b: 5 * MINUTE };
  rules: PairRules = RULES;
  /** Thrown by whatever opens the pair. */
  refusal: Error | undefined;
  /** What watching a fails with. */
  watchFailure: Error | undefined;
  /** Nothing is told of changes of a. */
  isDeaf = false;
  /** The password that there is, and the one that a renewal finds. */
  secret = 'old';
  newSecret = 'old';
  renewals = 0;
  readonly runsEnded: Summary[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  withOpen<T>(
    tell: (event: SyncEvent) => void,
    signal: AbortSignal,
    work: (setup: PairSetup, context: RunContext) => Promise<T>,
  ): Promise<T> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    const storages = mapSides(this.storages, (storage, side) => ({ name: `storage ${side}`, storage }));
    const setup = { name: this.name, storages, rules: this.rules, historyS: 1000 };
    return work(setup, { status: this.#status, clock: this.#clock, tell, signal });
  }

  openSide(side: Side): Storage {
    return new Watched(this.storages[side], {
      failure: side === 'b' ? NO_EVENTS : this.watchFailure,
      isMissed: () => this.isDeaf,
    });
  }

  async renewSecrets(): Promise<'same' | 'changed'> {
    this.renewals += 1;
    const before = this.secret;
    this.secret = this.newSecret;
    return before === this.secret ? 'same' : 'changed';
  }

  async afterRun(summary: Summary): Promise<void> {
    this.runsEnded.push(summary);
  }
}

const NO_EVENTS = new StorageError('unsupported', 'a server does not tell');

interface Watching {
  readonly failure: Error | undefined;
  readonly isMissed: () => boolean;
}

class Watched extends Delegating {
  readonly #watching: Watching;

  constructor(inner: Storage, watching: Watching) {
    super(inner);
    this.#watching = watching;
  }

  override async *changes(signal: AbortSignal): AsyncGenerator<Change> {
    const { failure, isMissed } = this.#watching;
    if (failure !== undefined) throw failure;
    for await (const change of this.inner.changes(signal)) if (!isMissed()) yield change;
  }
}

export interface ToldTeller extends PairTeller {
  /** In order: `run all`, `run work`, `failure: …`, `bug: …`, `end whole`, `end`, `a unwatched: …`, `a watched`. */
  readonly told: string[];
}

export function toldTeller(): ToldTeller {
  const told: string[] = [];
  return {
    told,
    beginRun() {
      let about = 'run all';
      return {
        about: (only) => {
          about = only === undefined ? 'run all' : `run ${[...only].join(' ')}`;
          told.push(about);
        },
        tell: (event) => {
          if (event.type === 'failure') told.push(`failure: ${event.error.message}`);
        },
        bug: (error) => told.push(`bug: ${error instanceof Error ? error.message : String(error)}`),
        end: (whole) => told.push(whole ? 'end whole' : 'end'),
      };
    },
    watching: (side, problem) =>
      told.push(
        problem === undefined ? `${side} watched` : `${side} unwatched: ${problem instanceof Error && problem.message}`,
      ),
    log: () => undefined,
  };
}
