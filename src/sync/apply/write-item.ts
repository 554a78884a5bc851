import { summarize } from '../../content/summary.ts';
import { certainlyNotDone, StorageError } from '../../model/errors.ts';
import type { Item } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import { otherSide, type Side } from '../../model/sides.ts';
import type { Version } from '../../reconcile/facts.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { HistoryEntry, HistoryReason, Intent } from '../../status/status.ts';
import type { Written } from '../../storage/storage.ts';
import { attempt } from '../error-report.ts';
import { destroyedBy, destroyedText, textOf } from './ensure-texts.ts';
import { explainRefusal } from './explain-refusal.ts';
import type { MappingWork } from './mapping-work.ts';

/** The actions that write to a storage. */
export type WriteAction = Extract<ItemAction, { type: 'create' | 'update' | 'delete' }>;

/** A write with all that it needs, and what the status must know before it begins (SR4). */
export interface PreparedWrite {
  readonly action: WriteAction;
  /** What is written; undefined for a deletion. */
  readonly item: Item | undefined;
  readonly intent: Intent;
  readonly destroys: readonly HistoryEntry[];
}

export type WriteResult =
  | { readonly type: 'written'; readonly item: Item; readonly written: Written }
  | { readonly type: 'deleted' }
  /** Somebody was there first; nothing of ours was done, but that copies beside the target are gone. */
  | { readonly type: 'overtaken'; readonly reason: string; readonly removed: readonly Version[] }
  /** `done` says whether it may have been done after all. */
  | {
      readonly type: 'failed';
      readonly error: StorageError;
      readonly done: 'no' | 'perhaps';
      readonly removed: readonly Version[];
    };

/** Undefined where a text that is needed is not to be had any more: the storage moved on meanwhile. */
export function prepareWrite(work: MappingWork, action: WriteAction): PreparedWrite | undefined {
  const destroys = destroyedEntries(work, action);
  if (destroys === undefined) return undefined;
  const { ident } = action;
  if (action.type === 'delete') {
    const { side, target } = action;
    const intent = {
      ident,
      side,
      verb: 'delete',
      href: target.href,
      fingerprint: undefined,
      source: undefined,
    } as const;
    return { action, item: undefined, intent, destroys };
  }
  const { from, source } = action;
  const item = textOf(work, from, source);
  if (item === undefined) return undefined;
  const side = otherSide(from);
  const href = action.type === 'update' ? action.target.href : nameFor(work, side, item, source.href, 0);
  const intent = { ident, side, verb: action.type, href, fingerprint: item.fingerprint, source };
  return { action, item, intent, destroys };
}

/** What the write destroys; undefined where a text of it cannot be had, so that it must not be destroyed. */
function destroyedEntries(work: MappingWork, action: WriteAction): readonly HistoryEntry[] | undefined {
  if (!work.keepHistory) return [];
  const entries: HistoryEntry[] = [];
  for (const need of destroyedBy(action)) {
    const text = destroyedText(work, action, need);
    if (text === undefined) return undefined;
    const { side, version } = need;
    const { href, fingerprint } = version;
    const reason = reasonOf(action, version);
    entries.push({ ident: action.ident, side, href, text, fingerprint, reason, summary: summarize(text, work.kind) });
  }
  return entries;
}

function reasonOf(action: WriteAction, version: Version): HistoryReason {
  if (action.type === 'create') return 'replaced';
  if (version !== action.target) return 'surplus';
  if (action.because === 'one-way') return 'undone';
  if (action.because === 'conflict') return 'conflict';
  return action.type === 'delete' ? 'deleted' : 'replaced';
}

/** A creation that was interrupted goes to the address that it had (SR5). */
function nameFor(work: MappingWork, side: Side, item: Item, like: Href, nth: number): Href {
  const intended = work.intendedHrefs.get(item.ident);
  if (nth === 0 && intended?.side === side) return intended.href;
  return work.storages[side].nameFor(work.collections[side], item, like, nth);
}

/** How many names are tried before an item without a free one counts as failed (SI15). */
const NAMES_TRIED = 5;

/** Does a prepared write whose intent is in the status. */
export async function performWrite(work: MappingWork, write: PreparedWrite): Promise<WriteResult> {
  const removed: Version[] = [];
  try {
    return await (write.action.type === 'create' ? create(work, write) : replace(work, write, write.action, removed));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return failure(await explainRefusal(error, write.item, work.kind), removed);
  }
}

async function replace(
  work: MappingWork,
  write: PreparedWrite,
  action: Exclude<WriteAction, { type: 'create' }>,
  removed: Version[],
): Promise<WriteResult> {
  const { side } = write.intent;
  const storage = work.storages[side];
  const collection = work.collections[side];
  // Surplus copies first: should we be stopped between, what remains is the plain case again (SI10).
  for (const version of action.surplus) {
    await storage.delete(collection, version);
    removed.push(version);
  }
  if (action.type === 'delete') {
    await storage.delete(collection, action.target);
    return { type: 'deleted' };
  }
  const item = itemOf(write);
  return { type: 'written', item, written: await storage.update(collection, action.target, item) };
}

async function create(work: MappingWork, write: PreparedWrite): Promise<WriteResult> {
  const { side, source } = write.intent;
  const storage = work.storages[side];
  const collection = work.collections[side];
  const item = itemOf(write);
  let { href } = write.intent;
  for (let nth = 1; ; nth += 1) {
    const written = await attempt(storage.create(collection, href, item));
    if (!(written instanceof StorageError)) return { type: 'written', item, written };
    if (written.kind !== 'already-exists' || source === undefined) throw written;
    const there = await whatIsAt(work, side, href);
    // A reply of ours may have been lost, or somebody had the same idea: what is equal need not be written.
    if (there?.ident === item.ident) {
      if (there.fingerprint !== item.fingerprint)
        return { type: 'overtaken', reason: 'it was created there meanwhile', removed: [] };
      return { type: 'written', item, written: { href, etag: undefined, holds: 'unknown' } };
    }
    if (nth >= NAMES_TRIED) throw written;
    href = nameFor(work, side, item, source.href, nth);
    work.mapping.commit([{ type: 'intend', intent: { ...write.intent, href }, destroys: [] }]);
  }
}

async function whatIsAt(work: MappingWork, side: Side, href: Href): Promise<Item | undefined> {
  for await (const fetched of work.storages[side].fetch(work.collections[side], [href])) {
    if (fetched.type === 'item') return fetched.item;
  }
  return undefined;
}

function itemOf(write: PreparedWrite): Item {
  if (write.item === undefined) throw new Error('this should not happen: a write without an item');
  return write.item;
}

function failure(error: StorageError, removed: readonly Version[]): WriteResult {
  if (error.kind === 'changed' || error.kind === 'not-found') {
    return { type: 'overtaken', reason: 'it changed there meanwhile', removed };
  }
  return { type: 'failed', error, done: certainlyNotDone(error.kind) ? 'no' : 'perhaps', removed };
}
