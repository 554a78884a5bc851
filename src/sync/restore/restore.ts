import type { Href } from '../../model/names.ts';
import { SIDES, type Side, type Sides } from '../../model/sides.ts';
import { type Mapping, mappingsOf } from '../../reconcile/mappings.ts';
import { openSpool } from '../../system/spool.ts';
import { reportOf } from '../error-report.ts';
import type { ErrorReport, Outcome, PlannedAction, SyncEvent } from '../events.ts';
import { discoverSides } from '../observe/discover-sides.ts';
import { LookFailed, type Observation } from '../observe/observe.ts';
import type { PairSetup, RunContext, RunOptions } from '../pair-setup.ts';
import { type MappingPlan, type PlanTerms, planMapping } from '../plan/plan-mapping.ts';
import { decideRestore, type Restorable } from './restore-decision.ts';
import { restoreOnSide, type WantedVersion } from './restore-write.ts';

/** What came of it. The run that takes what was written to the other sides is the caller's. */
export interface RestoreResult {
  /** Collections of which a side holds now what was wanted. */
  readonly collections: ReadonlySet<string>;
  readonly failed: number;
}

/**
 * Writes each version where a user would: on the side that it comes from, or on the other one where that takes no
 * writes, and only over what is there at this moment, which goes to the history first (SR4). A version whose item is
 * gone is created again. At most one version an item. What fails with one is told and counted; one that is there
 * already is told as `record`. `dryRun`: a plan is told, and nothing is done. Throws `StatusError`.
 *
 * A collection that an ordinary run would hold is refused: what comes back would tell the guards that all is well.
 */
export async function restoreVersions(
  setup: PairSetup,
  versions: readonly Restorable[],
  dryRun: boolean,
  context: RunContext,
): Promise<RestoreResult> {
  let failed = 0;
  const tell = (event: SyncEvent): void => {
    if (event.type === 'failure' || (event.type === 'action' && isBad(event.outcome))) failed += 1;
    context.tell(event);
  };
  const restoring: Restoring = { setup, dryRun, context: { ...context, tell }, planned: [], collections: new Set() };
  const spool = openSpool();
  try {
    const facts = await discoverSides(setup, LOOKING, context, (side, error) =>
      tell({ type: 'failure', pair: setup.name, collection: undefined, side, error: reportOf(error) }),
    );
    if (facts !== undefined) {
      const mappings = new Map(mappingsOf(facts, setup.rules).map((mapping) => [mapping.name, mapping]));
      const readOnly = new Set(SIDES.filter((side) => setup.storages[side].storage.access === 'read-only'));
      for (const [name, mine] of byCollection(versions)) {
        if (context.signal.aborted) break;
        const now = context.clock.now();
        const { status } = context;
        const terms = { setup, options: LOOKING, readOnly, status, spool, settlers: undefined, now };
        const problem = await restoreInto(restoring, terms, mappings.get(name), mine);
        if (problem === undefined) continue;
        tell({ type: 'failure', pair: setup.name, collection: name, side: undefined, error: problem });
      }
    }
  } finally {
    spool.close();
  }
  if (dryRun) context.tell({ type: 'plan', pair: setup.name, actions: () => restoring.planned });
  return { collections: restoring.collections, failed };
}

/** Nothing that the guards hold is lifted, and nothing is made. */
const LOOKING: RunOptions = {
  dryRun: true,
  full: false,
  allow: { empty: false, delete: false, rollback: false },
  retryFailed: false,
  only: undefined,
  confirm: undefined,
};

interface Restoring {
  readonly setup: PairSetup;
  readonly dryRun: boolean;
  readonly context: RunContext;
  readonly planned: PlannedAction[];
  readonly collections: Set<string>;
}

const isBad = ({ type }: Outcome): boolean => type === 'failed' || type === 'postponed';

function byCollection(versions: readonly Restorable[]): ReadonlyMap<string, readonly Restorable[]> {
  const grouped = new Map<string, Restorable[]>();
  for (const version of versions) {
    const others = grouped.get(version.collection);
    if (others === undefined) grouped.set(version.collection, [version]);
    else others.push(version);
  }
  return grouped;
}

/** Answers why nothing can be restored into the collection, where nothing can. */
async function restoreInto(
  restoring: Restoring,
  terms: PlanTerms,
  mapping: Mapping | undefined,
  versions: readonly Restorable[],
): Promise<ErrorReport | undefined> {
  const { a, b } = mapping?.sides ?? { a: undefined, b: undefined };
  if (mapping === undefined || a === undefined || b === undefined) {
    const hint = 'with --to FILE, restore writes a version to a file instead';
    return { kind: 'not-found', message: 'nothing can be restored: the collection is gone', hint };
  }
  const plan = await planOrFailure(terms, mapping);
  if (plan instanceof LookFailed) return reportOf(plan.error);
  const hold = plan.collections.find(({ verb }) => verb === 'hold');
  if (hold !== undefined || plan.observation === undefined) {
    const message = `nothing is restored while the collection is held: ${hold?.reason ?? ''}`;
    return { kind: 'changed', message, hint: 'settle that first, and then restore' };
  }
  const hrefs = { a: a.href, b: b.href };
  await restoreObserved(restoring, { plan, observation: plan.observation, hrefs }, versions);
  return undefined;
}

async function planOrFailure(terms: PlanTerms, mapping: Mapping): Promise<MappingPlan | LookFailed> {
  try {
    return await planMapping(terms, mapping);
  } catch (error) {
    if (error instanceof LookFailed) return error;
    throw error;
  }
}

interface Observed {
  readonly plan: MappingPlan;
  readonly observation: Observation;
  readonly hrefs: Sides<Href>;
}

async function restoreObserved(
  { setup, context, dryRun, collections, planned }: Restoring,
  { plan, observation, hrefs }: Observed,
  versions: readonly Restorable[],
): Promise<void> {
  const { name } = plan.mapping;
  const ended = (version: Restorable, side: Side, verb: PlannedAction['verb'], outcome: Outcome): void => {
    if (outcome.type === 'done') collections.add(name);
    const action = toldRestore(version, side, verb);
    if (dryRun && outcome.type === 'done') planned.push(action);
    else context.tell({ type: 'action', pair: setup.name, action, outcome });
  };
  const wanted: Sides<WantedVersion[]> = { a: [], b: [] };
  for (const version of versions) {
    const decision = decideRestore(version, setup, plan, observation);
    if (decision.type === 'write') wanted[decision.side].push({ version, item: decision.item, now: decision.now });
    else ended(version, version.side, 'update', { type: 'failed', error: decision.error });
  }
  for (const side of SIDES) {
    await restoreOnSide(
      {
        side,
        storage: setup.storages[side].storage,
        collection: hrefs[side],
        // The row of a mapping that was forgotten is made again.
        mapping: dryRun ? undefined : context.status.mapping(name, hrefs),
        keepHistory: setup.historyS > 0,
        signal: context.signal,
        ended: (version, verb, outcome) => ended(version, side, verb, outcome),
        unsaved: (error) =>
          context.tell({ type: 'failure', pair: setup.name, collection: name, side, error: reportOf(error) }),
      },
      wanted[side],
    );
  }
}

function toldRestore(
  { collection, ident, summary }: Restorable,
  side: Side,
  verb: PlannedAction['verb'],
): PlannedAction {
  const subject = { type: 'item', ident, summary: () => summary } as const;
  const reason = verb === 'record' ? 'it is so already' : 'restored';
  return { collection, subject, verb, side, reason, waits: false };
}
