import type { PairSettings } from '../../config/config.ts';
import type { Collection } from '../../model/collection.ts';
import { ExpectedError, StorageError, unreachable } from '../../model/errors.ts';
import { mapSides, SIDES, type Side, type Sides } from '../../model/sides.ts';
import { type CollectionDecision, decideCollection } from '../../reconcile/collections.ts';
import { type CollectionFacts, type Mapping, mappingsOf } from '../../reconcile/mappings.ts';
import type { Storage } from '../../storage/storage.ts';
import { attempt, reportOf } from '../../sync/error-report.ts';
import type { ErrorReport } from '../../sync/events.ts';
import { discoverSides } from '../../sync/observe/discover-sides.ts';
import type { PairSetup, RunOptions } from '../../sync/pair-setup.ts';
import { holdText } from '../../sync/plan/planned-action.ts';
import { systemClock } from '../../system/clock.ts';
import { readConfiguration } from '../configuration.ts';
import { type Ending, worst } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { chooseWholePairs } from '../pairs/chosen-pairs.ts';
import { type PairTerms, withPairToLookAt } from '../pairs/open-pair.ts';
import { printJson } from '../reporters/json.ts';
import { runReporter } from '../reporters/run-reporter.ts';
import type { Session } from '../session.ts';
import { endingOf } from '../show-error.ts';

/** What one side has of a mapping, for a person. */
interface SeenCollection {
  readonly id: string;
  readonly name: string | undefined;
  readonly href: string;
  /** How many items it lists; undefined where it could not be listed. */
  readonly items: number | undefined;
}

/** Shows the collections of both sides, and what a run would do with each. Writes nothing. */
export async function discover(names: readonly string[], session: Session): Promise<Ending> {
  const config = await readConfiguration(session);
  const pairs = chooseWholePairs(config, names);
  const fetched = await fetchFor(pairs, config, session);
  const tell = runReporter(pairs, true, session);
  const { signal } = session.outside;
  const endings: Ending[] = [];
  for (const pair of pairs) {
    signal.throwIfAborted();
    endings.push(await discoverPair(pair, { config, fetched, tell, signal }, session));
  }
  return worst(endings);
}

async function discoverPair(pair: PairSettings, terms: PairTerms, session: Session): Promise<Ending> {
  const failed = (side: Side | undefined, error: ErrorReport): void =>
    terms.tell({ type: 'failure', pair: pair.name, collection: undefined, side, error });
  try {
    return await withPairToLookAt(pair, terms, async (setup, status) => {
      const context = { status, clock: systemClock, tell: terms.tell, signal: terms.signal };
      const facts = await discoverSides(setup, LOOKING, context, (side, error) => failed(side, reportOf(error)));
      if (facts === undefined) return 'failed';
      await showPair(setup, facts, session);
      return 'done';
    });
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    failed(undefined, reportOf(error));
    return endingOf(error);
  }
}

const LOOKING: RunOptions = {
  dryRun: true,
  full: false,
  allow: { empty: true, delete: false, rollback: false },
  retryFailed: false,
  only: undefined,
  confirm: undefined,
};

async function showPair(setup: PairSetup, facts: CollectionFacts, session: Session): Promise<void> {
  const { storages, rules, name } = setup;
  const names = mapSides(storages, ({ name: each }) => each);
  const readOnly = new Set(SIDES.filter((side) => storages[side].storage.access === 'read-only'));
  const mappings = mappingsOf(facts, rules);
  if (!session.options.json) session.print.result(`${name}: ${names.a} and ${names.b}`, 'bold');
  for (const mapping of mappings) {
    const decision = decideCollection(mapping, rules, readOnly);
    const seen = { a: await see('a', mapping, setup), b: await see('b', mapping, setup) };
    showMapping({ pair: name, names, collection: mapping.name, fate: fateOf(decision, names), seen }, session);
  }
  for (const side of SIDES) {
    for (const collection of unmapped(side, facts, mappings)) {
      const nothing = { a: undefined, b: undefined };
      const seen = { ...nothing, [side]: await count(collection, storages[side].storage) };
      showMapping({ pair: name, names, collection: collection.id, fate: NOT_IN_PAIR, seen }, session);
    }
  }
}

const see = async (side: Side, mapping: Mapping, setup: PairSetup): Promise<SeenCollection | undefined> => {
  const collection = mapping.sides[side];
  return collection === undefined ? undefined : count(collection, setup.storages[side].storage);
};

async function count({ href, id, properties }: Collection, storage: Storage): Promise<SeenCollection> {
  const look = await attempt(storage.look(href, undefined));
  const items =
    look instanceof StorageError || look.type !== 'all' ? undefined : look.items.length + look.unknown.length;
  return { id, name: properties.displayname, href, items };
}

/** What the side has besides: neither `collections` nor `collection` leads to it. */
function unmapped(side: Side, { discovered }: CollectionFacts, mappings: readonly Mapping[]): readonly Collection[] {
  const mapped = new Set(
    mappings.flatMap(({ sides, unclear }): readonly (string | undefined)[] => [
      sides[side]?.href,
      ...(unclear?.type === 'duplicate-id' && unclear.side === side ? unclear.hrefs : []),
    ]),
  );
  return discovered[side].filter(({ href }) => !mapped.has(href));
}

/** What a run would do with the collections of a mapping: a word for programs, a sentence for people. */
interface Fate {
  readonly word: CollectionDecision['type'] | 'not-in-pair';
  readonly text: string;
}

const NOT_IN_PAIR: Fate = { word: 'not-in-pair', text: 'left alone; not in this pair' };

function fateOf(decision: CollectionDecision, names: Sides<string>): Fate {
  switch (decision.type) {
    case 'sync':
      return { word: 'sync', text: 'synced' };
    case 'create':
      return { word: 'create', text: `created on ${decision.sides.map((side) => names[side]).join(' and ')}` };
    case 'gone':
      return { word: 'gone', text: `gone from ${names[decision.side]}; its items would be deleted, and then it` };
    case 'held':
      return { word: 'held', text: `held: ${holdText(decision.reason, names)}` };
    case 'forget':
      return { word: 'forget', text: 'gone from both sides; forgotten' };
    default:
      return unreachable(decision);
  }
}

interface ShownMapping {
  readonly pair: string;
  readonly names: Sides<string>;
  readonly collection: string;
  readonly fate: Fate;
  readonly seen: Sides<SeenCollection | undefined>;
}

function showMapping({ pair, names, collection, fate, seen }: ShownMapping, { options, print }: Session): void {
  if (options.json) {
    const sides = mapSides(seen, (each) =>
      each === undefined ? null : { ...each, name: each.name ?? null, items: each.items ?? null },
    );
    printJson(print, 'collection', { pair, collection, fate: fate.word, sides });
    return;
  }
  print.result(`  ${collection}: ${fate.text}`);
  const width = Math.max(names.a.length, names.b.length);
  for (const side of SIDES) {
    const each = seen[side];
    if (each === undefined) continue;
    const name = each.name === undefined ? '' : `  "${each.name}"`;
    const items = each.items === undefined ? 'cannot be listed' : `${each.items} item${each.items === 1 ? '' : 's'}`;
    print.result(`    ${names[side].padEnd(width)}  ${each.id}${name}  ${items}  ${each.href}`);
  }
}
