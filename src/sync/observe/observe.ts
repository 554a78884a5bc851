import type { Collection } from '../../model/collection.ts';
import { StorageError } from '../../model/errors.ts';
import type { Href, Ident } from '../../model/names.ts';
import { bySide, mapSides, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { MappingFacts } from '../../reconcile/facts.ts';
import type { KnownCheckpoint, MappingStatus } from '../../status/status.ts';
import type { Storage } from '../../storage/storage.ts';
import { bySideAsync } from '../side-by-side.ts';
import { compareLooks, type Differences } from './compare.ts';
import { type Candidate, gatherCandidates, provenFacts, type Unidentified } from './item-facts.ts';
import { type LookResult, lookAt } from './look.ts';
import { keepReading, type Readings, readDifferences } from './read.ts';
import { oweCopiesBack, type Recovered, readIntents, recover } from './recover.ts';
import type { Texts } from './texts.ts';

/** What one run saw of a mapping. */
export interface Observation {
  readonly facts: MappingFacts;
  readonly differences: Sides<Differences>;
  readonly unidentified: readonly Unidentified[];
  readonly recovered: Recovered;
  /** Addresses where something was agreed, and a direct look did not prove that it is gone (SL3). */
  readonly unproven: Sides<ReadonlySet<Href>>;
  /** To be kept once all that the looks said is accounted for. */
  readonly checkpoints: Sides<KnownCheckpoint | undefined>;
  /** What failed without making the whole observation worthless. */
  readonly problems: readonly Problem[];
}

interface Problem {
  readonly side: Side;
  readonly error: StorageError;
}

export interface ObserveTerms {
  readonly mapping: MappingStatus;
  readonly storages: Sides<Storage>;
  /** Undefined: not there, or not yet; that side is then known to hold nothing (SL4). */
  readonly collections: Sides<Collection | undefined>;
  readonly texts: Texts;
  readonly full: boolean;
  readonly now: number;
}

/** A look that failed: nothing is known of this side, so nothing is done with the mapping (SL2). */
export class LookFailed extends Error {
  readonly side: Side;
  readonly error: StorageError;

  constructor(side: Side, error: StorageError) {
    super(error.message);
    this.side = side;
    this.error = error;
  }
}

/**
 * Both sides at once: lists them, reads what is not as agreed, and proves absent what is no longer listed (SR1).
 * Throws `LookFailed` where a side cannot be listed at all.
 */
export async function observe(terms: ObserveTerms): Promise<Observation> {
  const { mapping, collections, storages } = terms;
  const problems: Problem[] = [];
  const { compared, checkpoints } = await readBoth(terms, problems);
  // What could not be read may be anything that is looked for.
  const failed = new Set(problems.map(({ side }) => side));
  const differences = mapSides(compared, (each, side) => (failed.has(side) ? { ...each, complete: false } : each));
  const found = recover(mapping, differences);
  const { candidates, unidentified } = gatherCandidates(mapping, differences, found);
  const proven = await bySideAsync(async (side) => {
    const hrefs = candidates.flatMap(({ unproven }) => unproven[side] ?? []);
    const collection = collections[side];
    // With the collection itself proven gone, so is all that was in it.
    if (collection === undefined || hrefs.length === 0) return new Set(hrefs);
    try {
      return await storages[side].confirmGone(collection.href, hrefs);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      problems.push({ side, error });
      return new Set<Href>();
    }
  });
  const { items, recovered } = oweCopiesBack(provenFacts(candidates, proven), found);
  const facts = {
    items,
    agreed: mapping.count() + recoveredCount(mapping, recovered),
    isFirst: mapping.count() === 0,
    holds: bySide((side) => holds(differences[side], mapping, side, proven[side], candidates)),
    unread: new Set(SIDES.filter((side) => !differences[side].complete)),
    begunDeletions: bySide((side) => begunDeletions(recovered, side)),
  };
  const unproven = bySide(
    (side) =>
      new Set(candidates.flatMap((each) => each.unproven[side] ?? []).filter((href) => !proven[side].has(href))),
  );
  return { facts, differences, unidentified, recovered, unproven, checkpoints, problems };
}

interface Compared {
  readonly compared: Sides<Differences>;
  readonly checkpoints: Observation['checkpoints'];
}

/** What differs, with all of it read. Of the looks nothing is kept, which may be many thousands of entries. */
async function readBoth(terms: ObserveTerms, problems: Problem[]): Promise<Compared> {
  const { mapping, collections, storages, texts } = terms;
  const brought = bySide((): Readings => ({ present: new Map(), unknown: new Map() }));
  const { compared, checkpoints } = await lookAtBoth(terms, brought);
  readIntents(mapping, compared);
  await bySideAsync(async (side) => {
    const collection = collections[side];
    if (collection === undefined) return;
    const where = { storage: storages[side], collection: collection.href, side, mapping };
    const error = await readDifferences(compared[side], where, brought[side], texts);
    if (error !== undefined) problems.push({ side, error });
  });
  return { compared, checkpoints };
}

/** `brought` gets what comes with the looks. */
async function lookAtBoth(terms: ObserveTerms, brought: Sides<Readings>): Promise<Compared> {
  const results = await bySideAsync((side) => lookSide(terms, side, brought[side]));
  return {
    compared: compareLooks(
      mapSides(results, ({ look }) => look),
      terms.mapping,
    ),
    checkpoints: mapSides(results, ({ checkpoint }) => checkpoint),
  };
}

async function lookSide(terms: ObserveTerms, side: Side, brought: Readings): Promise<LookResult> {
  const collection = terms.collections[side];
  if (collection === undefined) {
    return { look: { type: 'all', items: [], unknown: [], complete: true }, checkpoint: undefined };
  }
  try {
    return await lookAt(terms.storages[side], collection, terms.mapping, side, terms, (read) =>
      keepReading(read, side, brought, terms.texts),
    );
  } catch (error) {
    if (error instanceof StorageError) throw new LookFailed(side, error);
    throw error;
  }
}

const begunDeletions = ({ intents }: Recovered, side: Side): ReadonlySet<Ident> =>
  new Set(intents.flatMap((intent) => (intent.verb === 'delete' && intent.side === side ? [intent.ident] : [])));

/** Agreements that the status does not have yet. */
const recoveredCount = (mapping: MappingStatus, { agreements }: Recovered): number =>
  [...agreements.keys()].filter((ident) => mapping.agreement(ident) === undefined).length;

/** How many items a side holds, as far as can be told: what is not proven gone counts as there. */
function holds(
  differences: Differences,
  mapping: MappingStatus,
  side: Side,
  proven: ReadonlySet<Href>,
  candidates: readonly Candidate[],
): number {
  if (differences.listed !== undefined && differences.complete) return differences.listed;
  const isNew = (href: Href): boolean => mapping.agreementAt(side, href) === undefined;
  const added = [...differences.present.keys(), ...differences.unknown.keys()].filter(isNew).length;
  const gone = candidates.filter(({ unproven }) => {
    const href = unproven[side];
    return href !== undefined && proven.has(href) && !isNew(href);
  }).length;
  const agreed = mapping.count() - mapping.nowhere(side).length;
  return Math.max(0, agreed + added - gone);
}

/** Whether all that was seen on a side can be remembered, so that its checkpoint may be kept. */
export const isAccountable = (observation: Observation, side: Side): boolean =>
  !observation.problems.some((problem) => problem.side === side) &&
  [...observation.differences[side].unknown.values()].every(({ etag }) => etag !== undefined) &&
  observation.differences[side].complete;
