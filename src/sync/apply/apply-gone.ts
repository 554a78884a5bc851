import type { Collection } from '../../model/collection.ts';
import { must, StorageError } from '../../model/errors.ts';
import { otherSide, type Side } from '../../model/sides.ts';
import type { Mapping } from '../../reconcile/mappings.ts';
import { attempt, reportOf } from '../error-report.ts';
import type { Outcome } from '../events.ts';
import type { Observation } from '../observe/observe.ts';
import { bringsBack, type MappingPlan } from '../plan/plan-mapping.ts';
import { createOne, plannedCollection } from './create-collections.ts';
import { type ApplyTerms, workOf } from './mapping-work.ts';
import { runItems } from './run-items.ts';
import { settleMapping } from './settle.ts';
import { waitingThings } from './waiting-things.ts';

/**
 * A collection that is gone from one side: its items first; then it, if nothing is left in it (SC4). Where an edited
 * item brings it back, the answer is the mapping as it is then, to be synced as a new one.
 */
export async function applyGone(
  terms: ApplyTerms,
  plan: MappingPlan,
  observation: Observation,
  gone: Side,
): Promise<Mapping | undefined> {
  const side = otherSide(gone);
  const remaining = must(plan.mapping.sides[side], 'one side remains');
  const both = withSide(gone, { ...remaining, href: plan.status.hrefs[gone] }, remaining);
  const work = workOf(terms, plan, plan.status, both, observation);
  const items = plan.items.filter(({ type }) => type !== 'create');
  const before = terms.tally.failed + terms.tally.postponed;
  const applied = await runItems(work, plan, observation, items);
  plan.status.wait([...waitingThings(plan), ...work.failed]);

  if (bringsBack(plan.items, gone)) {
    const created = await createOne(terms, plan, gone);
    if (created === undefined) return undefined;
    terms.context.status.forgetMapping(plan.status.id);
    return { ...plan.mapping, sides: withSide(gone, created, remaining), known: undefined };
  }
  await settleMapping(work, forgettingSide(observation, gone), applied, new Set());
  const isEmptied = terms.tally.failed + terms.tally.postponed === before;
  if (isEmptied && plan.collections.some(({ verb }) => verb === 'delete'))
    await deleteRemaining(terms, plan, side, remaining);
  return undefined;
}

/** What is gone with its collection need not be remembered item by item. */
function forgettingSide(observation: Observation, gone: Side): Observation {
  const { differences } = observation;
  const rest = { ...differences[gone], missing: new Map() };
  return { ...observation, differences: { ...differences, [gone]: rest } };
}

async function deleteRemaining(terms: ApplyTerms, plan: MappingPlan, side: Side, remaining: Collection): Promise<void> {
  const { setup, context, tally } = terms;
  const action = { ...plannedCollection(plan.mapping.name, side), verb: 'delete' } as const;
  const outcome = outcomeOf(await attempt(setup.storages[side].storage.deleteCollection(remaining.href)));
  tally.count(action, outcome);
  context.tell({ type: 'action', pair: setup.name, action, outcome });
  if (outcome.type === 'done') context.status.forgetMapping(plan.status.id);
}

function outcomeOf(result: unknown): Outcome {
  if (!(result instanceof StorageError)) return { type: 'done' };
  if (result.kind === 'not-empty') return { type: 'held', reason: result.reason, waits: true };
  return { type: 'failed', error: reportOf(result) };
}

const withSide = (
  gone: Side,
  there: Collection,
  here: Collection,
): { readonly a: Collection; readonly b: Collection } => (gone === 'a' ? { a: there, b: here } : { a: here, b: there });
