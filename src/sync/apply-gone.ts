import { must, StorageError } from '../model/errors.ts';
import { mapSides, otherSide, SIDES, type Side } from '../model/sides.ts';
import { applyItems, type ToldAction } from './apply-items.ts';
import { createOne, plannedCollection } from './create-collections.ts';
import { attempt, reportOf } from './error-report.ts';
import { type ApplyTerms, workOf } from './mapping-work.ts';
import type { Observation } from './observe.ts';
import { bringsBack, type MappingPlan } from './plan-mapping.ts';
import { runItems } from './run-items.ts';
import { waitingThings } from './waiting-things.ts';

/** A collection that is gone from one side: its items first; then it, if nothing is left in it (SC4). */
export async function applyGone(
  terms: ApplyTerms,
  plan: MappingPlan,
  observation: Observation,
  gone: Side,
): Promise<void> {
  const { setup, context, tally } = terms;
  const side = otherSide(gone);
  const remaining = must(plan.mapping.sides[side], 'one side remains');
  const actions = plan.items.map(({ action }) => action);
  if (plan.collections.some(({ verb }) => verb === 'hold') && plan.items.length === 0) {
    plan.status.wait(waitingThings(plan));
    return;
  }
  const stub = { ...remaining, href: plan.status.hrefs[gone] };
  const both = gone === 'a' ? { a: stub, b: remaining } : { a: remaining, b: stub };
  const isCreation = ({ action }: ToldAction): boolean => action.type === 'create';
  const work = workOf(terms, plan, plan.status, both, observation);
  await runItems(
    work,
    plan,
    observation,
    plan.items.filter((each) => !isCreation(each)),
  );

  if (bringsBack(actions, gone)) {
    const created = await createOne(terms, plan, gone);
    if (created === undefined) return;
    const collections = gone === 'a' ? { a: created, b: remaining } : { a: remaining, b: created };
    const mapping = context.status.mapping(
      plan.mapping.name,
      mapSides(collections, ({ href }) => href),
    );
    const again = workOf(terms, plan, mapping, collections, observation);
    await applyItems(again, plan.items.filter(isCreation));
    // The next run compares both collections as they are then.
    if (mapping.id !== plan.status.id) context.status.forgetMapping(plan.status.id);
    else mapping.commit(SIDES.map((each) => ({ type: 'checkpoint', side: each, known: undefined })));
    return;
  }
  plan.status.wait([...waitingThings(plan), ...work.failed]);
  if (plan.collections.every(({ verb }) => verb !== 'delete') || tally.failed + tally.postponed > 0) return;
  const action = { ...plannedCollection(plan.mapping.name, side), verb: 'delete' } as const;
  const result = await attempt(setup.storages[side].storage.deleteCollection(remaining.href));
  const outcome =
    result instanceof StorageError
      ? result.kind === 'not-empty'
        ? ({ type: 'held', reason: result.message, waits: true } as const)
        : ({ type: 'failed', error: reportOf(result) } as const)
      : ({ type: 'done' } as const);
  tally.count(action, outcome);
  context.tell({ type: 'action', pair: setup.name, action, outcome });
  if (outcome.type === 'done') context.status.forgetMapping(plan.status.id);
}
