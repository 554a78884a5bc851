import { expect, test } from 'vitest';
import { ident } from '../../src/model/names.ts';
import { bySide, otherSide, SIDES } from '../../src/model/sides.ts';
import { writtenSide } from '../../src/reconcile/plan.ts';
import { at } from './given.ts';

const X = ident('x');

test.each(SIDES)('SR2 what comes from %s is written to the other side, what is deleted on it to itself', (side) => {
  const source = { ident: X, from: side, source: at(side, 1), twins: [] };
  const target = { target: at(otherSide(side), 2), surplus: [] };
  expect(writtenSide({ type: 'create', ...source })).toBe(otherSide(side));
  expect(writtenSide({ type: 'update', ...source, ...target, because: 'edited' })).toBe(otherSide(side));
  expect(writtenSide({ type: 'delete', ident: X, side, target: at(side, 1), surplus: [], because: 'deleted' })).toBe(
    side,
  );
});

test.each(SIDES)('SR2 the status, conflicts and holds (on %s) write to no side', (side) => {
  const sides = bySide((each) => at(each, 1));
  expect(writtenSide({ type: 'record', ident: X, sides })).toBeUndefined();
  expect(writtenSide({ type: 'forget', ident: X })).toBeUndefined();
  expect(writtenSide({ type: 'conflict', ident: X, sides, surplus: bySide(() => []) })).toBeUndefined();
  expect(writtenSide({ type: 'hold', ident: X, side, reason: { type: 'surplus', waits: true } })).toBeUndefined();
});
