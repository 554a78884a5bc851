import { describe, expect, test } from 'vitest';
import { etag, href, ident } from '../../src/model/names.ts';
import type { ConflictWay } from '../../src/model/rules.ts';
import { otherSide, SIDES, type Side } from '../../src/model/sides.ts';
import { decideItem, isEdited } from '../../src/reconcile/items.ts';
import type { ItemAction } from '../../src/reconcile/plan.ts';
import {
  absent,
  agreedOn,
  at,
  both,
  copies,
  holding,
  itemOf,
  type State,
  seenFrom,
  touched,
  unknown,
} from './given.ts';

const X = ident('x');
const AGREED = agreedOn(both(1));

/** Decided from `side`: `here` is what it holds, `there` what the other does. */
const decide = (
  side: Side,
  here: State,
  there: State,
  agreement: typeof AGREED | undefined = AGREED,
  ways: readonly ConflictWay[] = [],
): ItemAction | undefined => decideItem(itemOf(seenFrom(side, here, there), agreement), ways);

const updateFrom = (
  from: Side,
  content: number,
  target: number,
  because: 'edited' | 'conflict' = 'edited',
): ItemAction => ({
  type: 'update',
  ident: X,
  from,
  source: at(from, content),
  twins: [],
  target: at(otherSide(from), target),
  surplus: [],
  because,
});

describe('SI1', () => {
  test('SI1 what is gone from both sides is forgotten', () => {
    expect(decide('a', absent, absent)).toEqual({ type: 'forget', ident: X });
  });

  test('SI1 what was never there needs nothing', () => {
    expect(decideItem(itemOf({ a: absent, b: absent }, undefined), [])).toBeUndefined();
  });
});

describe.each(SIDES)('from side %s', (side) => {
  const other = otherSide(side);

  test('SI2 what is new is created on the other side', () => {
    const facts = itemOf(seenFrom(side, holding(2), absent), undefined);
    expect(decideItem(facts, [])).toEqual({ type: 'create', ident: X, from: side, source: at(side, 2), twins: [] });
  });

  test('SI2 an edit outlives the deletion on the other side', () => {
    expect(decide(side, holding(2), absent)).toEqual({
      type: 'create',
      ident: X,
      from: side,
      source: at(side, 2),
      twins: [],
    });
  });

  test.each([
    ['untouched', holding(1), 'v1'],
    ['the same', touched(1), 'touched'],
  ])('SI3 what is %s, and gone from the other side, is deleted as it was seen', (_, state, seen) => {
    const target = { ...at(side, 1), etag: etag(seen) };
    const action = decide(side, state, absent);
    expect(action).toEqual({ type: 'delete', ident: X, side, target, surplus: [], because: 'deleted' });
  });

  test('SI4 an edit goes to the other side, onto the version seen there', () => {
    expect(decide(side, holding(2), holding(1))).toEqual(updateFrom(side, 2, 1));
    expect(decide(side, holding(2), touched(1))).toMatchObject({
      type: 'update',
      from: side,
      target: { ...at(other, 1), etag: 'touched' },
    });
  });

  test('SI4 with a content of its own agreed on each side', () => {
    const agreement = agreedOn(seenFrom(side, 1, 2));
    expect(decide(side, holding(3), holding(2), agreement)).toEqual(updateFrom(side, 3, 2));
    // What the other side has agreed is an edit here.
    expect(decide(side, holding(2), holding(3), agreement)).toMatchObject({ type: 'conflict' });
  });

  test.each([
    ['new on both sides', undefined],
    ['edited alike', AGREED],
  ])('SI5 what is %s is recorded, and nothing written', (_, agreement) => {
    const facts = itemOf(seenFrom(side, holding(2), touched(2)), agreement);
    const sides = seenFrom(side, at(side, 2), { ...at(other, 2), etag: etag('touched') });
    expect(decideItem(facts, [])).toEqual({ type: 'record', ident: X, sides });
  });

  test('SI6 what both sides edited is a conflict', () => {
    const sides = seenFrom(side, at(side, 2), at(other, 3));
    expect(decide(side, holding(2), holding(3))).toMatchObject({ type: 'conflict', ident: X, sides });
  });

  test('SI6 what is new on both sides, and differs, is a conflict', () => {
    const facts = itemOf(seenFrom(side, holding(2), holding(3)), undefined);
    expect(decideItem(facts, [])).toMatchObject({ type: 'conflict' });
  });

  test('SI6 the side to be kept goes to the other one', () => {
    const keep: readonly ConflictWay[] = [{ type: 'keep', side }];
    expect(decide(side, holding(2), holding(3), AGREED, keep)).toEqual(updateFrom(side, 2, 3, 'conflict'));
    expect(decideItem(itemOf(seenFrom(side, holding(2), holding(3)), undefined), keep)).toEqual(
      updateFrom(side, 2, 3, 'conflict'),
    );
  });

  test('SI6 the first way settles it', () => {
    const ways = [side, other].map((each): ConflictWay => ({ type: 'keep', side: each }));
    expect(decide(side, holding(2), holding(3), AGREED, ways)).toEqual(updateFrom(side, 2, 3, 'conflict'));
  });

  test('SI6 a way to settle conflicts touches nothing that is none', () => {
    const ways: readonly ConflictWay[] = [{ type: 'keep', side: other }];
    expect(decide(side, holding(2), holding(1), AGREED, ways)).toEqual(updateFrom(side, 2, 1));
    expect(decide(side, holding(2), absent, AGREED, ways)).toMatchObject({ type: 'create', from: side });
    expect(decide(side, holding(1), absent, AGREED, ways)).toMatchObject({ type: 'delete', side });
  });

  test('SI7 what moved is recorded where it is now', () => {
    const moved: State = (where) => ({ type: 'present', versions: [{ ...at(where, 1), href: href('/moved') }] });
    for (const state of [moved, touched(1)]) {
      const action = decide(side, state, holding(1));
      expect(action).toMatchObject({ type: 'record', sides: { [other]: at(other, 1) } });
      const recorded = action?.type === 'record' ? action.sides[side] : undefined;
      expect(recorded).not.toEqual(at(side, 1));
    }
  });

  test('SI8 what is unknown is left alone, and so is its counterpart', () => {
    for (const there of [absent, unknown, holding(1), holding(2), copies(2, 2)]) {
      for (const agreement of [undefined, AGREED]) {
        const facts = itemOf(seenFrom(side, unknown, there), agreement);
        expect(decideItem(facts, [{ type: 'keep', side: other }])).toMatchObject({ type: 'hold', ident: X });
      }
    }
  });

  test('SI8 the hold names the side, and why, and whether it waits for a person', () => {
    for (const waits of [true, false]) {
      const state: State = () => ({ type: 'unknown', reason: 'cut', waits });
      const reason = { type: 'unknown', text: 'cut', waits };
      expect(decide(side, state, holding(2))).toEqual({ type: 'hold', ident: X, side, reason });
    }
  });

  test('SI8 it goes before copies that differ', () => {
    expect(decide(side, copies(1, 2), unknown)).toMatchObject({ side: other, reason: { type: 'unknown' } });
  });

  test('SI10 copies beside the source are named as twins, those beside the target go with it', () => {
    const surplus = (where: Side, content: number) => [{ ...at(where, content), href: href(`/${where}/x-1`) }];
    expect(decide(side, copies(2, 2), absent)).toMatchObject({ type: 'create', twins: surplus(side, 2) });
    expect(decide(side, copies(2, 2), copies(1, 1))).toMatchObject({
      type: 'update',
      from: side,
      twins: surplus(side, 2),
      surplus: surplus(other, 1),
    });
    expect(decide(side, copies(1, 1), absent)).toMatchObject({ type: 'delete', surplus: surplus(side, 1) });
  });

  test('SI14 what each side keeps of the agreed text is no difference', () => {
    const agreement = agreedOn(seenFrom(side, 1, 2));
    expect(decide(side, holding(1), holding(2), agreement)).toBeUndefined();
    expect(decide(side, holding(1), absent, agreement)).toMatchObject({ type: 'delete', side });
  });

  test('SF1 what became equal is recorded, however it did', () => {
    const agreement = agreedOn(seenFrom(side, 1, 2));
    expect(decide(side, holding(1), holding(1), agreement)).toMatchObject({ type: 'record' });
    expect(decide(side, holding(2), holding(2), agreement)).toMatchObject({ type: 'record' });
  });

  test('SG5 an older content is an edit like any other', () => {
    const state: State = (where) => ({ type: 'present', versions: [{ ...at(where, 2), older: true }] });
    expect(decide(side, state, holding(1))).toMatchObject({ type: 'update', from: side });
  });

  test('isEdited compares the fingerprint with that of its own side, and nothing else', () => {
    const agreement = agreedOn(seenFrom(side, 1, 2));
    expect(isEdited(agreement, side, { ...at(side, 1, 'elsewhere'), etag: etag('other') })).toBe(false);
    expect(isEdited(agreement, side, at(side, 2))).toBe(true);
    expect(isEdited(undefined, side, at(side, 1))).toBe(true);
  });
});

test('SI7 what is untouched on both sides needs nothing', () => {
  expect(decide('a', holding(1), holding(1))).toBeUndefined();
});
