import { unreachable } from '../../model/errors.ts';
import { otherSide, SIDES, type Side } from '../../model/sides.ts';
import type { Version } from '../../reconcile/facts.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { Intent, StatusChange } from '../../status/status.ts';
import { forEachAtOnce } from '../../system/pool.ts';
import { reportOf } from '../error-report.ts';
import type { Outcome, PlannedAction } from '../events.ts';
import { type Applied, empty, fill, nothingApplied, type ToldWrite } from './applied.ts';
import { applyMerges, type ToldMerge } from './apply-merges.ts';
import { dropCheckpoints } from './drop-checkpoints.ts';
import { destroyedBy, ensureTexts, sourcesOf } from './ensure-texts.ts';
import { failedThing, versionsOf } from './failed-thing.ts';
import { FailureCount } from './failure-count.ts';
import { flushSides } from './flush.ts';
import type { MappingWork } from './mapping-work.ts';
import { type PreparedWrite, performWrite, prepareWrite, type WriteAction, type WriteResult } from './write-item.ts';

/** How many writes share a transaction of intents and one of agreements. */
const BATCH = 200;

/** How many agreements that need no write share a transaction; each keeps its text in memory until then. */
const RECORDS = 2000;

/**
 * Runs a plan's item actions: the status is told before each write and after it (SR4), in batches. Throws only what
 * ends the pair; what fails with an item is told and counted (SR6).
 */
export async function applyItems(work: MappingWork, actions: readonly ItemAction[]): Promise<Applied> {
  const applied = nothingApplied();
  const writes: WriteAction[] = [];
  const merges: ToldMerge[] = [];
  const records: RecordAction[] = [];
  // Last: a run that dies must leave no mapping without agreements, in which what only one side has is kept (SG4).
  const forgets: StatusChange[] = [];
  for (const action of actions) {
    switch (action.type) {
      case 'create':
      case 'update':
      case 'delete':
        writes.push(action);
        break;
      case 'record':
        records.push(action);
        end(work, work.told(action), { type: 'done' });
        break;
      case 'forget':
        forgets.push({ type: 'forget', ident: action.ident });
        end(work, work.told(action), { type: 'done' });
        break;
      case 'merge':
        merges.push({ action, told: work.told(action) });
        break;
      case 'hold': {
        const told = work.told(action);
        end(work, told, { type: 'held', reason: told.reason ?? '', waits: told.waits });
        break;
      }
      case 'conflict':
        work.tally.conflicts += 1;
        break;
      default:
        unreachable(action);
    }
  }
  for (let start = 0; start < records.length; start += RECORDS) {
    const changes = records.slice(start, start + RECORDS).map((action) => recording(work, action));
    work.mapping.commit([...dropCheckpoints(work.mapping), ...changes]);
  }
  const halves = await applyMerges(work, merges, applied, ({ told }, outcome) => end(work, told, outcome));
  const failing = new FailureCount();
  for (let start = 0; start < writes.length && !work.signal.aborted; start += BATCH) {
    const batch = writes.slice(start, start + BATCH).map((action) => ({ action, told: work.told(action) }));
    await applyBatch(work, batch, applied, failing);
  }
  for (let start = 0; start < halves.length && !work.signal.aborted; start += BATCH) {
    await applyBatch(work, halves.slice(start, start + BATCH), applied, failing);
  }
  if (forgets.length > 0) work.mapping.commit([...dropCheckpoints(work.mapping), ...forgets]);
  return applied;
}

type RecordAction = Extract<ItemAction, { type: 'record' }>;

function recording(work: MappingWork, action: RecordAction): StatusChange {
  const { ident, sides } = action;
  const item =
    work.texts.get('a', sides.a.href, sides.a.fingerprint) ?? work.texts.get('b', sides.b.href, sides.b.fingerprint);
  return { type: 'agree', agreement: { ident, sides }, base: item };
}

interface BegunWrite {
  readonly write: PreparedWrite;
  readonly told: PlannedAction;
}

async function applyBatch(
  work: MappingWork,
  batch: readonly ToldWrite[],
  applied: Applied,
  failing: FailureCount,
): Promise<void> {
  const remembered = new Map(
    work.mapping.waiting().flatMap((each) => (each.type === 'failed' ? [[each.subject, each]] : [])),
  );
  const writes: BegunWrite[] = [];
  const actions = batch.filter((each) => {
    const before = work.retryFailed ? undefined : remembered.get(each.action.ident);
    const versions = versionsOf(each.action);
    if (before === undefined || SIDES.some((side) => before.versions[side] !== versions[side])) return true;
    work.failed.push(before);
    end(work, each.told, { type: 'failed', error: { kind: 'rejected', message: before.reason, hint: undefined } });
    return false;
  });
  const prepared = await prepareAll(work, actions);
  for (const each of actions) {
    const write = prepared.get(each);
    if (write === undefined) {
      for (const { side, version } of sourcesOf(each.action)) applied.unread[side].add(version.href);
      end(work, each.told, { type: 'postponed', reason: 'it changed meanwhile' });
    } else writes.push({ write, told: each.told });
  }
  if (writes.length === 0) return;
  work.mapping.commit([
    ...dropCheckpoints(work.mapping),
    ...writes.map(({ write: { intent, destroys } }) => ({ type: 'intend', intent, destroys }) as const),
  ]);
  const changes: StatusChange[] = [];
  const dirty = new Set<Side>();
  const begun = new Set<PreparedWrite>();
  const perform = async ({ write, told }: BegunWrite): Promise<void> => {
    const { side } = write.intent;
    begun.add(write);
    if (failing.tooMany(side)) {
      changes.push({ type: 'not-done', ident: write.action.ident });
      end(work, told, { type: 'failed', error: failing.report(side) });
      return;
    }
    const result = await performWrite(work, write);
    dirty.add(side);
    applied.tried.add(side);
    failing.count(side, result);
    settle(work, write, told, result, changes, applied);
  };
  try {
    // One side after the other, each with as many at once as it gains from.
    for (const side of SIDES) {
      const here = writes.filter(({ write }) => write.intent.side === side);
      await forEachAtOnce(here, work.storages[side].concurrency, perform, work.signal);
    }
    for (const { write } of writes) {
      if (!begun.has(write)) changes.push({ type: 'not-done', ident: write.action.ident });
    }
  } finally {
    // What was done is recorded, whatever stopped the rest.
    await flushSides(work, dirty);
    if (changes.length > 0) work.mapping.commit(changes);
  }
}

/** What lacks nothing that it needs, maybe after that was read; most texts are at hand. */
async function prepareAll(
  work: MappingWork,
  actions: readonly ToldWrite[],
): Promise<ReadonlyMap<ToldWrite, PreparedWrite>> {
  const prepared = new Map<ToldWrite, PreparedWrite>();
  const isLacking = (each: ToldWrite): boolean => {
    const write = prepareWrite(work, each.action);
    if (write !== undefined) prepared.set(each, write);
    return write === undefined;
  };
  const lacking = actions.filter(isLacking);
  if (lacking.length === 0) return prepared;
  await ensureTexts(
    work,
    lacking.map(({ action }) => action),
  );
  lacking.forEach(isLacking);
  return prepared;
}

/** What a write's result means for the status, and for people. */
function settle(
  work: MappingWork,
  write: PreparedWrite,
  told: PlannedAction,
  result: WriteResult,
  changes: StatusChange[],
  applied: Applied,
): void {
  const { action, intent } = write;
  const { ident } = action;
  switch (result.type) {
    case 'deleted':
      for (const { side, version } of destroyedBy(action)) empty(applied, side, version.href);
      changes.push({ type: 'forget', ident }, { type: 'done', ident });
      end(work, told, { type: 'done' });
      return;
    case 'written': {
      const { source } = intent;
      if (source === undefined || action.type === 'delete') return;
      const { written, item } = result;
      fill(applied, intent.side, written.href);
      for (const { side, version } of destroyedBy(action)) empty(applied, side, version.href);
      if (written.holds === 'unknown' || written.etag === undefined) {
        applied.unverified.push({
          side: intent.side,
          source: action.source,
          hasTwins: action.twins.length > 0,
          item,
          written,
        });
      } else {
        const version = { href: written.href, etag: written.etag, fingerprint: item.fingerprint };
        const from = otherSide(intent.side);
        const sides = from === 'a' ? { a: action.source, b: version } : { a: version, b: action.source };
        changes.push({ type: 'agree', agreement: { ident, sides }, base: item }, { type: 'done', ident });
      }
      end(work, told, { type: 'done' });
      return;
    }
    case 'overtaken':
      changes.push(...takenBack(intent, result.removed, applied));
      // The target may not be there at all. Without an agreement, what we removed is not taken for a person's deletion.
      if (result.removed.length > 0) changes.push({ type: 'forget', ident });
      end(work, told, { type: 'postponed', reason: result.reason });
      return;
    case 'failed':
      // A write that may have been done keeps its intent: the next run looks (SR5).
      if (result.done === 'no') changes.push(...takenBack(intent, result.removed, applied));
      work.failed.push(failedThing(action, told, result.error));
      end(work, told, { type: 'failed', error: reportOf(result.error) });
      return;
    default:
      unreachable(result);
  }
}

/** A write that was not done; the history keeps what it removed before it came to that. */
function takenBack({ ident, side }: Intent, removed: readonly Version[], applied: Applied): readonly StatusChange[] {
  for (const { href } of removed) empty(applied, side, href);
  return [{ type: removed.length > 0 ? 'done' : 'not-done', ident }];
}

function end(work: MappingWork, action: PlannedAction, outcome: Outcome): void {
  work.tally.count(action, outcome);
  work.tell({ type: 'action', pair: work.pair, action, outcome });
}
