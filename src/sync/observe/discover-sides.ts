import type { Collection } from '../../model/collection.ts';
import { StorageError } from '../../model/errors.ts';
import type { Href } from '../../model/names.ts';
import { SIDES, type Side } from '../../model/sides.ts';
import type { CollectionFacts } from '../../reconcile/mappings.ts';
import { attempt } from '../error-report.ts';
import type { PairSetup, RunContext, RunOptions } from '../pair-setup.ts';
import { bySideAsync } from '../side-by-side.ts';

/**
 * The collections of both sides, and what the status knows of them. Undefined where a side could not be discovered:
 * then nothing can be said of the pair, and `failed` was told of each such side.
 */
export async function discoverSides(
  setup: PairSetup,
  options: RunOptions,
  context: RunContext,
  failed: (side: Side, error: StorageError) => void,
): Promise<CollectionFacts | undefined> {
  const known = context.status.mappings();
  const results = await bySideAsync(async (side) => {
    const discovered = await attempt(discoverSide(setup, options, context, side));
    if (discovered instanceof StorageError) return discovered;
    const found = await attempt(findNamed(setup, side, discovered));
    return found instanceof StorageError ? found : { discovered, found };
  });
  for (const side of SIDES) {
    const result = results[side];
    if (result instanceof StorageError) failed(side, result);
  }
  const { a, b } = results;
  if (a instanceof StorageError || b instanceof StorageError) return undefined;
  const facts = {
    discovered: { a: a.discovered, b: b.discovered },
    found: { a: a.found, b: b.found },
    known,
  };
  const emptied = SIDES.filter((side) => !options.allow.empty && lostAll(facts, side));
  for (const side of emptied) failed(side, lostAllError(setup, side, known.length));
  return emptied.length > 0 ? undefined : facts;
}

/** A root that is missing is made only for a pair that knows nothing yet (SC7). */
async function discoverSide(
  setup: PairSetup,
  options: RunOptions,
  context: RunContext,
  side: Side,
): Promise<readonly Collection[]> {
  const { storage } = setup.storages[side];
  const discovered = await attempt(storage.discover());
  if (!(discovered instanceof StorageError)) return discovered;
  const takesNoWrites = storage.access === 'read-only' || (setup.rules.oneWay && side === 'a');
  if (discovered.kind !== 'not-found' || !context.status.isNew || takesNoWrites) throw discovered;
  if (options.dryRun) return [];
  const made = await attempt(storage.createRoot());
  if (made instanceof StorageError) throw made.kind === 'unsupported' ? discovered : made;
  return storage.discover();
}

/** Collections that the configuration names by address may lie outside what discovery lists. */
async function findNamed(
  setup: PairSetup,
  side: Side,
  discovered: readonly Collection[],
): Promise<ReadonlyMap<Href, Collection>> {
  const found = new Map<Href, Collection>();
  for (const { sides } of setup.rules.mappings) {
    const wanted = sides[side];
    if (wanted.type !== 'href' || discovered.some(({ href }) => href === wanted.href)) continue;
    const collection = await setup.storages[side].storage.find(wanted.href);
    if (collection !== undefined) found.set(wanted.href, collection);
  }
  return found;
}

/** Where collections were and none is now, it is the storage that is missing (SC7). */
const lostAll = ({ discovered, found, known }: CollectionFacts, side: Side): boolean =>
  known.length > 0 && discovered[side].length === 0 && found[side].size === 0;

function lostAllError(setup: PairSetup, side: Side, count: number): StorageError {
  const { name } = setup.storages[side];
  const were = count === 1 ? 'the one collection' : `all ${count} collections`;
  return new StorageError(
    'not-found',
    `storage "${name}" lists no collection any more; ${were} of this pair would be gone`,
    {
      hint: 'see whether it is the right address or directory, and mounted; if it is meant to be empty: --allow-empty',
    },
  );
}
