import { describe, expect, test } from 'vitest';
import type { PairRules } from '../../src/model/rules.ts';
import { otherSide, SIDES } from '../../src/model/sides.ts';
import type { ItemFacts, MappingFacts } from '../../src/reconcile/facts.ts';
import { type ItemsPlan, planItems, type Terms } from '../../src/reconcile/mapping.ts';
import {
  absent,
  agreedOn,
  at,
  both,
  copies,
  holding,
  itemOf,
  NOTHING_ALLOWED,
  RULES,
  seenFrom,
  unknown,
} from './given.ts';

/** A mapping with `items`, in which 10 more are untouched. */
const plan = (
  items: readonly ItemFacts[],
  rules: Partial<PairRules> = {},
  terms: Partial<Terms> = {},
  facts: Partial<MappingFacts> = {},
): ItemsPlan =>
  planItems(
    { items, agreed: 10 + items.length, isFirst: false, holds: { a: 10, b: 10 }, ...facts },
    { rules: { ...RULES, ...rules }, allowed: NOTHING_ALLOWED, readOnly: new Set(), heldBefore: new Set(), ...terms },
  );
const agreed = (name: string) => agreedOn(both(1), name);
const EMPTY: Partial<MappingFacts> = { agreed: 0, isFirst: true, holds: { a: 0, b: 0 } };

describe('planItems', () => {
  test('SR2 has an action for each item that needs one, and none for the others', () => {
    const items = [
      itemOf({ a: holding(2), b: holding(1) }, agreed('edited'), 'edited'),
      itemOf({ a: holding(1), b: holding(1) }, agreed('untouched'), 'untouched'),
      itemOf({ a: absent, b: holding(1) }, agreed('deleted'), 'deleted'),
      itemOf({ a: copies(1, 2), b: holding(1) }, agreed('twice'), 'twice'),
      itemOf({ a: unknown, b: holding(1) }, agreed('unknown'), 'unknown'),
    ];
    expect(plan(items)).toMatchObject({
      type: 'actions',
      actions: [
        { type: 'update', ident: 'edited' },
        { type: 'delete', ident: 'deleted' },
        { type: 'hold', ident: 'twice' },
        { type: 'hold', ident: 'unknown' },
      ],
    });
  });

  test('SG1 has no action at all where the mapping is held', () => {
    const items = [
      itemOf({ a: absent, b: holding(1) }, agreed('x')),
      itemOf({ a: absent, b: holding(1) }, agreed('y'), 'y'),
      itemOf({ a: absent, b: holding(2) }, undefined, 'new'),
    ];
    expect(plan(items, {}, {}, { agreed: 2, holds: { a: 0, b: 3 } })).toEqual({
      type: 'held',
      reason: { type: 'emptied', side: 'a', items: 2, waits: true },
    });
  });

  test.each(SIDES)('SI6 settles conflicts by the side that is kept: %s', (side) => {
    const items = [itemOf({ a: holding(2), b: holding(3) }, agreed('x'))];
    expect(plan(items)).toMatchObject({ actions: [{ type: 'conflict' }] });
    const kept = plan(items, { conflictResolution: [{ type: 'keep', side }] });
    expect(kept).toMatchObject({ actions: [{ type: 'update', from: side, because: 'conflict' }] });
  });
});

describe.each(SIDES)('SG4 a read-only side %s', (side) => {
  const other = otherSide(side);
  const readOnly = new Set([side]);
  const hold = { type: 'hold', ident: 'x', side, reason: { type: 'read-only', side, waits: false } };

  test.each([
    ['created', absent, holding(2), undefined],
    ['updated', holding(1), holding(2), agreed('x')],
    ['deleted', holding(1), absent, agreed('x')],
    ['overwritten', holding(2), holding(3), agreed('x')],
  ])('SG4 holds what would be %s there', (_, here, there, agreement) => {
    const rules: Partial<PairRules> = { conflictResolution: [{ type: 'keep', side: other }] };
    expect(plan([itemOf(seenFrom(side, here, there), agreement)], rules, { readOnly })).toEqual({
      type: 'actions',
      actions: [hold],
    });
  });

  test('SG4 is copied from', () => {
    for (const there of [absent, holding(1)]) {
      const items = [itemOf(seenFrom(side, holding(2), there), agreed('x'))];
      expect(plan(items, {}, { readOnly })).toMatchObject({ actions: [{ from: side, source: at(side, 2) }] });
    }
  });

  test('SG4 hides no conflict, no record and no other hold', () => {
    const items = [
      itemOf({ a: holding(2), b: holding(3) }, agreed('x')),
      itemOf({ a: holding(2), b: holding(2) }, agreed('y'), 'y'),
      itemOf(seenFrom(side, holding(1), unknown), agreed('z'), 'z'),
    ];
    expect(plan(items, {}, { readOnly })).toMatchObject({
      actions: [{ type: 'conflict' }, { type: 'record' }, { type: 'hold', reason: { type: 'unknown' } }],
    });
  });

  test('SG2 what it does not let happen is no deletion', () => {
    const items = [itemOf(seenFrom(side, holding(1), absent), agreed('x'))];
    expect(plan(items, { maxDelete: { type: 'count', count: 0 } }, { readOnly })).toMatchObject({ actions: [hold] });
  });
});

describe('SG4 with one_way', () => {
  const oneWay: Partial<PairRules> = { oneWay: true };
  const added = itemOf({ a: absent, b: holding(1) }, undefined);
  const surplus = { type: 'hold', ident: 'x', side: 'b', reason: { type: 'surplus', waits: true } };
  const removed = { type: 'delete', ident: 'x', side: 'b', because: 'one-way' };

  test('SG4 what b added is removed', () => {
    expect(plan([added], oneWay)).toMatchObject({ actions: [removed] });
  });

  test('SG4 in a mapping without agreements it is held, until --allow-delete', () => {
    expect(plan([added], oneWay, {}, EMPTY)).toEqual({ type: 'actions', actions: [surplus] });
    const allowed = { ...NOTHING_ALLOWED, delete: true };
    expect(plan([added], oneWay, { allowed }, EMPTY)).toMatchObject({ actions: [removed] });
    for (const other of ['empty', 'rollback'] as const) {
      const allowance = { ...NOTHING_ALLOWED, [other]: true };
      expect(plan([added], oneWay, { allowed: allowance }, EMPTY)).toMatchObject({ actions: [surplus] });
    }
  });

  test('SG4 a first run that could not read all of b writes nothing, until --allow-delete', () => {
    const items = [added, itemOf({ a: holding(1), b: absent }, undefined, 'y')];
    const create = { type: 'create', ident: 'y', from: 'a' };
    const unread = (side: 'a' | 'b') => ({ ...EMPTY, unread: new Set([side]) });
    expect(plan(items, oneWay, {}, unread('b'))).toEqual({ type: 'actions', actions: [surplus] });
    expect(plan(items, oneWay, {}, unread('a'))).toMatchObject({ actions: [surplus, create] });
    const allowed = { ...NOTHING_ALLOWED, delete: true };
    expect(plan(items, oneWay, { allowed }, unread('b'))).toMatchObject({ actions: [removed, create] });
  });

  test('SG4 what the first run held stays held when there are agreements', () => {
    const heldBefore = new Set([added.ident]);
    expect(plan([added], oneWay, { heldBefore })).toMatchObject({ actions: [surplus] });
    const allowed = { ...NOTHING_ALLOWED, delete: true };
    expect(plan([added], oneWay, { heldBefore, allowed })).toMatchObject({ actions: [removed] });
  });

  test('SG4 what was held before, and is agreed now, follows a', () => {
    const items = [itemOf({ a: absent, b: holding(1) }, agreed('x'))];
    const heldBefore = new Set([added.ident]);
    expect(plan(items, oneWay, { heldBefore })).toMatchObject({ actions: [{ type: 'delete', because: 'deleted' }] });
  });
});
