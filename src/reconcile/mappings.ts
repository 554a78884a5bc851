import type { Collection } from '../model/collection.ts';
import { type CollectionId, collectionId, type Href } from '../model/names.ts';
import type { NamedCollection, NamedMapping, PairRules } from '../model/rules.ts';
import { bySide, SIDES, type Side, type Sides } from '../model/sides.ts';
import { matchesGlob } from './glob.ts';
import type { Unclear } from './hold-reason.ts';

/** What the decision which collections belong together knows. */
export interface CollectionFacts {
  readonly discovered: Sides<readonly Collection[]>;
  /** Collections at addresses that the configuration names, where there are any. */
  readonly found: Sides<ReadonlyMap<Href, Collection>>;
  readonly known: readonly Known[];
}

/** A mapping that the status knows. */
export interface Known {
  readonly id: number;
  readonly name: string;
  readonly hrefs: Sides<Href>;
}

/** A collection of a and the one of b that it is synced with; a side that has none yet, or no longer, is undefined. */
export interface Mapping {
  readonly name: string;
  /** The configuration names it itself; otherwise it comes from `collections`. */
  readonly named: boolean;
  readonly wanted: Sides<NamedCollection>;
  readonly sides: Sides<Collection | undefined>;
  /** What the status knows of just these collections (ST5); of one that is there, if the other is gone. */
  readonly known: Known | undefined;
  readonly unclear: Unclear | undefined;
}

/** The mappings of a pair, ordered by name. A name is there twice only if all but one that have it are unclear. */
export function mappingsOf(facts: CollectionFacts, rules: PairRules): readonly Mapping[] {
  const named = tellTwice(rules.mappings.map((mapping) => resolve(mapping, true, facts)));
  // An explicit collection takes its collections out of `collections all`.
  const taken = bySide(
    (side) =>
      new Set<string>(named.flatMap((mapping) => [...hrefsOf(mapping, side), ...ambiguousHrefs(mapping, side)])),
  );
  const takenIds = bySide(
    (side) => new Set(rules.mappings.flatMap(({ sides }) => (sides[side].type === 'id' ? [sides[side].id] : []))),
  );
  const takenNames = new Set(named.map(({ name }) => name));
  const automatic = automaticIds(facts, rules)
    .filter((id) => !SIDES.some((side) => takenIds[side].has(id)))
    .map((id) => resolve({ name: id, sides: bySide(() => ({ type: 'id', id })) }, false, facts))
    .filter((mapping) => !SIDES.some((side) => hrefsOf(mapping, side).some((href) => taken[side].has(href))))
    .map((mapping) => (takenNames.has(mapping.name) ? withoutName(mapping) : mapping));
  return [...named, ...automatic].sort((x, y) => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0));
}

/** One collection, reached by its id and by its address, or by two spellings of one, may be in one mapping only. */
function tellTwice(named: readonly Mapping[]): readonly Mapping[] {
  const namesAt = bySide((side) => {
    const names = new Map<Href, readonly string[]>();
    for (const mapping of named) {
      for (const href of hrefsOf(mapping, side)) names.set(href, [...(names.get(href) ?? []), mapping.name]);
    }
    return names;
  });
  return named.map((mapping) => {
    const othersOn = bySide((side) =>
      hrefsOf(mapping, side).flatMap((href) => (namesAt[side].get(href) ?? []).filter((name) => name !== mapping.name)),
    );
    const sides = SIDES.filter((side) => othersOn[side].length > 0);
    if (mapping.unclear !== undefined || sides.length === 0) return mapping;
    const others = [...new Set(sides.flatMap((side) => othersOn[side]))];
    return {
      ...mapping,
      unclear: { type: 'mapped-twice', side: sides.length > 1 ? undefined : sides[0], others, waits: true },
    };
  });
}

/** A mapping's name stands for it in messages and in the status; where the configuration gives it to another, it has none. */
function withoutName(mapping: Mapping): Mapping {
  const hrefs = SIDES.flatMap((side) => hrefsOf(mapping, side));
  return { ...mapping, unclear: mapping.unclear ?? { type: 'name-taken', side: undefined, hrefs, waits: true } };
}

/** Mappings that the configuration no longer leads to: their rows are forgotten, their collections left alone (SC5). */
export function forgotten(facts: CollectionFacts, mappings: readonly Mapping[]): readonly Known[] {
  const kept = new Set(mappings.map(({ known }) => known?.id));
  return facts.known.filter(({ id }) => !kept.has(id));
}

/**
 * Ids that `collections` leads to: those of the sides that it takes them from, and those that were synced before and
 * are now gone from just that side (SC4).
 */
function automaticIds(facts: CollectionFacts, rules: PairRules): readonly CollectionId[] {
  const ids = new Set<CollectionId>();
  for (const side of rules.collectionsFrom) for (const { id } of facts.discovered[side]) ids.add(id);
  if (rules.collectionsFrom.size > 0) {
    for (const { name, hrefs } of facts.known) {
      const isThere = (side: Side): boolean =>
        facts.discovered[side].some(({ id, href }) => id === name && href === hrefs[side]);
      if (SIDES.some(isThere)) ids.add(collectionId(name));
    }
  }
  return [...ids].filter((id) => !rules.exclude.some((glob) => matchesGlob(id, glob)));
}

function resolve(mapping: NamedMapping, named: boolean, facts: CollectionFacts): Mapping {
  const candidates = bySide((side) => candidatesOf(mapping.sides[side], side, facts));
  const side = SIDES.find((each) => candidates[each].length > 1);
  const sides = bySide((each) => candidates[each][0]);
  return {
    name: mapping.name,
    named,
    wanted: mapping.sides,
    sides,
    known:
      side === undefined ? knownOf(sides, mapping.name, facts) : facts.known.find(({ name }) => name === mapping.name),
    unclear:
      side === undefined
        ? undefined
        : { type: 'duplicate-id', side, hrefs: candidates[side].map(({ href }) => href), waits: true },
  };
}

function candidatesOf(wanted: NamedCollection, side: Side, facts: CollectionFacts): readonly Collection[] {
  if (wanted.type === 'id') return facts.discovered[side].filter(({ id }) => id === wanted.id);
  const found = facts.discovered[side].find(({ href }) => href === wanted.href) ?? facts.found[side].get(wanted.href);
  return found === undefined ? [] : [found];
}

/** With one side gone, the other must be the one that was synced under this name. */
function knownOf(sides: Sides<Collection | undefined>, name: string, facts: CollectionFacts): Known | undefined {
  const matches = (known: Known): boolean =>
    SIDES.every((side) => sides[side] === undefined || sides[side].href === known.hrefs[side]);
  if (sides.a !== undefined && sides.b !== undefined) return facts.known.find(matches);
  return facts.known.find((known) => known.name === name && matches(known));
}

const hrefsOf = (mapping: Mapping, side: Side): readonly Href[] =>
  mapping.sides[side] === undefined ? [] : [mapping.sides[side].href];

const ambiguousHrefs = ({ unclear }: Mapping, side: Side): readonly string[] =>
  unclear?.type === 'duplicate-id' && unclear.side === side ? unclear.hrefs : [];
