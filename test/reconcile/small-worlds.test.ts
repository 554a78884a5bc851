import { beforeAll, describe, expect, test } from 'vitest';
import type { ItemsPlan } from '../../src/reconcile/mapping.ts';
import { lawsOfItems } from './item-laws.ts';
import { type Laws, lawsOfPlans } from './plan-laws.ts';
import { planOf, type World, worldsOfOne, worldsOfTwo } from './worlds.ts';

/**
 * Not some worlds by chance, but all small ones: an item, or two, on each side absent, unknown, of one of three
 * contents, or there twice; agreed on any of these, moved since or not; under every rule of a pair.
 */
describe.each<readonly [string, () => Iterable<World>, Laws, number]>([
  ['one item', worldsOfOne, { ...lawsOfPlans, ...lawsOfItems }, 55_000],
  // Since nothing depends on the other item, what holds of one is not asked again.
  ['two items', worldsOfTwo, lawsOfPlans, 75_000],
])('in every small world of %s', (_, worlds, laws, atLeast) => {
  /** By law, the first few worlds that break it. */
  const breaches = new Map<string, string[]>();
  let count = 0;

  beforeAll(() => {
    const entries = Object.entries(laws);
    for (const world of worlds()) {
      count += 1;
      const plan = planOf(world);
      for (const [law, keeps] of entries) {
        if (keeps(world, plan)) continue;
        const known = breaches.get(law) ?? [];
        if (known.length < 3) breaches.set(law, [...known, show(world, plan)]);
      }
    }
  }, 60_000);

  test.each(Object.keys(laws))('%s', (law) => {
    expect(breaches.get(law) ?? []).toEqual([]);
  });

  test('SR2: the worlds are as many as they should be', () => {
    expect(count).toBeGreaterThan(atLeast);
  });
});

const show = ({ facts, terms }: World, plan: ItemsPlan): string =>
  JSON.stringify({ facts, rules: terms.rules, readOnly: [...terms.readOnly], plan });
