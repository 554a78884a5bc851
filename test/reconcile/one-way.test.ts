import { describe, expect, test } from 'vitest';
import { etag, ident } from '../../src/model/names.ts';
import { SIDES } from '../../src/model/sides.ts';
import { decideItemOneWay } from '../../src/reconcile/one-way.ts';
import type { ItemAction } from '../../src/reconcile/plan.ts';
import { absent, agreedOn, at, both, copies, holding, itemOf, type State, touched, unknown } from './given.ts';

const X = ident('x');
const AGREED = agreedOn(both(1));

const decide = (
  a: State,
  b: State,
  agreement: typeof AGREED | undefined = AGREED,
  keepSurplus = false,
): ItemAction | undefined => decideItemOneWay(itemOf({ a, b }, agreement), { keepSurplus });
/** Of an item that no agreement knows. */
const decideNew = (a: State, b: State, keepSurplus = false): ItemAction | undefined =>
  decideItemOneWay(itemOf({ a, b }, undefined), { keepSurplus });

const update = (source: number, target: number, because: 'edited' | 'one-way'): ItemAction => ({
  type: 'update',
  ident: X,
  from: 'a',
  source: at('a', source),
  twins: [],
  target: at('b', target),
  surplus: [],
  because,
});

describe('SG4 with one_way, a is copied', () => {
  const creation = { type: 'create', ident: X, from: 'a', twins: [] };

  test('SG4 what is new on a', () => {
    expect(decideNew(holding(1), absent)).toEqual({ ...creation, source: at('a', 1) });
    expect(decideNew(holding(1), absent, true)).toEqual({ ...creation, source: at('a', 1) });
  });

  test('SG4 what a edited, as an edit', () => {
    expect(decide(holding(2), holding(1))).toEqual(update(2, 1, 'edited'));
  });

  test('SG4 what a deleted, as a deletion', () => {
    const deletion = { type: 'delete', ident: X, side: 'b', target: at('b', 1), surplus: [], because: 'deleted' };
    expect(decide(absent, holding(1))).toEqual(deletion);
    expect(decide(absent, holding(1), AGREED, true)).toEqual(deletion);
  });
});

describe('SG4 with one_way, on b is undone', () => {
  test('SG4 an edit', () => {
    expect(decide(holding(1), holding(2))).toEqual(update(1, 2, 'one-way'));
    expect(decide(holding(3), holding(2))).toEqual(update(3, 2, 'one-way'));
    expect(decideNew(holding(1), holding(2))).toEqual(update(1, 2, 'one-way'));
  });

  test('SG4 a deletion', () => {
    expect(decide(holding(1), absent)).toMatchObject({ type: 'create', from: 'a', source: at('a', 1) });
  });

  test('SG4 an addition', () => {
    const deletion = { type: 'delete', ident: X, side: 'b', target: at('b', 2), surplus: [], because: 'one-way' };
    expect(decideNew(absent, holding(2))).toEqual(deletion);
  });

  test('SG4 an edit of what a deleted', () => {
    expect(decide(absent, holding(2))).toMatchObject({ type: 'delete', because: 'one-way' });
  });

  test('SI10 copies, with the one that counts', () => {
    expect(decide(holding(2), copies(1, 1))).toMatchObject({ surplus: [{ href: '/b/x-1' }] });
    expect(decide(absent, copies(1, 1))).toMatchObject({ type: 'delete', surplus: [{ href: '/b/x-1' }] });
  });
});

describe('SG4 with one_way, in a mapping without agreements', () => {
  test('SG4 what only b holds waits for a person', () => {
    const reason = { type: 'surplus', waits: true };
    expect(decideNew(absent, holding(1), true)).toEqual({ type: 'hold', ident: X, side: 'b', reason });
  });

  test('SG4 what both hold follows a', () => {
    expect(decideNew(holding(1), holding(2), true)).toEqual(update(1, 2, 'one-way'));
  });
});

describe('as without one_way', () => {
  test('SI1 what is gone from both sides is forgotten', () => {
    expect(decide(absent, absent)).toEqual({ type: 'forget', ident: X });
    expect(decideNew(absent, absent)).toBeUndefined();
  });

  test('SI5 what is equal is recorded', () => {
    expect(decideNew(holding(1), holding(1))).toEqual({
      type: 'record',
      ident: X,
      sides: { a: at('a', 1), b: at('b', 1) },
    });
    expect(decide(holding(2), holding(2))).toMatchObject({ type: 'record' });
  });

  test('SI7 what moved is recorded, what is untouched needs nothing', () => {
    expect(decide(touched(1), holding(1))).toMatchObject({ type: 'record', sides: { a: { etag: etag('touched') } } });
    expect(decide(holding(1), touched(1))).toMatchObject({ type: 'record', sides: { b: { etag: etag('touched') } } });
    expect(decide(holding(1), holding(1))).toBeUndefined();
  });

  test('SI14 what each side keeps of the agreed text is no difference', () => {
    expect(decide(holding(1), holding(2), agreedOn({ a: 1, b: 2 }))).toBeUndefined();
  });

  test('SI8 what is unknown on either side is held', () => {
    for (const there of [absent, unknown, holding(1), copies(1, 2)]) {
      expect(decide(unknown, there)).toMatchObject({ type: 'hold', reason: { type: 'unknown' } });
      expect(decide(there, unknown)).toMatchObject({ type: 'hold', reason: { type: 'unknown' } });
    }
  });

  test.each(SIDES)('SI10 copies on %s that differ are held', (side) => {
    const states = { a: holding(1), b: holding(1), [side]: copies(1, 2) };
    expect(decide(states.a, states.b)).toMatchObject({ type: 'hold', side, reason: { type: 'duplicate' } });
  });
});
