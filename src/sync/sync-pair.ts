import type { Collection } from '../model/collection.ts';
import { StatusError, StorageError } from '../model/errors.ts';
import { mapSides, SIDES, type Side } from '../model/sides.ts';
import { forgotten, type Mapping, mappingsOf } from '../reconcile/mappings.ts';
import type { Waiting } from '../status/status.ts';
import { openSpool, type Spool, SpoolError } from '../system/spool.ts';
import { applyMapping } from './apply/apply-mapping.ts';
import { collectionHolds } from './apply/waiting-things.ts';
import { attempt, reportOf } from './error-report.ts';
import type { PlannedAction, Summary } from './events.ts';
import { discoverSides } from './observe/discover-sides.ts';
import { LookFailed } from './observe/observe.ts';
import type { PairSetup, RunContext, RunOptions } from './pair-setup.ts';
import { type MappingPlan, planMapping } from './plan/plan-mapping.ts';
import { plannedProperty } from './plan/planned-action.ts';
import { bySideAsync } from './side-by-side.ts';
import { Tally } from './tally.ts';

/**
 * One run of a pair: observe, reconcile, apply, report. What fails with an item or a collection is told and counted;
 * throws `StatusError` where the status cannot be kept, and what is a bug.
 */
export async function syncPair(setup: PairSetup, options: RunOptions, context: RunContext): Promise<Summary> {
  const { status, clock, tell } = context;
  const begun = clock.now();
  tell({ type: 'run-begins', pair: setup.name });
  const tally = new Tally();
  const run = options.dryRun ? undefined : status.beginRun();
  const spool = openSpool();
  try {
    await runPair({ setup, options, context, tally, spool, readOnly: readOnlySides(setup), wholes: [] });
  } catch (problem) {
    const error = problem instanceof SpoolError ? noRoom(problem) : problem;
    if (run !== undefined) {
      status.endRun(run, { outcome: 'failed', details: error instanceof Error ? error.message : String(error) });
    }
    throw error;
  } finally {
    spool.close();
  }
  const summary = summaryOf(setup, options, tally, context, clock.now() - begun);
  if (run !== undefined) {
    status.pruneHistory(setup.historyS);
    status.endRun(run, { outcome: summary.outcome, details: JSON.stringify(summary) });
  }
  tell({ type: 'summary', pair: setup.name, summary });
  return summary;
}

/** Without room for what was read nothing can be decided; nothing was written of what is not recorded. */
const noRoom = (error: SpoolError): StatusError =>
  new StatusError(error.message, {
    hint: 'make room there, or point TMPDIR at a directory that has some',
    cause: error,
  });

interface Run {
  readonly setup: PairSetup;
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly tally: Tally;
  readonly spool: Spool;
  readonly readOnly: ReadonlySet<Side>;
  /** Sides, and collections, that could not be synced at all, or are held and have no row of their own yet. */
  readonly wholes: Waiting[];
}

async function runPair(run: Run): Promise<void> {
  const { setup, options, context, tally } = run;
  const facts = await discoverSides(setup, options, context, (side, error) => fail(run, undefined, side, error));
  if (facts === undefined) {
    rememberWholes(run, new Set());
    return;
  }
  const mappings = mappingsOf(facts, setup.rules);
  const plans = await planAll(
    run,
    mappings.filter(({ name }) => options.only?.has(name) !== false),
  );
  run.wholes.push(...plans.flatMap(heldWithoutRow));
  rememberWholes(run, options.only);
  const actions = (): readonly PlannedAction[] => plans.flatMap((plan) => toldActions(plan, setup));
  context.tell({ type: 'plan', pair: setup.name, actions });
  if (options.dryRun) {
    for (const action of actions()) countPlanned(tally, action);
    return;
  }
  if (options.confirm !== undefined && !(await options.confirm(actions()))) return;
  // A person who settles conflicts wants nothing else done.
  for (const plan of plans.filter(({ decision }) => options.ask === undefined || decision.type === 'sync')) {
    if (context.signal.aborted) return;
    await applyOne(run, plan);
  }
  rememberWholes(run, options.only);
  if (options.only === undefined && options.ask === undefined)
    for (const known of forgotten(facts, mappings)) context.status.forgetMapping(known.id); // SC5
}

async function planAll(run: Run, mappings: readonly Mapping[]): Promise<readonly MappingPlan[]> {
  const plans: MappingPlan[] = [];
  for (const mapping of mappings) {
    if (run.context.signal.aborted) break;
    const plan = await planOne(run, mapping);
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}

/** Undefined where a side could not be listed: nothing is done with the mapping, and that is told (SL2). */
async function planOne(run: Run, mapping: Mapping): Promise<MappingPlan | undefined> {
  const { setup, options, context, readOnly, spool } = run;
  try {
    const now = context.clock.now();
    const settlers = {
      pair: setup.name,
      ways: setup.rules.conflictResolution,
      ask: options.ask,
      runResolver: options.dryRun ? undefined : context.runResolver,
      again: options.retryFailed,
      signal: context.signal,
    };
    return await planMapping({ setup, options, readOnly, status: context.status, spool, settlers, now }, mapping);
  } catch (error) {
    if (!(error instanceof LookFailed)) throw error;
    fail(run, mapping.name, error.side, error.error);
    return undefined;
  }
}

/**
 * What others changed while we were at it is looked at once more, and so is a collection that was brought back. A
 * person who confirmed one plan gets no other for what others changed.
 */
async function applyOne(run: Run, plan: MappingPlan): Promise<void> {
  const { tally, context, options } = run;
  const before = tally.postponed;
  const became = await applyMapping({ ...run, now: context.clock.now() }, plan);
  if (context.signal.aborted) return;
  const overtaken = tally.postponed > before && options.confirm === undefined && plan.decision.type === 'sync';
  const mapping = became ?? (overtaken ? plan.mapping : undefined);
  if (mapping === undefined) return;
  const known = context.status
    .mappings()
    .find(({ hrefs }) => SIDES.every((side) => mapping.sides[side]?.href === hrefs[side]));
  const sides = await bySideAsync((side) => findAgain(run, mapping, side));
  if (sides.a === undefined || sides.b === undefined) return;
  const again = await planOne(run, { ...mapping, sides, known });
  if (again === undefined) return;
  tally.postponed = before;
  await applyMapping({ ...run, now: context.clock.now() }, again);
}

/** Its version and its properties are not those of the beginning of the run any more. */
async function findAgain(run: Run, mapping: Mapping, side: Side): Promise<Collection | undefined> {
  const collection = mapping.sides[side];
  if (collection === undefined) return undefined;
  const found = await attempt(run.setup.storages[side].storage.find(collection.href));
  return found instanceof StorageError ? undefined : found;
}

function fail(run: Run, collection: string | undefined, side: Side, error: unknown): void {
  const report = reportOf(error);
  run.tally.failures += 1;
  const subject = collection ?? '';
  run.wholes.push({ type: 'failed', subject, side, summary: '', reason: report.message, versions: NONE });
  run.context.tell({ type: 'failure', pair: run.setup.name, collection, side, error: report });
}

/** A collection that was never synced, and is not to be yet, is remembered by its name. */
const heldWithoutRow = (plan: MappingPlan): readonly Waiting[] =>
  plan.status.id >= 0 ? [] : collectionHolds(plan).map((hold) => ({ ...hold, subject: plan.mapping.name }));

/** What waits as a whole stays known until a run that concerned it went well. `concerned`: undefined: all of the pair. */
function rememberWholes({ options, context, wholes }: Run, concerned: ReadonlySet<string> | undefined): void {
  if (options.dryRun) return;
  const others = context.status
    .waiting()
    .filter(({ subject }) => subject !== '' && concerned !== undefined && !concerned.has(subject));
  context.status.wait([...others, ...wholes]);
}

function toldActions(plan: MappingPlan, setup: PairSetup): readonly PlannedAction[] {
  const names = mapSides(setup.storages, ({ name }) => name);
  return [
    ...plan.collections,
    ...plan.items.map(plan.told),
    ...plan.properties.map((action) => plannedProperty(plan.mapping.name, action, names)),
  ];
}

/** In a dry run nothing is done; what would wait for a person is counted all the same. */
function countPlanned(tally: Tally, action: PlannedAction): void {
  if (action.verb === 'conflict') tally.conflicts += 1;
  else if (action.verb === 'hold')
    tally.count(action, { type: 'held', reason: action.reason ?? '', waits: action.waits });
}

function readOnlySides(setup: PairSetup): ReadonlySet<Side> {
  return new Set(SIDES.filter((side) => setup.storages[side].storage.access === 'read-only'));
}

function summaryOf(
  setup: PairSetup,
  options: RunOptions,
  tally: Tally,
  context: RunContext,
  milliseconds: number,
): Summary {
  const traffic = mapSides(setup.storages, ({ storage }) => storage.traffic());
  return {
    outcome: tally.outcome(context.signal.aborted),
    dryRun: options.dryRun,
    ...tally.counts(),
    requests: mapSides(traffic, ({ requests }) => requests),
    bytesSent: mapSides(traffic, ({ bytesSent }) => bytesSent),
    bytesReceived: mapSides(traffic, ({ bytesReceived }) => bytesReceived),
    milliseconds,
  };
}

const NONE = { a: undefined, b: undefined };
