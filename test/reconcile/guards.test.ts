import { describe, expect, test } from 'vitest';
import { ident } from '../../src/model/names.ts';
import type { MaxDelete, PairRules } from '../../src/model/rules.ts';
import { bySide, otherSide, SIDES, type Side } from '../../src/model/sides.ts';
import type { ItemFacts, MappingFacts } from '../../src/reconcile/facts.ts';
import { type Allowances, guard } from '../../src/reconcile/guards.ts';
import type { MappingHold } from '../../src/reconcile/hold-reason.ts';
import { decideItem } from '../../src/reconcile/items.ts';
import { decideItemOneWay } from '../../src/reconcile/one-way.ts';
import type { ItemAction } from '../../src/reconcile/plan.ts';
import {
  absent,
  agreedOn,
  at,
  both,
  holding,
  itemOf,
  NOTHING_ALLOWED,
  present,
  RULES,
  type State,
  seenFrom,
  unknown,
} from './given.ts';

/** What is true of a mapping with these items, all agreed on content 1, and `untouched` others. */
const factsOf = (items: readonly ItemFacts[], untouched = 0): MappingFacts => ({
  items,
  agreed: untouched + items.filter(({ agreement }) => agreement !== undefined).length,
  isFirst: false,
  holds: bySide((side) => untouched + items.filter(({ sides }) => sides[side].type !== 'absent').length),
});

/** `count` agreed items that are `here` on `side` and `there` on the other. */
const several = (count: number, side: Side, here: State, there: State = holding(1)): readonly ItemFacts[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `${side}${index}`;
    return itemOf(seenFrom(side, here, there), agreedOn(both(1), name), name);
  });

const guardOf = (
  facts: MappingFacts,
  rules: Partial<PairRules> = {},
  allowed: Partial<Allowances> = {},
): MappingHold | undefined => {
  const decide = (item: ItemFacts): ItemAction | undefined =>
    rules.oneWay === true ? decideItemOneWay(item, { keepSurplus: false }) : decideItem(item, []);
  const actions = facts.items.flatMap((item) => decide(item) ?? []);
  return guard(facts, actions, { ...RULES, ...rules }, { ...NOTHING_ALLOWED, ...allowed });
};

const older =
  (content: number): State =>
  (side, name) =>
    present({ ...at(side, content, name), older: true });

describe.each(SIDES)('on side %s', (side) => {
  const other = otherSide(side);

  test('SG1 a side that is emptied holds the mapping, with the number of items at stake', () => {
    expect(guardOf(factsOf(several(3, side, absent)))).toEqual({ type: 'emptied', side, items: 3, waits: true });
  });

  test('SG1 an only item is no exception', () => {
    expect(guardOf(factsOf(several(1, side, absent)))).toEqual({ type: 'emptied', side, items: 1, waits: true });
  });

  test('SG1 what is edited or new on the other side does not lift it', () => {
    const facts = factsOf([...several(2, side, absent), ...several(1, other, holding(2), absent)]);
    expect(guardOf(facts)).toMatchObject({ type: 'emptied', side, items: 2 });
    expect(guardOf(factsOf(several(1, side, absent, holding(2))))).toMatchObject({ type: 'emptied' });
  });

  test('SG1 at stake is what would be deleted, be it nothing', () => {
    expect(guardOf(factsOf(several(2, side, absent, holding(2))))).toMatchObject({ type: 'emptied', items: 0 });
  });

  test('SG1 where all that is left waits for something of its own, that is told instead', () => {
    const waiting = several(2, side, absent, unknown);
    expect(guardOf(factsOf(waiting))).toBeUndefined();
    const gone = itemOf(seenFrom(side, absent, holding(1)), agreedOn(both(1), 'gone'), 'gone');
    expect(guardOf(factsOf([...waiting, gone]))).toMatchObject({ type: 'emptied', items: 1 });
  });

  test('SG1 one item that is left is enough, readable or not', () => {
    const facts = factsOf(several(3, side, absent));
    expect(guardOf({ ...facts, holds: seenFrom(side, 1, 3) })).toBeUndefined();
  });

  test('SG1 a side that never held anything was not emptied', () => {
    expect(guardOf(factsOf([itemOf(seenFrom(side, absent, holding(1)), undefined)]))).toBeUndefined();
  });

  test('SG1 on_empty sync and --allow-empty lift it, --allow-delete does not', () => {
    const facts = factsOf(several(3, side, absent));
    expect(guardOf(facts, { onEmpty: 'sync' })).toBeUndefined();
    expect(guardOf(facts, {}, { empty: true })).toBeUndefined();
    expect(guardOf(facts, {}, { delete: true, rollback: true })).toMatchObject({ type: 'emptied' });
  });

  test.each<[string, MaxDelete, number]>([
    ['none', { type: 'count', count: 0 }, 0],
    ['two', { type: 'count', count: 2 }, 2],
    ['20 percent of ten', { type: 'share', percent: 20 }, 2],
    ['25 percent of ten', { type: 'share', percent: 25 }, 2],
    ['0 percent', { type: 'share', percent: 0 }, 0],
    ['100 percent', { type: 'share', percent: 100 }, 10],
  ])('SG2 %s may be deleted, and no more', (_, maxDelete, most) => {
    const rules: Partial<PairRules> = { maxDelete, onEmpty: 'sync' };
    for (let count = 0; count <= 10; count += 1) {
      const held = guardOf(factsOf(several(count, side, absent), 10 - count), rules);
      const reason = { type: 'too-many-deletions', side: other, items: count, waits: true };
      expect(held, `${count} deletions`).toEqual(count > most ? reason : undefined);
    }
  });

  test('SG2 each side is counted for itself', () => {
    const facts = factsOf([...several(2, 'a', absent), ...several(2, 'b', absent)], 6);
    expect(guardOf(facts, { maxDelete: { type: 'count', count: 2 } })).toBeUndefined();
    expect(guardOf(facts, { maxDelete: { type: 'count', count: 1 } })).toMatchObject({ items: 2 });
  });

  test('SG2 copies, edits and what is forgotten are no deletions', () => {
    const items = [
      ...several(3, side, holding(2)),
      ...several(3, other, holding(2), absent),
      ...several(1, side, absent, absent),
    ];
    expect(guardOf(factsOf(items, 1), { maxDelete: { type: 'count', count: 0 } })).toBeUndefined();
  });

  test('SG2 --allow-delete lifts it, --allow-empty does not', () => {
    const facts = factsOf(several(3, side, absent), 1);
    const rules: Partial<PairRules> = { maxDelete: { type: 'count', count: 1 } };
    expect(guardOf(facts, rules, { delete: true })).toBeUndefined();
    expect(guardOf(facts, rules, { empty: true, rollback: true })).toMatchObject({ type: 'too-many-deletions' });
  });

  test('SG2 without max_delete there is no limit', () => {
    expect(guardOf(factsOf(several(9, side, absent), 1))).toBeUndefined();
  });

  test('SG5 ten items that go back to older content hold the mapping', () => {
    const reason = { type: 'rolled-back', side, items: 10, waits: true };
    expect(guardOf(factsOf(several(10, side, older(2))))).toEqual(reason);
    expect(guardOf(factsOf(several(9, side, older(2))))).toBeUndefined();
  });

  test('SG5 they are more than half of what that side changed', () => {
    const fresh = (count: number): readonly ItemFacts[] =>
      Array.from({ length: count }, (_, index) =>
        itemOf(seenFrom(side, holding(3), holding(1)), agreedOn(both(1), `f${index}`), `f${index}`),
      );
    expect(guardOf(factsOf([...several(10, side, older(2)), ...fresh(9)]))).toMatchObject({ items: 10 });
    expect(guardOf(factsOf([...several(10, side, older(2)), ...fresh(10)]))).toBeUndefined();
  });

  test('SG5 what both sides changed alike has nothing to be held back from', () => {
    const alike = several(10, side, older(2), older(2));
    expect(guardOf(factsOf(alike))).toBeUndefined();
    expect(guardOf(factsOf([...alike, ...several(2, other, older(2))]))).toBeUndefined();
    const fresh = several(12, side, holding(3), holding(3)).map((item, index) => ({
      ...item,
      ident: ident(`f${index}`),
    }));
    expect(guardOf(factsOf([...fresh, ...several(10, side, older(2))]))).toMatchObject({ items: 10 });
  });

  test('SG5 what both sides agree on is no change, whatever the history says', () => {
    expect(guardOf(factsOf(several(10, side, older(1))))).toBeUndefined();
  });

  test('SG5 the changes of one side do not dilute those of the other', () => {
    const facts = factsOf([...several(10, side, older(2)), ...several(20, other, holding(3))]);
    expect(guardOf(facts)).toMatchObject({ type: 'rolled-back', side });
  });

  test('SG5 only --allow-rollback lifts it', () => {
    const facts = factsOf(several(10, side, older(2)));
    expect(guardOf(facts, {}, { rollback: true })).toBeUndefined();
    expect(guardOf(facts, { onEmpty: 'sync' }, { delete: true, empty: true })).toMatchObject({ type: 'rolled-back' });
  });
});

test('SG3 both sides emptied is no cause', () => {
  const facts = factsOf(several(5, 'a', absent, absent));
  expect(guardOf(facts)).toBeUndefined();
  expect(guardOf(facts, { maxDelete: { type: 'count', count: 0 } })).toBeUndefined();
});

describe('SG4 with one_way', () => {
  const rules: Partial<PairRules> = { oneWay: true };

  test('SG1 an emptied b is filled again, an emptied a is held', () => {
    expect(guardOf(factsOf(several(3, 'b', absent)), rules)).toBeUndefined();
    expect(guardOf(factsOf(several(3, 'a', absent)), rules)).toMatchObject({ type: 'emptied', side: 'a' });
  });

  test('SG5 a roll-back of b is undone, one of a is held', () => {
    expect(guardOf(factsOf(several(10, 'b', older(2))), rules)).toBeUndefined();
    expect(guardOf(factsOf(several(10, 'a', older(2))), rules)).toMatchObject({ type: 'rolled-back', side: 'a' });
  });

  test('SG2 max_delete counts as ever', () => {
    const facts = factsOf(several(3, 'a', absent), 1);
    expect(guardOf(facts, { ...rules, maxDelete: { type: 'count', count: 2 } })).toMatchObject({ side: 'b', items: 3 });
  });
});
