import { SIDES, type Side } from '../../model/sides.ts';
import type { OpenConflict } from '../../sync/conflict-settler.ts';
import type { PlannedAction, SyncEvent } from '../../sync/events.ts';
import type { PairSetup, RunContext, RunOptions } from '../../sync/pair-setup.ts';
import { syncPair } from '../../sync/sync-pair.ts';
import { nameOf, placeOf } from '../reporters/sentences.ts';

/** What is in conflict in a pair at one moment. */
export interface ConflictLook {
  readonly conflicts: readonly OpenConflict[];
  /** What conflicts are called of which a version could not be read. */
  readonly unread: readonly string[];
  /** Sides that take no writes. */
  readonly readOnly: ReadonlySet<Side>;
  /** Something could not be looked at, which was told. */
  readonly failed: boolean;
}

/** Collects the open conflicts of a pair with both versions of each. Writes to no storage, and settles nothing. */
export async function lookForConflicts(
  setup: PairSetup,
  options: RunOptions,
  context: RunContext,
): Promise<ConflictLook> {
  const conflicts: OpenConflict[] = [];
  const names = new Map<string, string>();
  let failed = false;
  const tell = (event: SyncEvent): void => {
    if (event.type === 'plan') {
      for (const action of event.actions()) {
        if (action.verb !== 'conflict') continue;
        names.set(keyOfAction(action), `${placeOf(setup.name, action.collection)}: ${nameOf(action)}`);
      }
    } else if (event.type === 'failure' || event.type === 'log') context.tell(event);
    failed ||= event.type === 'failure';
  };
  const ask: RunOptions['ask'] = async (conflict) => {
    conflicts.push(conflict);
    return undefined;
  };
  await syncPair(setup, { ...options, dryRun: true, ask }, { ...context, tell });
  context.signal.throwIfAborted();
  for (const conflict of conflicts) names.delete(keyOf(conflict));
  return {
    conflicts,
    unread: [...names.values()],
    readOnly: new Set(SIDES.filter((side) => setup.storages[side].storage.access === 'read-only')),
    failed,
  };
}

/** What tells a conflict from the others of its pair. */
export const keyOf = (conflict: OpenConflict): string =>
  JSON.stringify([conflict.collection, conflict.type, conflict.type === 'item' ? conflict.ident : conflict.name]);

/** The same, of what a run tells about it. */
export function keyOfAction({ collection, subject }: Pick<PlannedAction, 'collection' | 'subject'>): string {
  if (subject.type === 'item') return JSON.stringify([collection, 'item', subject.ident]);
  return JSON.stringify([collection, subject.type, subject.type === 'property' ? subject.name : '']);
}
