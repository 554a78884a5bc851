import type { Agreement } from '../../src/model/agreement.ts';
import { etag, type Ident, ident } from '../../src/model/names.ts';
import type { ConflictWay, PairRules } from '../../src/model/rules.ts';
import { bySide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { ItemFacts, MappingFacts, SideFacts, Version } from '../../src/reconcile/facts.ts';
import { type ItemsPlan, planItems, type Terms } from '../../src/reconcile/mapping.ts';
import { absent, at, copies, holding, itemOf, NOTHING_ALLOWED, RULES, type State, unknown } from './given.ts';

/** A mapping with all that is known of it, and on what terms it is to be decided about. */
export interface World {
  readonly facts: MappingFacts;
  readonly terms: Terms;
}

export const planOf = ({ facts, terms }: World): ItemsPlan => planItems(facts, terms);

export const worldOf = (items: readonly ItemFacts[], terms: Terms): World => ({
  facts: {
    items,
    agreed: items.filter(({ agreement }) => agreement !== undefined).length,
    isFirst: items.every(({ agreement }) => agreement === undefined),
    holds: bySide((side) => items.reduce((sum, { sides }) => sum + countOf(sides[side]), 0)),
  },
  terms,
});

const countOf = (here: SideFacts): number =>
  here.type === 'present' ? here.versions.length : here.type === 'unknown' ? 1 : 0;

export const versionsOf = (item: ItemFacts, side: Side): readonly Version[] => {
  const here = item.sides[side];
  return here.type === 'present' ? here.versions : [];
};

const RESOLUTIONS: readonly (readonly ConflictWay[])[] = [
  [],
  [{ type: 'keep', side: 'a' }],
  [{ type: 'keep', side: 'b' }],
];

/** Two-way with each of these resolutions, and one way; with and without a side that takes no writes. */
function manners(resolutions: typeof RESOLUTIONS, guards: readonly Partial<PairRules>[]): readonly Terms[] {
  const ways: readonly Partial<PairRules>[] = [
    ...resolutions.map((conflictResolution) => ({ conflictResolution })),
    { oneWay: true },
  ];
  const readOnly: readonly ReadonlySet<Side>[] = [new Set(), ...SIDES.map((side) => new Set([side]))];
  return ways.flatMap((way) =>
    guards.flatMap((guard) =>
      readOnly.map((sides) => ({
        rules: { ...RULES, ...way, ...guard },
        allowed: NOTHING_ALLOWED,
        readOnly: sides,
        heldBefore: new Set<Ident>(),
      })),
    ),
  );
}

const FEW_STATES: readonly State[] = [absent, unknown, holding(1), holding(2), copies(1, 2)];
const STATES: readonly State[] = [
  ...FEW_STATES,
  holding(3),
  ...[1, 2, 3].map((content) => copies(content, content)),
  copies(2, 1),
  copies(2, 3),
];
/** Contents have no order, and any may be called the first. */
const AGREED: readonly Sides<number>[] = [
  { a: 1, b: 1 },
  { a: 1, b: 2 },
];

/** An agreed version is where and what the side holds, if its content is; or it is in another version, or at a copy's address. */
const PLACES: readonly ((version: Version, side: Side, name: string) => Version)[] = [
  (version) => version,
  (version) => ({ ...version, etag: etag('before') }),
  (version, side, name) => ({ ...version, href: at(side, 0, `${name}-1`).href }),
];

const pairs = <T>(values: readonly T[]): readonly Sides<T>[] => values.flatMap((a) => values.map((b) => ({ a, b })));

function itemsOf(states: readonly State[], places: typeof PLACES, name: string): readonly ItemFacts[] {
  const known = AGREED.flatMap((content) =>
    pairs(places).map(
      (place): Agreement => ({
        ident: ident(name),
        sides: bySide((side) => place[side](at(side, content[side], name), side, name)),
      }),
    ),
  );
  return pairs(states).flatMap((each) => [undefined, ...known].map((agreement) => itemOf(each, agreement, name)));
}

/** Every world of one item. */
export function* worldsOfOne(): Generator<World> {
  const items = itemsOf(STATES, PLACES, 'x');
  for (const terms of manners(RESOLUTIONS, [{ onEmpty: 'sync' }, { onEmpty: 'skip' }])) {
    for (const item of items) yield worldOf([item], terms);
  }
}

/** Worlds of two items, of fewer states, with the guards that count them. What keeps b is the mirror of what keeps a (L1). */
export function* worldsOfTwo(): Generator<World> {
  const items = itemsOf(FEW_STATES, PLACES.slice(0, 1), 'x');
  const others = itemsOf(FEW_STATES, PLACES.slice(0, 1), 'y');
  const guards: readonly Partial<PairRules>[] = [
    { onEmpty: 'skip' },
    { onEmpty: 'sync', maxDelete: { type: 'count', count: 0 } },
    { onEmpty: 'sync', maxDelete: { type: 'share', percent: 50 } },
  ];
  for (const terms of manners(RESOLUTIONS.slice(0, 2), guards)) {
    for (const [index, item] of items.entries()) {
      for (const other of others.slice(index)) yield worldOf([item, other], terms);
    }
  }
}
