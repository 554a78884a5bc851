import { describe, expect, test } from 'vitest';
import type { Collection } from '../../src/model/collection.ts';
import { collectionId, href } from '../../src/model/names.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import { type CollectionDecision, decideCollection } from '../../src/reconcile/collections.ts';
import type { Unclear } from '../../src/reconcile/hold-reason.ts';
import type { Mapping } from '../../src/reconcile/mappings.ts';
import { RULES, seenFrom } from './given.ts';

const WORK = collectionId('work');
const on = (side: Side): Collection => ({ href: href(`/${side}/work/`), id: WORK, properties: {} });
const NEITHER: Sides<Collection | undefined> = { a: undefined, b: undefined };
const BOTH = bySide(on);
const KNOWN: Pick<Mapping, 'known'> = {
  known: { id: 1, name: 'work', hrefs: { a: href('/a/work/'), b: href('/b/work/') } },
};

const decide = (
  mapping: Partial<Mapping>,
  rules: Partial<PairRules> = {},
  readOnly: readonly Side[] = [],
): CollectionDecision =>
  decideCollection(
    {
      name: 'work',
      named: false,
      wanted: bySide(() => ({ type: 'id', id: WORK })),
      sides: NEITHER,
      known: undefined,
      unclear: undefined,
      ...mapping,
    },
    { ...RULES, ...rules },
    new Set(readOnly),
  );

describe('SC1 what both sides have is synced', () => {
  test.each([
    ['unknown', {}],
    ['known', KNOWN],
  ])('SC1 if %s, whatever the rules and whoever takes writes', (_, known) => {
    for (const oneWay of [false, true]) {
      for (const readOnly of [[], ['a'], ['b']] as const) {
        expect(decide({ sides: BOTH, ...known }, { oneWay, onDelete: 'skip' }, readOnly)).toEqual({
          type: 'sync',
          collections: BOTH,
        });
      }
    }
  });
});

describe.each(SIDES)('with the collection gone from, or never on, side %s', (side) => {
  const other = otherSide(side);
  const sides = seenFrom(side, undefined, on(other));

  test('SC2 what only the other side has is created', () => {
    expect(decide({ sides })).toEqual({ type: 'create', sides: [side] });
    expect(decide({ sides, named: true })).toEqual({ type: 'create', sides: [side] });
    expect(decide({ sides }, { onDelete: 'skip' })).toEqual({ type: 'create', sides: [side] });
    expect(decide({ sides }, {}, [other])).toEqual({ type: 'create', sides: [side] });
  });

  test('SC2 not on a side that takes no writes', () => {
    const reason = { type: 'cannot-create', side, waits: false };
    expect(decide({ sides }, {}, [side])).toEqual({ type: 'held', reason });
  });

  test('SC4 on_delete sync: its items go first', () => {
    expect(decide({ sides, ...KNOWN })).toEqual({ type: 'gone', side, remaining: on(other) });
    expect(decide({ sides, ...KNOWN, named: true })).toEqual({ type: 'gone', side, remaining: on(other) });
    expect(decide({ sides, ...KNOWN }, {}, [side])).toEqual({ type: 'gone', side, remaining: on(other) });
  });

  test('SC4 on_delete skip: it is held', () => {
    const reason = { type: 'collection-gone', side, waits: true };
    expect(decide({ sides, ...KNOWN }, { onDelete: 'skip' })).toEqual({ type: 'held', reason });
  });

  test('SG4 what takes no writes is not deleted', () => {
    const reason = { type: 'cannot-delete', side: other, waits: false };
    expect(decide({ sides, ...KNOWN }, {}, [other])).toEqual({ type: 'held', reason });
  });

  test('SC3 what the configuration names is created on both sides', () => {
    for (const known of [{}, KNOWN]) {
      expect(decide({ named: true, ...known })).toEqual({ type: 'create', sides: ['a', 'b'] });
      expect(decide({ named: true, ...known }, {}, [side])).toEqual({
        type: 'held',
        reason: { type: 'cannot-create', side, waits: false },
      });
    }
  });

  test('SC8 what cannot be told apart is held and named, whatever else is known', () => {
    const hrefs = [href('/1/'), href('/2/')];
    const reasons: readonly Unclear[] = [
      { type: 'duplicate-id', side, hrefs, waits: true },
      { type: 'mapped-twice', side, others: ['home'], waits: true },
      { type: 'name-taken', side: undefined, hrefs, waits: true },
    ];
    for (const reason of reasons) {
      for (const there of [NEITHER, BOTH, sides]) {
        expect(decide({ sides: there, unclear: reason, ...KNOWN, named: true })).toEqual({ type: 'held', reason });
      }
    }
  });
});

test('SC3 what nobody names and nobody has is forgotten', () => {
  expect(decide({})).toEqual({ type: 'forget' });
  expect(decide(KNOWN)).toEqual({ type: 'forget' });
});

describe('with one_way', () => {
  const oneWay: Partial<PairRules> = { oneWay: true };

  test('SC2 what only a has is created on b, known or not: its deletion is undone', () => {
    for (const known of [{}, KNOWN]) {
      const decision = decide({ sides: { a: on('a'), b: undefined }, ...known }, { ...oneWay, onDelete: 'skip' });
      expect(decision).toEqual({ type: 'create', sides: ['b'] });
    }
  });

  test('SC2 what only b has is not created on a', () => {
    const reason = { type: 'cannot-create', side: 'a', waits: false };
    expect(decide({ sides: { a: undefined, b: on('b') } }, oneWay)).toEqual({ type: 'held', reason });
    expect(decide({ named: true }, oneWay)).toEqual({ type: 'held', reason });
  });

  test('SC4 what is gone from a goes from b', () => {
    const decision = decide({ sides: { a: undefined, b: on('b') }, ...KNOWN }, oneWay);
    expect(decision).toEqual({ type: 'gone', side: 'a', remaining: on('b') });
  });
});
