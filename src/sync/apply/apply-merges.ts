import { summarize } from '../../content/summary.ts';
import { certainlyNotDone, StorageError } from '../../model/errors.ts';
import type { FetchedItem } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import type { Version } from '../../reconcile/facts.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { StatusChange } from '../../status/status.ts';
import type { Written } from '../../storage/storage.ts';
import { attempt, reportOf } from '../error-report.ts';
import type { Outcome } from '../events.ts';
import { UNSEEN } from '../observe/unseen.ts';
import { type Applied, empty, fill, type ToldAction, type ToldWrite } from './applied.ts';
import { dropCheckpoints } from './drop-checkpoints.ts';
import { textOf } from './ensure-texts.ts';
import { flushSides } from './flush.ts';
import type { MappingWork } from './mapping-work.ts';
import type { WriteAction } from './write-item.ts';

export type MergeAction = Extract<ItemAction, { type: 'merge' }>;

export interface ToldMerge extends ToldAction {
  readonly action: MergeAction;
}

/**
 * The first half of each merge: a gets the merged text in place of its version, and the status learns that b's version
 * was seen. From then on it is a's edit that goes to b, in this run or, should this one end, in the next. Answers those
 * second halves; `ended` is told how each went for which there is none.
 */
export async function applyMerges(
  work: MappingWork,
  merges: readonly ToldMerge[],
  applied: Applied,
  ended: (merge: ToldMerge, outcome: Outcome) => void,
): Promise<readonly ToldWrite[]> {
  if (merges.length === 0) return [];
  const ready = merges.filter((each) => {
    const isReady = textOf(work, 'a', each.action.conflict.sides.a) !== undefined;
    if (!isReady) ended(each, OVERTAKEN);
    return isReady;
  });
  work.mapping.commit([...dropCheckpoints(work.mapping), ...ready.map(({ action }) => intention(work, action))]);
  const changes: StatusChange[] = [];
  const rest: ToldWrite[] = [];
  for (const each of ready) {
    const written = work.signal.aborted ? undefined : await attempt(writeToA(work, each.action));
    const { ident } = each.action;
    if (written === undefined) {
      changes.push({ type: 'not-done', ident });
    } else if (written instanceof StorageError) {
      // A write that may have been done keeps its intent: the next run looks (SR5).
      if (certainlyNotDone(written.kind)) changes.push({ type: 'not-done', ident });
      applied.tried.add('a');
      ended(each, outcomeOf(written));
    } else {
      applied.tried.add('a');
      changes.push(...(await secondHalf(work, each, written, applied, rest, ended)));
    }
  }
  await flushSides(work, new Set(applied.tried.has('a') ? ['a'] : []));
  work.mapping.commit(changes);
  return rest;
}

const OVERTAKEN: Outcome = { type: 'postponed', reason: 'it changed there meanwhile' };

function outcomeOf(error: StorageError): Outcome {
  return error.kind === 'changed' || error.kind === 'not-found'
    ? OVERTAKEN
    : { type: 'failed', error: reportOf(error) };
}

/** Without a source: what an interrupted run left there is a's edit, and never taken for what b has. */
function intention(work: MappingWork, { ident, item, conflict }: MergeAction): StatusChange {
  const { href } = conflict.sides.a;
  const intent = { ident, side: 'a', verb: 'update', href, fingerprint: item.fingerprint, source: undefined } as const;
  const destroyed = work.keepHistory ? [conflict.sides.a, ...conflict.surplus.a] : [];
  const destroys = destroyed.flatMap((version) => {
    const text = textOf(work, 'a', version)?.text ?? textOf(work, 'a', conflict.sides.a)?.text;
    if (text === undefined) return [];
    const { href: at, fingerprint } = version;
    const summary = summarize(text, work.kind);
    return [{ ident, side: 'a', href: at, text, fingerprint, reason: 'conflict', summary } as const];
  });
  return { type: 'intend', intent, destroys };
}

async function writeToA(work: MappingWork, { item, conflict }: MergeAction): Promise<Written> {
  const storage = work.storages.a;
  for (const version of conflict.surplus.a) await storage.delete(work.collections.a, version);
  return storage.update(work.collections.a, conflict.sides.a, item);
}

async function secondHalf(
  work: MappingWork,
  merge: ToldMerge,
  written: Written,
  applied: Applied,
  rest: ToldWrite[],
  ended: (merge: ToldMerge, outcome: Outcome) => void,
): Promise<readonly StatusChange[]> {
  const { ident, conflict } = merge.action;
  const { a, b } = conflict.sides;
  for (const { href } of [a, ...conflict.surplus.a]) empty(applied, 'a', href);
  fill(applied, 'a', written.href);
  const now = await versionAfter(work, merge.action, written);
  if (now === undefined) ended(merge, { type: 'postponed', reason: 'what was written could not be read back' });
  else rest.push({ ...merge, action: updateOfB(merge.action, now) });
  // As it was before, and unseen: the merged text is a's edit of it, and b's version is one that was seen.
  const before = { href: written.href, etag: UNSEEN, fingerprint: a.fingerprint };
  const base = textOf(work, 'b', b);
  return [
    { type: 'agree', agreement: { ident, sides: { a: before, b } }, base },
    { type: 'done', ident },
  ];
}

const updateOfB = ({ ident, conflict }: MergeAction, source: Version): WriteAction => ({
  type: 'update',
  ident,
  from: 'a',
  source,
  twins: [],
  target: conflict.sides.b,
  surplus: conflict.surplus.b,
  because: 'conflict',
});

/** What a holds now, whose text is kept for the second half; undefined where that is not known. */
async function versionAfter(work: MappingWork, { item }: MergeAction, written: Written): Promise<Version | undefined> {
  const { href, etag, holds } = written;
  if (holds === 'as-sent' && etag !== undefined) {
    work.texts.keep('a', href, item);
    return { href, etag, fingerprint: item.fingerprint };
  }
  const now = await attempt(readAt(work, href));
  if (now === undefined || now instanceof StorageError || (etag !== undefined && now.etag !== etag)) return undefined;
  work.texts.keep('a', href, now.item);
  return { href, etag: now.etag, fingerprint: now.item.fingerprint };
}

async function readAt(work: MappingWork, href: Href): Promise<FetchedItem | undefined> {
  for await (const fetched of work.storages.a.fetch(work.collections.a, [href])) {
    if (fetched.type === 'item') return fetched;
  }
  return undefined;
}
