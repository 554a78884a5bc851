import { PROPERTY_NAMES } from '../../src/model/collection.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, mapSides, type Sides } from '../../src/model/sides.ts';
import { openStatusInMemory } from '../../src/status/open-status.ts';
import type { Status } from '../../src/status/status.ts';
import { MemoryStorage, type MemoryStorageOptions } from '../../src/storage/memory/memory-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { Summary, SyncEvent } from '../../src/sync/events.ts';
import type { RunOptions } from '../../src/sync/pair-setup.ts';
import { syncPair } from '../../src/sync/sync-pair.ts';
import type { Clock } from '../../src/system/clock.ts';

/** What the configuration says where it says nothing, but that all collections of both sides are synced. */
export const RULES: PairRules = {
  collectionsFrom: new Set(['a', 'b']),
  mappings: [],
  exclude: [],
  onEmpty: 'skip',
  onDelete: 'sync',
  maxDelete: undefined,
  conflictResolution: [],
  oneWay: false,
  properties: PROPERTY_NAMES,
};

export const OPTIONS: RunOptions = {
  dryRun: false,
  full: false,
  allow: { empty: false, delete: false, rollback: false },
  retryFailed: true,
  only: undefined,
  confirm: undefined,
};

/** One run as it was: what it told, and how it ended. */
export interface Ran {
  readonly summary: Summary;
  readonly events: readonly SyncEvent[];
}

/** Two storages, a status and the engine between them. */
export class Bench<S extends Storage = MemoryStorage> {
  readonly storages: Sides<S>;
  readonly status: Status;
  readonly rules: PairRules;

  constructor(storages: Sides<S>, rules: Partial<PairRules> = {}, status: Status = openStatusInMemory()) {
    this.storages = storages;
    this.rules = { ...RULES, ...rules };
    this.status = status;
  }

  async sync(options: Partial<RunOptions> = {}, clock: Clock = STILL): Promise<Ran> {
    const events: SyncEvent[] = [];
    const summary = await syncPair(
      {
        name: 'pair',
        storages: mapSides(this.storages, (storage, side) => ({ name: `storage ${side}`, storage })),
        rules: this.rules,
        historyS: 1000,
      },
      { ...OPTIONS, ...options },
      {
        status: this.status,
        clock,
        tell: (event) => events.push(event),
        signal: new AbortController().signal,
      },
    );
    return { summary, events };
  }
}

export function memoryBench(
  rules: Partial<PairRules> = {},
  options: Partial<Sides<MemoryStorageOptions>> = {},
): Bench<MemoryStorage> {
  return new Bench(
    bySide((side) => new MemoryStorage({ name: side, ...options[side] })),
    rules,
  );
}

const STILL: Clock = { now: () => 1_800_000_000_000, sleep: () => Promise.resolve() };
