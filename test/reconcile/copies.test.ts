import { describe, expect, test } from 'vitest';
import { href, ident } from '../../src/model/names.ts';
import { otherSide, SIDES } from '../../src/model/sides.ts';
import { chooseCopy } from '../../src/reconcile/copies.ts';
import {
  absent,
  agreedOn,
  at,
  both,
  copies,
  holding,
  itemOf,
  present,
  type State,
  seenFrom,
  unknown,
} from './given.ts';

describe.each(SIDES)('on side %s', (side) => {
  const other = otherSide(side);
  const named =
    (...names: readonly string[]): State =>
    (where) =>
      present(...names.map((name) => at(where, 1, name)));

  test('SI10 a single copy stands for itself, an absent one for nothing', () => {
    expect(chooseCopy(itemOf(seenFrom(side, holding(1), absent), undefined))).toEqual({
      copies: seenFrom<unknown>(side, { version: at(side, 1), surplus: [] }, undefined),
    });
  });

  test('SI10 of equal copies the agreed one counts', () => {
    const facts = itemOf(seenFrom(side, named('a', 'x', 'z'), absent), agreedOn(both(1)));
    const chosen = chooseCopy(facts);
    expect(chosen).toMatchObject({
      copies: { [side]: { version: at(side, 1, 'x'), surplus: [at(side, 1, 'a'), at(side, 1, 'z')] } },
    });
  });

  test('SI10 else the first by href, whatever their order', () => {
    for (const agreement of [undefined, agreedOn(both(1))]) {
      for (const state of [named('m', 'k', 'z'), named('z', 'm', 'k'), named('k', 'z', 'm')]) {
        expect(chooseCopy(itemOf(seenFrom(side, state, absent), agreement))).toMatchObject({
          copies: { [side]: { version: at(side, 1, 'k'), surplus: [at(side, 1, 'm'), at(side, 1, 'z')] } },
        });
      }
    }
  });

  test('SI10 the agreed address of the other side is not taken for its own', () => {
    const agreed = agreedOn(both(1));
    const elsewhere = { ...at(side, 1), href: href('/elsewhere') };
    const agreement = { ...agreed, sides: { ...agreed.sides, [side]: elsewhere, [other]: at(side, 1, 'z') } };
    expect(chooseCopy(itemOf(seenFrom(side, named('k', 'z'), absent), agreement))).toMatchObject({
      copies: { [side]: { version: at(side, 1, 'k') } },
    });
  });

  test('SI10 different copies are held, all of them named in order', () => {
    const state: State = (where) => present(at(where, 1, 'z'), at(where, 2, 'k'), at(where, 1, 'm'));
    for (const agreement of [undefined, agreedOn(both(1))]) {
      expect(chooseCopy(itemOf(seenFrom(side, state, holding(1)), agreement))).toEqual({
        hold: {
          type: 'hold',
          ident: ident('x'),
          side,
          reason: { type: 'duplicate', hrefs: [`/${side}/k`, `/${side}/m`, `/${side}/z`], waits: true },
        },
      });
    }
  });

  test('SI10 the last of many that differs is enough', () => {
    expect(chooseCopy(itemOf(seenFrom(side, copies(1, 1, 1, 2), absent), undefined))).toHaveProperty('hold');
  });

  test('SI10 copies of one side that differ from the other side are no duplicates', () => {
    expect(chooseCopy(itemOf(seenFrom(side, copies(1, 1), copies(2, 2)), undefined))).toHaveProperty('copies');
  });

  test('SI8 what is not known on one side leaves nothing to choose', () => {
    for (const there of [absent, holding(1), copies(1, 2)]) {
      expect(chooseCopy(itemOf(seenFrom(side, unknown, there), undefined))).toMatchObject({
        hold: { type: 'hold', side, reason: { type: 'unknown', text: 'cut', waits: true } },
      });
    }
  });
});

test('SI10 nothing given is changed', () => {
  const versions = [at('a', 1, 'z'), at('a', 1, 'k')];
  const facts = itemOf({ a: () => ({ type: 'present', versions }), b: absent }, undefined);
  chooseCopy(facts);
  expect(versions.map((version) => version.href)).toEqual(['/a/z', '/a/k']);
});
