import { summarize } from '../../content/summary.ts';
import { certainlyNotDone, StorageError } from '../../model/errors.ts';
import type { FetchedItem, Item } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import type { Side } from '../../model/sides.ts';
import type { MappingStatus, StatusChange } from '../../status/status.ts';
import type { Storage, Written } from '../../storage/storage.ts';
import { forEachAtOnce } from '../../system/pool.ts';
import { attempt, reportOf } from '../error-report.ts';
import type { Outcome } from '../events.ts';
import type { Restorable } from './restore-decision.ts';

/** One side of a mapping, and what is said of each version when it is done with. */
export interface RestoreSide {
  readonly side: Side;
  readonly storage: Storage;
  readonly collection: Href;
  /** Undefined: nothing is written, and what would be is told as done. */
  readonly mapping: MappingStatus | undefined;
  /** Whether what is replaced is kept. */
  readonly keepHistory: boolean;
  readonly signal: AbortSignal;
  /** `record`: it was so already. */
  readonly ended: (version: Restorable, verb: 'create' | 'update' | 'record', outcome: Outcome) => void;
  /** What was written is there, but may not survive a loss of power. */
  readonly unsaved: (error: StorageError) => void;
}

export interface WantedVersion {
  readonly version: Restorable;
  /** What its text holds. */
  readonly item: Item;
  /** Where its item was just seen; undefined: it is gone from this side. */
  readonly now: Href | undefined;
}

/** How many writes share a transaction of intents and one of their ends. */
const BATCH = 200;

/** Writes as a run does (SR4): the status knows of each write before, and has what it replaces. Throws `StatusError`. */
export async function restoreOnSide(where: RestoreSide, wanted: readonly WantedVersion[]): Promise<void> {
  for (let start = 0; start < wanted.length && !where.signal.aborted; start += BATCH) {
    const writes = await prepare(where, wanted.slice(start, start + BATCH));
    if (where.mapping !== undefined) await write(where, where.mapping, writes);
    else for (const each of writes) where.ended(each.version, verbOf(each), { type: 'done' });
  }
}

/** A version that is to be written over what is there now, or where nothing is. */
interface Write {
  readonly version: Restorable;
  readonly item: Item;
  readonly now: FetchedItem | undefined;
  /** Where it is tried, in this order. */
  readonly hrefs: readonly [Href, ...Href[]];
}

const verbOf = ({ now }: Write): 'create' | 'update' => (now === undefined ? 'create' : 'update');

/** What is to be replaced is read: it goes to the history, and nothing else may be overwritten. */
async function prepare(where: RestoreSide, wanted: readonly WantedVersion[]): Promise<readonly Write[]> {
  const found = await attempt(
    readAll(
      where,
      wanted.flatMap(({ now }) => now ?? []),
    ),
  );
  if (found instanceof StorageError) {
    for (const { version } of wanted) where.ended(version, 'update', { type: 'failed', error: reportOf(found) });
    return [];
  }
  return wanted.flatMap(({ version, item, now }): Write[] => {
    const there = now === undefined ? undefined : found.get(now);
    if (now !== undefined && there?.item.ident !== item.ident) {
      where.ended(version, 'update', OVERTAKEN);
      return [];
    }
    if (there?.item.fingerprint === item.fingerprint) {
      where.ended(version, 'record', { type: 'done' });
      return [];
    }
    const hrefs = there === undefined ? freeHrefs(where, version, item) : ([there.href] as const);
    return [{ version, item, now: there, hrefs }];
  });
}

/** How many names are tried before an item without a free one counts as failed (SI15). */
const NAMES_TRIED = 5;

/** Where it was, if that is free; else where a new item would be. */
function freeHrefs({ storage, collection, side }: RestoreSide, version: Restorable, item: Item): Write['hrefs'] {
  const nameFor = (nth: number): Href => storage.nameFor(collection, item, version.href, nth);
  const names = Array.from({ length: NAMES_TRIED }, (_, nth) => nameFor(nth));
  return version.side === side ? [version.href, ...names] : [nameFor(0), ...names.slice(1)];
}

const OVERTAKEN: Outcome = { type: 'postponed', reason: 'it changed there meanwhile' };

async function readAll(
  { storage, collection }: RestoreSide,
  hrefs: readonly Href[],
): Promise<ReadonlyMap<Href, FetchedItem>> {
  const found = new Map<Href, FetchedItem>();
  if (hrefs.length === 0) return found;
  for await (const fetched of storage.fetch(collection, hrefs)) {
    if (fetched.type === 'item') found.set(fetched.href, fetched);
  }
  return found;
}

async function write(where: RestoreSide, mapping: MappingStatus, writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) return;
  const { storage, collection, signal, ended } = where;
  mapping.commit(writes.map((each) => intention(where, each)));
  const begun = new Set<Write>();
  const changes: StatusChange[] = [];
  try {
    await forEachAtOnce(
      writes,
      storage.concurrency,
      async (each) => {
        begun.add(each);
        const { ident } = each.item;
        const written = await attempt(writeOne(where, each));
        if (!(written instanceof StorageError)) changes.push({ type: 'done', ident });
        // A write that may have been done keeps its intent: the next run looks (SR5).
        else if (certainlyNotDone(written.kind)) changes.push({ type: 'not-done', ident });
        ended(each.version, verbOf(each), outcomeOf(written));
      },
      signal,
    );
    const saved = await attempt(storage.flush(collection));
    if (saved instanceof StorageError) where.unsaved(saved);
  } finally {
    for (const each of writes) if (!begun.has(each)) changes.push({ type: 'not-done', ident: each.item.ident });
    mapping.commit(changes);
  }
}

function intention({ side, keepHistory, storage }: RestoreSide, each: Write): StatusChange {
  const { item, now, hrefs } = each;
  const { ident, fingerprint } = item;
  const [href] = hrefs;
  const intent = { ident, side, verb: verbOf(each), href, fingerprint, source: undefined };
  if (now === undefined || !keepHistory) return { type: 'intend', intent, destroys: [] };
  const { text, fingerprint: replaced } = now.item;
  const summary = summarize(text, storage.kind);
  return {
    type: 'intend',
    intent,
    destroys: [{ ident, side, href, text, fingerprint: replaced, reason: 'restored', summary }],
  };
}

async function writeOne({ storage, collection }: RestoreSide, { item, now, hrefs }: Write): Promise<Written> {
  if (now !== undefined) return storage.update(collection, now, item);
  let taken: StorageError | undefined;
  for (const href of hrefs) {
    const written = await attempt(storage.create(collection, href, item));
    if (!(written instanceof StorageError)) return written;
    if (written.kind !== 'already-exists') throw written;
    taken = written;
  }
  throw taken ?? new Error('this should not happen: an item has no name');
}

function outcomeOf(written: Written | StorageError): Outcome {
  if (!(written instanceof StorageError)) return { type: 'done' };
  if (written.kind === 'changed' || written.kind === 'not-found') return OVERTAKEN;
  return { type: 'failed', error: reportOf(written) };
}
