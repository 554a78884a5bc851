import { didYouMean } from '../config/suggestion.ts';
import { UsageError } from '../model/errors.ts';
import { mappingsOf } from '../reconcile/mappings.ts';
import { discoverSides } from '../sync/discover-sides.ts';
import type { PairSetup, RunContext, RunOptions } from '../sync/pair-setup.ts';

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
  const unknown = (): string | undefined => [...(options.only ?? [])].find((name) => !known.has(name));
  if (unknown() === undefined) return;
  const facts = await discoverSides(setup, options, context, () => undefined);
  // The run will fail the same way, and say so.
  if (facts === undefined) return;
  for (const { name } of mappingsOf(facts, setup.rules)) known.add(name);
  const name = unknown();
  if (name === undefined) return;
  const listed = [...known].sort().map((each) => `"${each}"`);
  const hint = listed.length === 0 ? 'it has none' : `its collections are ${listed.join(', ')}`;
  throw new UsageError(`pair "${setup.name}" has no collection "${name}"${didYouMean(name, known)}`, { hint });
}
