import type { Collection } from '../../model/collection.ts';
import { bySide, mapSides, type Side, type Sides } from '../../model/sides.ts';
import type { Mapping } from '../../reconcile/mappings.ts';
import type { PropertyAction } from '../../reconcile/properties.ts';
import type { MappingStatus, Waiting } from '../../status/status.ts';
import { reportOf } from '../error-report.ts';
import type { PlannedAction } from '../events.ts';
import type { Observation } from '../observe/observe.ts';
import type { MappingPlan } from '../plan/plan-mapping.ts';
import { planProperties } from '../plan/plan-properties.ts';
import { applyGone } from './apply-gone.ts';
import { applyProperties } from './apply-properties.ts';
import { createMissing } from './create-collections.ts';
import { type ApplyTerms, type MappingWork, workOf } from './mapping-work.ts';
import { runItems } from './run-items.ts';
import { settleMapping } from './settle.ts';
import { waitingThings } from './waiting-things.ts';

/**
 * Runs one mapping's plan: collections, then items, then properties, then a collection's deletion (SR3). Answers the
 * mapping as it became, where it has to be planned anew.
 */
export async function applyMapping(terms: ApplyTerms, plan: MappingPlan): Promise<Mapping | undefined> {
  const { decision } = plan;
  for (const hold of plan.collections.filter(({ verb }) => verb === 'hold')) tellHold(terms, hold);
  if (decision.type === 'forget') return undefined;
  if (plan.observation === undefined) {
    if (plan.status.id >= 0) plan.status.wait(waitingThings(plan));
    return undefined;
  }
  if (decision.type === 'gone') return applyGone(terms, plan, plan.observation, decision.side);
  const collections = await createMissing(terms, plan);
  if (collections === undefined) return undefined;
  const { status } = terms.context;
  const mapping = status.mapping(
    plan.mapping.name,
    mapSides(collections, ({ href }) => href),
  );
  const observation =
    decision.type === 'create'
      ? withCreated(plan.observation, collections, decision.sides, terms.now)
      : plan.observation;
  const properties = decision.type === 'create' ? replanned(terms, collections, mapping) : plan.properties;
  await applyBoth(terms, plan, observation, mapping, collections, properties);
  return undefined;
}

async function applyBoth(
  terms: ApplyTerms,
  plan: MappingPlan,
  observation: Observation,
  mapping: MappingStatus,
  collections: Sides<Collection>,
  propertyActions: readonly PropertyAction[],
): Promise<void> {
  const work = workOf(terms, plan, mapping, collections, observation);
  const collection = plan.mapping.name;
  const total = plan.items.length;
  if (total > 0) work.tell({ type: 'collection-begins', pair: work.pair, collection, total });
  tellProblems(work, observation);
  rememberSurplus(work, plan);
  const applied = await runItems(work, plan, observation, plan.items);
  const properties = bySide((side) => collections[side].properties);
  const done = await applyProperties(work, propertyActions, properties);
  await settleMapping(work, observation, applied, done.touched);
  const waiting = [...waitingThings(plan), ...done.waiting, ...work.failed];
  mapping.wait(terms.options.ask === undefined ? waiting : withOthers(mapping.waiting(), waiting));
}

/** Where only conflicts were looked after, all else that waited still does. */
const withOthers = (before: readonly Waiting[], now: readonly Waiting[]): readonly Waiting[] => [
  ...now,
  ...before.filter(
    ({ type, subject }) => type !== 'conflict' && !now.some((each) => each.type === type && each.subject === subject),
  ),
];

/**
 * Before anything is agreed: a run that dies would leave a mapping with agreements, in which what only b holds is taken
 * for something that was added there, and undone (SG4).
 */
function rememberSurplus({ mapping, rules }: MappingWork, plan: MappingPlan): void {
  if (!rules.oneWay) return;
  const before = mapping.waiting();
  const known = new Set(before.map(({ subject }) => subject));
  const added = waitingThings(plan).filter(({ subject }) => !known.has(subject));
  if (added.length > 0) mapping.wait([...before, ...added]);
}

/** A collection that was just made held nothing when its version was taken: that is its checkpoint. */
function withCreated(
  observation: Observation,
  collections: Sides<Collection>,
  created: readonly Side[],
  now: number,
): Observation {
  const checkpoints = bySide((side) => {
    const { version } = collections[side];
    if (!created.includes(side)) return observation.checkpoints[side];
    return version === undefined ? undefined : { checkpoint: version, listedAt: now };
  });
  return { ...observation, checkpoints };
}

/** A server may have given its new collection properties of its own. */
function replanned(
  terms: ApplyTerms,
  collections: Sides<Collection>,
  mapping: MappingStatus,
): readonly PropertyAction[] {
  const { setup, readOnly } = terms;
  const properties = bySide((side) => collections[side].properties);
  return planProperties({ kind: setup.storages.a.storage.kind, mapping, properties, rules: setup.rules, readOnly });
}

function tellProblems(work: MappingWork, observation: Observation): void {
  for (const { side, error } of observation.problems) {
    work.tally.failures += 1;
    const report = reportOf(error);
    work.tell({ type: 'failure', pair: work.pair, collection: work.collection, side, error: report });
  }
}

function tellHold(terms: ApplyTerms, action: PlannedAction): void {
  const outcome = { type: 'held', reason: action.reason ?? '', waits: action.waits } as const;
  terms.tally.count(action, outcome);
  terms.context.tell({ type: 'action', pair: terms.setup.name, action, outcome });
}
