import type { Collection } from '../../model/collection.ts';
import { must, StorageError } from '../../model/errors.ts';
import type { Side, Sides } from '../../model/sides.ts';
import { attempt, reportOf } from '../error-report.ts';
import type { MappingPlan } from '../plan/plan-mapping.ts';
import type { ApplyTerms } from './mapping-work.ts';

/** Collections that one side lacks, or both. Undefined where that failed; it is told. */
export async function createMissing(terms: ApplyTerms, plan: MappingPlan): Promise<Sides<Collection> | undefined> {
  const { mapping, decision } = plan;
  const sides: Record<Side, Collection | undefined> = { a: mapping.sides.a, b: mapping.sides.b };
  if (decision.type === 'create') {
    if (mapping.known !== undefined) terms.context.status.forgetMapping(mapping.known.id);
    for (const side of decision.sides) {
      sides[side] = await createOne(terms, plan, side);
      if (sides[side] === undefined) return undefined;
    }
  }
  return { a: must(sides.a, 'a collection of a exists'), b: must(sides.b, 'a collection of b exists') };
}

export async function createOne(terms: ApplyTerms, plan: MappingPlan, side: Side): Promise<Collection | undefined> {
  const { setup, context, tally } = terms;
  const wanted = plan.mapping.wanted[side];
  const action = { ...plannedCollection(plan.mapping.name, side), verb: 'create' } as const;
  const created = await attempt(setup.storages[side].storage.createCollection(wanted));
  const error =
    created instanceof StorageError
      ? created
      : wanted.type === 'id' && created.id !== wanted.id
        ? new StorageError(
            'invalid-data',
            `"${setup.storages[side].name}" was asked to create the collection "${wanted.id}" and made "${created.id}"`,
            { hint: 'create it there by other means, or name it with href_a or href_b' },
          ) // SC6
        : undefined;
  const outcome =
    error === undefined ? ({ type: 'done' } as const) : ({ type: 'failed', error: reportOf(error) } as const);
  tally.count(action, outcome);
  context.tell({ type: 'action', pair: setup.name, action, outcome });
  return created instanceof StorageError || error !== undefined ? undefined : created;
}

export const plannedCollection = (collection: string, side: Side) => ({
  collection,
  subject: { type: 'collection', items: 0 } as const,
  side,
  reason: undefined,
  waits: false,
});
