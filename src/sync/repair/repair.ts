import { assignUid } from '../../content/assign-uid.ts';
import { readItem } from '../../content/item.ts';
import { describeDifferences } from '../../content/merge/describe-differences.ts';
import type { Difference } from '../../content/merge/difference.ts';
import { summarize } from '../../content/summary.ts';
import type { Collection } from '../../model/collection.ts';
import { certainlyNotDone, StorageError } from '../../model/errors.ts';
import type { FetchedItem } from '../../model/item.ts';
import type { Href, Ident } from '../../model/names.ts';
import type { Side } from '../../model/sides.ts';
import type { Intent, MappingStatus, Status, StatusChange } from '../../status/status.ts';
import type { Storage } from '../../storage/storage.ts';
import { attempt, reportOf } from '../error-report.ts';
import type { ErrorReport, Outcome } from '../events.ts';
import { type Finding, findRepairs, type SeenItem } from './repair-findings.ts';

/** A pair that has the storage on a side. Its lock is the caller's, unless nothing is written. */
export interface StorageUse {
  readonly side: Side;
  readonly status: Status;
}

export interface RepairTerms {
  readonly storage: Storage;
  /** In the order of the configuration. What is replaced or removed goes to the history of the first that knows it. */
  readonly uses: readonly StorageUse[];
  /** Whether replaced and removed versions are kept. */
  readonly keepHistory: boolean;
  /** Only tells. */
  readonly dryRun: boolean;
  readonly tell: (event: RepairEvent) => void;
  readonly signal: AbortSignal;
}

export type RepairEvent =
  /** `outcome`: undefined where nothing was tried: only a person can, or it is a dry run. */
  | {
      readonly type: 'finding';
      readonly collection: Collection;
      readonly finding: Finding;
      readonly outcome: Outcome | undefined;
      /** Of different items: what each has different from the first. */
      readonly differences: ReadonlyMap<Href, readonly Difference[]>;
    }
  | { readonly type: 'failure'; readonly collection: Collection | undefined; readonly error: ErrorReport };

/**
 * Looks through all collections of a storage: gives items a UID that have none, and removes equal copies, each by a
 * conditional write; tells of different items with one UID, and of what cannot be read. Throws `StatusError`.
 */
export async function repairStorage(terms: RepairTerms): Promise<void> {
  const { storage, tell, signal } = terms;
  const collections = await attempt(storage.discover());
  if (collections instanceof StorageError) {
    tell({ type: 'failure', collection: undefined, error: reportOf(collections) });
    return;
  }
  for (const collection of collections) {
    if (signal.aborted) return;
    const result = await attempt(repairCollection(terms, collection));
    if (result instanceof StorageError) tell({ type: 'failure', collection, error: reportOf(result) });
  }
}

async function repairCollection(terms: RepairTerms, collection: Collection): Promise<void> {
  const { storage, tell, signal, dryRun } = terms;
  const mappings = terms.uses.flatMap(({ side, status }) => mappingsAt(status, side, collection.href));
  const agreedHref = (ident: Ident): Href | undefined =>
    mappings.map(({ mapping, side }) => mapping.agreement(ident)?.sides[side].href).find((href) => href !== undefined);
  const { items, unreadable } = await readAll(storage, collection.href);
  for (const finding of [...findRepairs(items, agreedHref), ...unreadable]) {
    if (signal.aborted) return;
    const isOurs = finding.type === 'surplus' || finding.type === 'without-uid';
    const outcome = isOurs && !dryRun ? await repair(terms, collection.href, mappings, finding) : undefined;
    const compared = finding.type === 'different' ? await compare(storage, collection.href, finding.items) : [];
    tell({ type: 'finding', collection, finding, outcome, differences: new Map(compared) });
  }
  if (!dryRun) await storage.flush(collection.href);
}

interface UsedMapping {
  readonly side: Side;
  readonly mapping: MappingStatus;
}

const mappingsAt = (status: Status, side: Side, collection: Href): readonly UsedMapping[] =>
  status
    .mappings()
    .filter(({ hrefs }) => hrefs[side] === collection)
    .map(({ name, hrefs }) => ({ side, mapping: status.mapping(name, hrefs) }));

/** Everything, but no texts: a collection may be large. */
async function readAll(
  storage: Storage,
  collection: Href,
): Promise<{ readonly items: readonly SeenItem[]; readonly unreadable: readonly Finding[] }> {
  const look = await storage.look(collection, undefined);
  if (look.type !== 'all' || !look.complete) {
    throw new StorageError('invalid-data', 'the collection could not be listed completely', {
      hint: 'try again later',
    });
  }
  const items: SeenItem[] = [];
  const unreadable: Finding[] = look.unknown.map(({ href, reason }) => ({ type: 'unreadable', href, reason }));
  const hrefs = look.items.map(({ href }) => href);
  for await (const fetched of storage.fetch(collection, hrefs)) {
    const { href } = fetched;
    if (fetched.type === 'unreadable') unreadable.push({ type: 'unreadable', href, reason: fetched.reason });
    else items.push(seen(fetched, storage));
  }
  return { items, unreadable };
}

function seen({ href, etag, item }: FetchedItem, { kind }: Storage): SeenItem {
  const { ident, fingerprint, text } = item;
  return { href, etag, ident, fingerprint, summary: summarize(text, kind) };
}

/** One conditional write; the status of a pair knows of it before, and has what it replaces (SR4). */
async function repair(
  terms: RepairTerms,
  collection: Href,
  mappings: readonly UsedMapping[],
  finding: Extract<Finding, { type: 'surplus' | 'without-uid' }>,
): Promise<Outcome> {
  const { storage } = terms;
  const { item: was } = finding;
  if (mappings.some(({ mapping }) => mapping.intents().some(({ ident }) => ident === was.ident))) return HALF_WAY;
  const needed = finding.type === 'surplus' ? [was, finding.kept] : [was];
  const read = await attempt(readAgain(storage, collection, needed));
  if (read instanceof StorageError) return { type: 'failed', error: reportOf(read) };
  const now = read.get(was.href);
  if (now === undefined || read.size < needed.length) return OVERTAKEN;
  const [used] = mappings;
  used?.mapping.commit([intention(terms, used, now, finding.type === 'surplus' ? 'delete' : 'update')]);
  const done = await attempt<unknown>(
    finding.type === 'surplus'
      ? storage.delete(collection, now)
      : storage.update(collection, now, withUid(now, storage, finding.uid)),
  );
  const isOpen = done instanceof StorageError && !certainlyNotDone(done.kind);
  const isUndone = done instanceof StorageError && certainlyNotDone(done.kind);
  // A write that may have been done keeps its intent: the next run looks (SR5).
  if (!isOpen) used?.mapping.commit([{ type: isUndone ? 'not-done' : 'done', ident: was.ident }]);
  if (!(done instanceof StorageError)) return { type: 'done' };
  return done.kind === 'changed' || done.kind === 'not-found' ? OVERTAKEN : { type: 'failed', error: reportOf(done) };
}

const OVERTAKEN: Outcome = { type: 'postponed', reason: 'it changed there meanwhile' };
const HALF_WAY: Outcome = {
  type: 'failed',
  error: { kind: 'changed', message: 'an interrupted run left it half-way', hint: 'sync first, and then repair' },
};

/** Those that hold what they held. No copy goes before the other one is seen to be there. */
async function readAgain(
  storage: Storage,
  collection: Href,
  items: readonly SeenItem[],
): Promise<ReadonlyMap<Href, FetchedItem>> {
  const fingerprints = new Map(items.map(({ href, fingerprint }) => [href, fingerprint]));
  const same = new Map<Href, FetchedItem>();
  for await (const fetched of storage.fetch(collection, [...fingerprints.keys()])) {
    if (fetched.type !== 'item' || fetched.item.fingerprint !== fingerprints.get(fetched.href)) continue;
    same.set(fetched.href, fetched);
  }
  return same;
}

/** Foreign text, for a person who asked to see it. */
async function compare(
  storage: Storage,
  collection: Href,
  items: readonly SeenItem[],
): Promise<readonly (readonly [Href, readonly Difference[]])[]> {
  const read = await attempt(readAgain(storage, collection, items));
  // What they are called was seen, and is told all the same.
  if (read instanceof StorageError) return [];
  const [first, ...others] = items.flatMap(({ href }) => read.get(href) ?? []);
  if (first === undefined) return [];
  return others.map(({ href, item }) => [href, describeDifferences(storage.kind, first.item.text, item.text)]);
}

function intention(
  { storage, keepHistory }: RepairTerms,
  { side }: UsedMapping,
  { href, item }: FetchedItem,
  verb: Intent['verb'],
): StatusChange {
  const { ident, fingerprint, text } = item;
  const after = verb === 'delete' ? undefined : fingerprint;
  const summary = summarize(text, storage.kind);
  return {
    type: 'intend',
    intent: { ident, side, verb, href, fingerprint: after, source: undefined },
    destroys: keepHistory ? [{ ident, side, href, text, fingerprint, reason: 'repaired', summary }] : [],
  };
}

function withUid({ item }: FetchedItem, { kind }: Storage, uid: string): FetchedItem['item'] {
  const read = readItem(assignUid(item.text, kind, uid), kind);
  if (read.type === 'item' && read.item.ident === uid) return read.item;
  throw new Error('this should not happen: an item that was given a UID does not have it');
}
