import { readItem } from '../../src/content/item.ts';
import { summarize } from '../../src/content/summary.ts';
import { PROPERTY_NAMES } from '../../src/model/collection.ts';
import { must } from '../../src/model/errors.ts';
import { href } from '../../src/model/names.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, mapSides, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import { openStatusInMemory } from '../../src/status/open-status.ts';
import type { PairStatus } from '../../src/status/pair-status.ts';
import type { HistoryEntry, MappingStatus } from '../../src/status/status.ts';
import { MemoryStorage, type MemoryStorageOptions } from '../../src/storage/memory/memory-storage.ts';
import type { Summary, SyncEvent } from '../../src/sync/events.ts';
import type { RunContext, RunOptions } from '../../src/sync/pair-setup.ts';
import { syncPair } from '../../src/sync/sync-pair.ts';
import type { Clock } from '../../src/system/clock.ts';
import { itemText } from '../support/item-text.ts';

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

/** The collection that most tests need. */
export const WORK = href('/work');

/** One run as it was: what it told, and how it ended. */
export interface Ran {
  readonly summary: Summary;
  readonly events: readonly SyncEvent[];
}

/** Two memory storages, a status and the engine between them. */
export class Bench {
  readonly storages: Sides<MemoryStorage>;
  readonly status: PairStatus;
  rules: PairRules;
  /** Milliseconds since 1970. */
  now = 1_800_000_000_000;

  constructor(rules: Partial<PairRules> = {}, options: Partial<Sides<MemoryStorageOptions>> = {}) {
    this.storages = bySide((side) => new MemoryStorage({ name: side, ...options[side] }));
    this.rules = { ...RULES, ...rules };
    this.status = openStatusInMemory(() => this.now);
  }

  async sync(
    options: Partial<RunOptions> = {},
    signal = new AbortController().signal,
    more: Partial<RunContext> = {},
  ): Promise<Ran> {
    const events: SyncEvent[] = [];
    const clock: Clock = { now: () => this.now, sleep: () => Promise.resolve() };
    const summary = await syncPair(
      {
        name: 'pair',
        storages: mapSides(this.storages, (storage, side) => ({ name: `storage ${side}`, storage })),
        rules: this.rules,
        historyS: 1000,
      },
      { ...OPTIONS, ...options },
      { status: this.status, clock, tell: (each) => events.push(each), signal, ...more },
    );
    return { summary, events };
  }

  /** What is asked of the storages from now on, as `a look`. */
  record(): readonly string[] {
    const steps: string[] = [];
    for (const side of SIDES) {
      this.storages[side].onStep = ({ phase, name }) => {
        if (phase === 'before') steps.push(`${side} ${name}`);
      };
    }
    return steps;
  }

  text(uid: string, title: string): string {
    return itemText('calendar', uid, title);
  }

  uids(side: Side): readonly string[] {
    return [...this.storages[side].userItems(WORK).values()]
      .map((text) => {
        const read = readItem(text, 'calendar');
        return read.type === 'item' ? read.item.ident : 'unreadable';
      })
      .sort();
  }

  mapping(): MappingStatus {
    return this.status.mapping('work', { a: WORK, b: WORK });
  }

  /** Versions that were kept, oldest first. */
  history(): readonly Pick<HistoryEntry, 'reason' | 'side' | 'summary'>[] {
    return [...this.status.versions()].map(({ reason, side, summary }) => ({ reason, side, summary })).reverse();
  }
}

/** A bench whose sides agree on a collection with these items; their titles are their UIDs. */
export async function agreedBench(...given: readonly (string | Partial<PairRules>)[]): Promise<Bench> {
  const uids = given.filter((each) => typeof each === 'string');
  const rules = given.find((each) => typeof each !== 'string');
  const bench = new Bench(rules);
  for (const side of SIDES) bench.storages[side].userMakeCollection('work');
  for (const uid of uids) put(bench.storages.a, uid, uid);
  await bench.sync();
  return bench;
}

/** A user's writing of the item where it would be by its UID. */
export function put(storage: MemoryStorage, uid: string, title: string): void {
  storage.userPut(WORK, href(`/work/${uid}.ics`), itemText('calendar', uid, title));
}

/** All texts of the collection, sorted. */
export const contents = (storage: MemoryStorage): readonly string[] => [...storage.userItems(WORK).values()].sort();

export const titles = (storage: MemoryStorage): readonly string[] =>
  [...storage.userItems(WORK).values()].map((text) => summarize(text, 'calendar')).sort();

/** The first event of a type. */
export function event<T extends SyncEvent['type']>(
  events: readonly SyncEvent[],
  type: T,
): Extract<SyncEvent, { type: T }> {
  const isIt = (each: SyncEvent): each is Extract<SyncEvent, { type: T }> => each.type === type;
  return must(events.find(isIt), `there is an event ${type}`);
}
