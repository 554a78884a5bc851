import type { UsageError } from '../../model/errors.ts';
import { mappingsOf } from '../../reconcile/mappings.ts';
import { discoverSides } from '../../sync/observe/discover-sides.ts';
import type { PairSetup, RunContext, RunOptions } from '../../sync/pair-setup.ts';
import { unknownCollection } from './unknown-collection.ts';

/**
 * Throws `UsageError` where a collection was asked for that the pair does not have. The storages are asked only where
 * neither the configuration nor the status knows it.
 */
export async function refuseUnknownCollections(
  setup: PairSetup,
  options: RunOptions,
  context: RunContext,
): Promise<void> {
  const known = new Set([...setup.rules.mappings, ...context.status.mappings()].map(({ name }) => name));
  const unknown = (): UsageError | undefined => unknownCollection(setup.name, options.only, known);
  if (unknown() === undefined) return;
  const facts = await discoverSides(setup, options, context, () => undefined);
  // The run will fail the same way, and say so.
  if (facts === undefined) return;
  for (const { name } of mappingsOf(facts, setup.rules)) known.add(name);
  const mistake = unknown();
  if (mistake !== undefined) throw mistake;
}
