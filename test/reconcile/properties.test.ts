import { describe, expect, test } from 'vitest';
import type { ConflictWay } from '../../src/model/rules.ts';
import { otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import {
  decideProperty,
  type PropertyAction,
  type PropertyTerms,
  propertyFacts,
} from '../../src/reconcile/properties.ts';
import { seenFrom } from './given.ts';

type Value = string | undefined;

const TERMS: PropertyTerms = { ways: [], oneWay: false, writable: new Set(SIDES) };
const keep = (side: Side): ConflictWay => ({ type: 'keep', side });

const decide = (
  values: Sides<Value>,
  agreed: { readonly value: Value } | undefined,
  terms: Partial<PropertyTerms> = {},
): PropertyAction | undefined => decideProperty({ name: 'displayname', values, agreed }, { ...TERMS, ...terms });

const OLD = { value: 'old' };
const NONE = { value: undefined };

describe.each(SIDES)('properties seen from %s', (side) => {
  const other = otherSide(side);
  const set = (value: Value): PropertyAction => ({ type: 'set', name: 'displayname', side: other, value });

  test.each<[string, Value, Value, typeof OLD | typeof NONE | undefined]>([
    ['that only one side ever had', 'new', undefined, undefined],
    ['that one side added', 'new', undefined, NONE],
    ['that one side changed', 'new', 'old', OLD],
    ['that one side removed', undefined, 'old', OLD],
  ])('SI4 a value %s goes to the other', (_, here, there, agreed) => {
    expect(decide(seenFrom(side, here, there), agreed)).toEqual(set(here));
  });

  test.each<[string, Value, Value, typeof OLD | typeof NONE | undefined]>([
    ['first seen', 'x', 'y', undefined],
    ['added', 'x', 'y', NONE],
    ['changed', 'x', 'y', OLD],
    ['removed and changed', undefined, 'y', OLD],
  ])('SI6 different values %s are a conflict, settled by the side that is kept', (_, here, there, agreed) => {
    const values = seenFrom(side, here, there);
    expect(decide(values, agreed)).toEqual({ type: 'conflict', name: 'displayname', values });
    expect(decide(values, agreed, { ways: [keep(side)] })).toEqual(set(here));
    expect(decide(values, agreed, { ways: [keep(side), keep(other)] })).toEqual(set(here));
  });

  test('SI6 the side that is kept does not win over a single change', () => {
    expect(decide(seenFrom(side, 'new', 'old'), OLD, { ways: [keep(other)] })).toEqual(set('new'));
  });

  test('SI5 what is the same is recorded, unless that is known', () => {
    expect(decide(seenFrom(side, 'x', ' x '), OLD)).toMatchObject({ type: 'record' });
    expect(decide(seenFrom(side, 'x', 'x'), undefined)).toMatchObject({ type: 'record', value: 'x' });
    expect(decide(seenFrom(side, ' old', 'old'), OLD)).toBeUndefined();
  });

  test('SG4 of a side that takes no writes it is held', () => {
    const writable = new Set([side]);
    const reason = { type: 'read-only', side: other, waits: false };
    const held = { type: 'hold', name: 'displayname', side: other, reason };
    expect(decide(seenFrom(side, 'new', 'old'), OLD, { writable })).toEqual(held);
    expect(decide(seenFrom(side, 'x', 'y'), OLD, { writable, ways: [keep(side)] })).toEqual(held);
    expect(decide(seenFrom(other, 'new', 'old'), OLD, { writable })).toMatchObject({ type: 'set', side });
  });

  test('SG4 with one_way b follows a, whatever changed where', () => {
    for (const agreed of [undefined, NONE, OLD, { value: 'x' }]) {
      for (const [a, b] of [
        ['x', 'y'],
        [undefined, 'y'],
        ['x', undefined],
      ] as const) {
        const action = decide({ a, b }, agreed, { oneWay: true, ways: [keep(side)] });
        expect(action).toEqual({ type: 'set', name: 'displayname', side: 'b', value: a });
      }
    }
  });
});

test('SI1 what is removed on both sides is recorded as such', () => {
  expect(decide({ a: undefined, b: '' }, OLD)).toEqual({ type: 'record', name: 'displayname', value: undefined });
});

test('SI7 what was never set anywhere, or stayed, needs nothing', () => {
  expect(decide({ a: undefined, b: undefined }, undefined)).toBeUndefined();
  expect(decide({ a: undefined, b: ' ' }, NONE)).toBeUndefined();
  expect(decide({ a: 'old', b: 'old' }, OLD)).toBeUndefined();
});

test('SI5 colours are compared by what they show', () => {
  const facts = { name: 'color', agreed: { value: '#f00' } } as const;
  expect(decideProperty({ ...facts, values: { a: 'RED', b: '#FF0000FF' } }, TERMS)).toBeUndefined();
  expect(decideProperty({ ...facts, values: { a: 'red', b: 'blue' } }, TERMS)).toMatchObject({
    type: 'set',
    side: 'a',
    value: 'blue',
  });
});

test('the facts of properties come in the order of the names, with what both sides have', () => {
  const properties = { a: { color: 'red', displayname: 'Work' }, b: { displayname: 'Job', order: '1' } };
  const agreed = (name: string): typeof OLD | undefined => (name === 'color' ? OLD : undefined);
  expect(propertyFacts(['displayname', 'color'], properties, agreed)).toEqual([
    { name: 'displayname', values: { a: 'Work', b: 'Job' }, agreed: undefined },
    { name: 'color', values: { a: 'red', b: undefined }, agreed: OLD },
  ]);
});
