import { describe, expect, test } from 'vitest';
import type { Collection } from '../../src/model/collection.ts';
import { collectionId, href } from '../../src/model/names.ts';
import type { NamedCollection, NamedMapping, PairRules } from '../../src/model/rules.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import { type CollectionFacts, forgotten, type Known, type Mapping, mappingsOf } from '../../src/reconcile/mappings.ts';
import { RULES, seenFrom } from './given.ts';

/** Collections by id, at an address made of it; or at one of its own. */
const on = (side: Side, id: string, at = `/${side}/${id}/`): Collection => ({
  href: href(at),
  id: collectionId(id),
  properties: {},
});
const idOf = (id: string): NamedCollection => ({ type: 'id', id: collectionId(id) });
const hrefOf = (address: string): NamedCollection => ({ type: 'href', href: href(address) });
const named = (name: string, sides: Sides<NamedCollection> = bySide(() => idOf(name))): NamedMapping => ({
  name,
  sides,
});
const known = (name: string, id = 1, hrefs = bySide((side) => href(`/${side}/${name}/`))): Known => ({
  id,
  name,
  hrefs,
});

const factsOf = (ids: Sides<readonly string[]>, more: Partial<CollectionFacts> = {}): CollectionFacts => ({
  discovered: bySide((side) => ids[side].map((id) => on(side, id))),
  found: { a: new Map(), b: new Map() },
  known: [],
  ...more,
});

const map = (facts: CollectionFacts, rules: Partial<PairRules> = {}): readonly Mapping[] =>
  mappingsOf(facts, { ...RULES, ...rules });
const namesOf = (mappings: readonly Mapping[]): readonly string[] => mappings.map(({ name }) => name);
/** The only mapping of these. */
const mapOne = (facts: CollectionFacts, rules: Partial<PairRules> = {}): Mapping | undefined => {
  const mappings = map(facts, rules);
  expect(mappings).toHaveLength(1);
  return mappings[0];
};
const NONE: Partial<PairRules> = { collectionsFrom: new Set() };
const NOWHERE: Sides<readonly string[]> = { a: [], b: [] };

describe('collections', () => {
  const facts = factsOf({ a: ['work', 'only-a'], b: ['only-b', 'work'] });

  test('SC1 all: those of both sides, by id, in order', () => {
    expect(namesOf(map(facts))).toEqual(['only-a', 'only-b', 'work']);
    expect(map(facts)[2]).toEqual({
      name: 'work',
      named: false,
      wanted: { a: idOf('work'), b: idOf('work') },
      sides: { a: on('a', 'work'), b: on('b', 'work') },
      known: undefined,
      unclear: undefined,
    });
    expect(map(facts)[0]).toMatchObject({ sides: { a: on('a', 'only-a'), b: undefined } });
  });

  test.each(SIDES)('SC2 from %s: those that it has, with their counterparts', (side) => {
    const mappings = map(facts, { collectionsFrom: new Set([side]) });
    expect(namesOf(mappings)).toEqual([`only-${side}`, 'work']);
    expect(mappings[1]).toMatchObject({ sides: { a: on('a', 'work'), b: on('b', 'work') } });
  });

  test('SC2 from nowhere: none', () => {
    expect(map(facts, NONE)).toEqual([]);
  });

  test.each(SIDES)('SC4 from %s: one that is gone from there, and was synced, is still led to', (side) => {
    const gone = factsOf(seenFrom(side, [], ['work', 'new']), { known: [known('work')] });
    const rules: Partial<PairRules> = { collectionsFrom: new Set([side]) };
    expect(mapOne(gone, rules)).toMatchObject({ name: 'work', known: { id: 1 }, sides: { [side]: undefined } });
  });

  test('SC5 what is gone from both sides is not led to', () => {
    const gone = factsOf(NOWHERE, { known: [known('work')] });
    expect(map(gone)).toEqual([]);
    expect(forgotten(gone, [])).toEqual([known('work')]);
  });

  test('SC5 exclude leaves out ids, known or not', () => {
    const rules: Partial<PairRules> = { exclude: ['only-*', 'w?rk'] };
    expect(map(facts, rules)).toEqual([]);
    const excluded = factsOf({ a: ['work'], b: ['work'] }, { known: [known('work')] });
    expect(map(excluded, rules)).toEqual([]);
    expect(forgotten(excluded, map(excluded, rules))).toEqual([known('work')]);
  });

  test('SC5 exclude leaves nothing out that the configuration names', () => {
    expect(namesOf(map(facts, { exclude: ['*'], mappings: [named('work')] }))).toEqual(['work']);
  });
});

describe('named collections', () => {
  test('SC3 are there even if no side has them', () => {
    expect(mapOne(factsOf(NOWHERE), { mappings: [named('work')] })).toEqual({
      name: 'work',
      named: true,
      wanted: { a: idOf('work'), b: idOf('work') },
      sides: { a: undefined, b: undefined },
      known: undefined,
      unclear: undefined,
    });
  });

  test('SC1 lead to different ids of the sides', () => {
    const facts = factsOf({ a: ['mine'], b: ['theirs'] });
    const mapping = mapOne(facts, { mappings: [named('work', { a: idOf('mine'), b: idOf('theirs') })] });
    expect(mapping).toMatchObject({ name: 'work', sides: { a: on('a', 'mine'), b: on('b', 'theirs') } });
  });

  test.each(SIDES)('SC1 are taken out of collections all, on side %s too', (side) => {
    const facts = factsOf({ a: ['mine', 'theirs', 'work'], b: ['mine', 'theirs', 'work'] });
    const mappings = map(facts, { mappings: [named('apart', seenFrom(side, idOf('mine'), idOf('theirs')))] });
    expect(namesOf(mappings)).toEqual(['apart', 'work']);
  });

  test.each(SIDES)('SC1 take their ids out of collections all where %s does not have them yet', (side) => {
    const facts = factsOf(seenFrom(side, ['theirs'], ['mine']));
    const wanted = seenFrom(side, idOf('mine'), idOf('theirs'));
    expect(mapOne(facts, { mappings: [named('apart', wanted)] })).toMatchObject({
      sides: { a: undefined, b: undefined },
    });
  });

  test('SC1 with collections all come only once', () => {
    const facts = factsOf({ a: ['work'], b: ['work'] });
    expect(mapOne(facts, { mappings: [named('work')] })).toMatchObject({ named: true });
  });

  test.each(SIDES)('SC1 at an address are taken from what was discovered on %s', (side) => {
    const facts = factsOf({ a: ['mine'], b: ['theirs'] });
    const address = side === 'a' ? '/a/mine/' : '/b/theirs/';
    const wanted = seenFrom(side, hrefOf(address), idOf(side === 'a' ? 'theirs' : 'mine'));
    const mapping = mapOne(facts, { mappings: [named('work', wanted)] });
    expect(mapping).toMatchObject({ sides: { a: on('a', 'mine'), b: on('b', 'theirs') } });
  });

  test.each(SIDES)('SC1 at an address that discovery does not name are found on %s all the same', (side) => {
    const shared = on(side, 'shared', '/elsewhere/');
    const found = seenFrom(side, new Map([[shared.href, shared]]), new Map<never, never>());
    const facts = factsOf(NOWHERE, { found });
    const mapping = mapOne(facts, { mappings: [named('work', seenFrom(side, hrefOf('/elsewhere/'), idOf('work')))] });
    expect(mapping).toMatchObject({ sides: { [side]: shared, [otherSide(side)]: undefined } });
  });

  test.each(SIDES)('SC1 at an address take that collection of %s out of collections all', (side) => {
    const facts = factsOf(bySide(() => ['work', 'other']));
    const wanted = seenFrom(side, hrefOf(`/${side}/work/`), idOf('other'));
    expect(namesOf(map(facts, { mappings: [named('apart', wanted)] }))).toEqual(['apart']);
  });
});

describe('SC8 a name that the configuration gives to another collection', () => {
  const apart = (sides: Sides<NamedCollection>) => ({ mappings: [named('work', sides)] });
  const elsewhere = apart({ a: idOf('mine'), b: idOf('theirs') });

  test('SC8 is told of the collection that has it for its id, and that one is held', () => {
    const facts = factsOf({ a: ['mine', 'work'], b: ['theirs', 'work'] });
    const mappings = map(facts, elsewhere);
    expect(mappings.map(({ name, named: isNamed, unclear }) => ({ name, isNamed, unclear }))).toEqual([
      { name: 'work', isNamed: true, unclear: undefined },
      {
        name: 'work',
        isNamed: false,
        unclear: { type: 'name-taken', side: undefined, hrefs: ['/a/work/', '/b/work/'], waits: true },
      },
    ]);
  });

  test.each(SIDES)('SC8 is told where only %s has it', (side) => {
    const facts = factsOf({
      a: side === 'a' ? ['mine', 'work'] : ['mine'],
      b: side === 'b' ? ['theirs', 'work'] : ['theirs'],
    });
    expect(map(facts, elsewhere)[1]).toMatchObject({
      unclear: { type: 'name-taken', side: undefined, hrefs: [`/${side}/work/`] },
    });
  });

  test('SC8 does not cost what was agreed under it', () => {
    const facts = factsOf({ a: ['mine', 'work'], b: ['theirs', 'work'] }, { known: [known('work', 7)] });
    const mappings = map(facts, elsewhere);
    expect(mappings.map((mapping) => mapping.known?.id)).toEqual([undefined, 7]);
    expect(forgotten(facts, mappings)).toEqual([]);
  });

  test.each(SIDES)('SC8 is nothing to tell where that is the collection of %s itself', (side) => {
    const facts = factsOf({ a: ['work', 'other'], b: ['work', 'other'] });
    for (const wanted of [hrefOf(`/${side}/work/`), idOf('work')]) {
      expect(mapOne(facts, apart(seenFrom(side, wanted, idOf('other'))))).toMatchObject({ unclear: undefined });
    }
  });

  test('SC8 is nothing to tell of what is excluded, or what collections does not lead to', () => {
    const facts = factsOf({ a: ['mine', 'work'], b: ['theirs', 'work'] });
    expect(mapOne(facts, { ...elsewhere, exclude: ['work'] })).toMatchObject({ named: true });
    expect(mapOne(facts, { ...elsewhere, ...NONE })).toMatchObject({ named: true });
  });
});

describe.each(SIDES)('SC8 one collection of %s that two mappings lead to', (side) => {
  const other = otherSide(side);
  const facts = factsOf(bySide(() => ['work', 'home', 'rest']));
  const twice = (reached: NamedCollection, ...more: readonly NamedMapping[]): readonly Mapping[] =>
    map(facts, {
      ...NONE,
      mappings: [
        named('apart', seenFrom(side, idOf('work'), idOf('work'))),
        named('beside', seenFrom(side, reached, idOf('home'))),
        ...more,
      ],
    });
  const unclearOf = (mappings: readonly Mapping[]) => mappings.map(({ unclear }) => unclear);

  test('SC8 is told of both, by id and by address', () => {
    expect(unclearOf(twice(hrefOf(`/${side}/work/`)))).toEqual([
      { type: 'mapped-twice', side, others: ['beside'], waits: true },
      { type: 'mapped-twice', side, others: ['apart'], waits: true },
    ]);
  });

  test('SC8 is told where two addresses turn out to be one', () => {
    const found = seenFrom(side, new Map([[href('/way/'), on(side, 'work')]]), new Map<never, never>());
    const mappings = mappingsOf(
      { ...facts, found },
      {
        ...RULES,
        ...NONE,
        mappings: [
          named('apart', seenFrom(side, hrefOf(`/${side}/work/`), idOf('work'))),
          named('beside', seenFrom(side, hrefOf('/way/'), idOf('home'))),
        ],
      },
    );
    expect(unclearOf(mappings)).toMatchObject([{ others: ['beside'] }, { others: ['apart'] }]);
  });

  test('SC8 is told of neither where they are two, and of no third', () => {
    expect(unclearOf(twice(hrefOf(`/${side}/home/`)))).toEqual([undefined, undefined]);
    expect(unclearOf(twice(hrefOf(`/${side}/work/`), named('rest')))[2]).toBeUndefined();
  });

  test('SC8 is told once where they are one on both sides', () => {
    const same = named('beside', seenFrom(side, hrefOf(`/${side}/work/`), hrefOf(`/${other}/work/`)));
    const mappings = map(facts, {
      ...NONE,
      mappings: [
        named(
          'apart',
          bySide(() => idOf('work')),
        ),
        same,
      ],
    });
    expect(unclearOf(mappings)).toEqual([
      { type: 'mapped-twice', side: undefined, others: ['beside'], waits: true },
      { type: 'mapped-twice', side: undefined, others: ['apart'], waits: true },
    ]);
  });

  test('SC8 keeps what was agreed of it', () => {
    const remembered = { ...facts, known: [known('work', 3)] };
    const mappings = mappingsOf(remembered, {
      ...RULES,
      ...NONE,
      mappings: [named('work'), named('beside', seenFrom(side, hrefOf(`/${side}/work/`), idOf('home')))],
    });
    expect(forgotten(remembered, mappings)).toEqual([]);
  });
});

describe('what the status knows', () => {
  const facts = (ids: Sides<readonly string[]>, ...entries: readonly Known[]): CollectionFacts =>
    factsOf(ids, { known: entries });

  test('ST5 belongs to the pair of hrefs, not to the name', () => {
    const renamed = facts({ a: ['work'], b: ['work'] }, { ...known('work'), name: 'before' });
    expect(mapOne(renamed)).toMatchObject({ name: 'work', known: { id: 1 } });
  });

  test.each(SIDES)('ST5 is void where %s leads elsewhere', (side) => {
    const hrefs = seenFrom(side, href('/before/'), href(`/${otherSide(side)}/work/`));
    const moved = facts({ a: ['work'], b: ['work'] }, known('work', 1, hrefs));
    const mapping = mapOne(moved);
    expect(mapping).toMatchObject({ name: 'work', known: undefined });
    expect(forgotten(moved, mapping === undefined ? [] : [mapping])).toEqual([known('work', 1, hrefs)]);
  });

  test.each(SIDES)('SC4 holds for the side that is left of it when %s is gone', (side) => {
    const left = facts(seenFrom(side, [], ['work']), known('work'));
    expect(mapOne(left)).toMatchObject({ known: { id: 1 } });
  });

  test.each(SIDES)('ST5 does not hold for another collection of that name when %s is gone', (side) => {
    const hrefs = seenFrom(side, href(`/${side}/work/`), href('/before/'));
    expect(mapOne(facts(seenFrom(side, [], ['work']), known('work', 1, hrefs)))).toMatchObject({ known: undefined });
  });

  test.each(SIDES)(
    'SC4 of a collection that is left, and went by another name, is not taken for this one (%s)',
    (side) => {
      const left = facts(seenFrom(side, [], ['work']), { ...known('work'), name: 'before' });
      expect(mapOne(left)).toMatchObject({ known: undefined });
    },
  );

  test('SC3 is known of what is gone from both sides and named', () => {
    expect(mapOne(facts(NOWHERE, known('work')), { mappings: [named('work')] })).toMatchObject({ known: { id: 1 } });
  });

  test('SC5 and no mapping leads to is forgotten, alone', () => {
    const all = facts({ a: ['work', 'old'], b: ['work', 'old'] }, known('work', 1), known('old', 2));
    const mappings = map(all, { ...NONE, mappings: [named('work')] });
    expect(namesOf(mappings)).toEqual(['work']);
    expect(forgotten(all, mappings)).toEqual([known('old', 2)]);
  });
});

describe.each(SIDES)('SC8 two collections of %s with one id', (side) => {
  const twice = [on(side, 'work', '/1/'), on(side, 'work', '/2/')];
  const facts: CollectionFacts = {
    ...factsOf(NOWHERE, { known: [known('work')] }),
    discovered: seenFrom(side, twice, [on(otherSide(side), 'work')]),
  };
  const hrefs = twice.map((collection) => collection.href);

  test('SC8 are named', () => {
    expect(mapOne(facts)).toMatchObject({ name: 'work', unclear: { type: 'duplicate-id', side, hrefs } });
  });

  test('SC8 are no reason to forget what was agreed', () => {
    expect(mapOne(facts)).toMatchObject({ known: { id: 1 } });
    expect(forgotten(facts, map(facts))).toEqual([]);
  });

  test('SC8 are both taken out of collections all when the configuration names the id', () => {
    const mappings = map(facts, {
      mappings: [
        named(
          'apart',
          bySide(() => idOf('work')),
        ),
      ],
    });
    expect(namesOf(mappings)).toEqual(['apart']);
    expect(mappings[0]).toMatchObject({ unclear: { type: 'duplicate-id', side, hrefs } });
  });

  test('SC8 can be told apart by address', () => {
    const mapping = mapOne(facts, { mappings: [named('apart', seenFrom(side, hrefOf('/2/'), idOf('work')))] });
    expect(mapping).toMatchObject({ unclear: undefined, sides: { [side]: twice[1] } });
  });
});
