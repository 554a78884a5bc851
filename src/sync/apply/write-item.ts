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
  /** Somebody was there first; nothing of ours was done. */
  | { readonly type: 'overtaken'; readonly reason: string }
  /** `done` says whether it may have been done after all. */
  | { readonly type: 'failed'; readonly error: StorageError; readonly done: 'no' | 'perhaps' };

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
  const { action } = write;
  if (action.type === 'create') return create(work, write, write.intent.href, 1);
  const { side } = write.intent;
  // Surplus copies first: should we be stopped between, what remains is the plain case again (SI10).
  for (const version of [...action.surplus, ...(action.type === 'delete' ? [action.target] : [])]) {
    const result = await attempt(work.storages[side].delete(work.collections[side], version));
    if (result instanceof StorageError) return failure(result);
  }
  if (action.type === 'delete') return { type: 'deleted' };
  const item = itemOf(write);
  const written = await attempt(work.storages[side].update(work.collections[side], action.target, item));
  return written instanceof StorageError ? failure(written) : { type: 'written', item, written };
}

async function create(work: MappingWork, write: PreparedWrite, href: Href, nth: number): Promise<WriteResult> {
  const { side, source } = write.intent;
  const collection = work.collections[side];
  const item = itemOf(write);
  const written = await attempt(work.storages[side].create(collection, href, item));
  if (!(written instanceof StorageError)) return { type: 'written', item, written };
  if (written.kind !== 'already-exists' || source === undefined) return failure(written);

  const there = await whatIsAt(work, side, href);
  if (there instanceof StorageError) return failure(there);
  // A reply of ours may have been lost, or somebody had the same idea: what is equal need not be written.
  if (there?.ident === item.ident) {
    if (there.fingerprint !== item.fingerprint) return { type: 'overtaken', reason: 'it was created there meanwhile' };
    return { type: 'written', item, written: { href, etag: undefined, holds: 'unknown' } };
  }
  if (nth >= NAMES_TRIED) return failure(written);
  const next = nameFor(work, side, item, source.href, nth);
  const intent = { ...write.intent, href: next };
  work.mapping.commit([{ type: 'intend', intent, destroys: [] }]);
  return create(work, { ...write, intent }, next, nth + 1);
}

async function whatIsAt(work: MappingWork, side: Side, href: Href): Promise<Item | undefined | StorageError> {
  const read = async (): Promise<Item | undefined> => {
    for await (const fetched of work.storages[side].fetch(work.collections[side], [href])) {
      if (fetched.type === 'item') return fetched.item;
    }
    return undefined;
  };
  return attempt(read());
}

function itemOf(write: PreparedWrite): Item {
  if (write.item === undefined) throw new Error('this should not happen: a write without an item');
  return write.item;
}

function failure(error: StorageError): WriteResult {
  if (error.kind === 'changed' || error.kind === 'not-found') {
    return { type: 'overtaken', reason: 'it changed there meanwhile' };
  }
  return { type: 'failed', error, done: certainlyNotDone(error.kind) ? 'no' : 'perhaps' };
}
