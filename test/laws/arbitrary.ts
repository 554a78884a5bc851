import fc from 'fast-check';
import type { StorageErrorKind } from '../../src/model/errors.ts';
import type { MaxDelete } from '../../src/model/rules.ts';
import type { Side } from '../../src/model/sides.ts';
import {
  ACT_KINDS,
  type Act,
  type Disturbance,
  type History,
  LIE_MODES,
  type Rewriting,
  type Round,
  type RuleTraits,
  type StorageTraits,
} from './history.ts';

/** What a history may do without. Each leaves out about half of them, so that unusual combinations appear. */
const FEATURES = [
  ...ACT_KINDS,
  ...LIE_MODES,
  'fail',
  'die',
  'abort',
  'act-within',
  'no-checkpoints',
  'items-in-look',
  'no-etag-in-written',
  'holds-unknown',
  'etags-by-content',
  'rewriting',
  'renames',
  'read-only',
  'second-collection',
  'collections-from-one',
  'on-empty-sync',
  'on-delete-skip',
  'max-delete',
  'keep',
  'one-way',
] as const;

type Feature = (typeof FEATURES)[number];

const ERROR_KINDS: readonly StorageErrorKind[] = [
  'unavailable',
  'overloaded',
  'invalid-data',
  'changed',
  'not-found',
  'already-exists',
  'denied',
  'read-only',
  'rejected',
  'not-empty',
  'unsupported',
];

/** Choices of an act, and acts of a round. */
const MOST_EXTRA = 4;
const MOST_ACTS = 7;

const side = fc.constantFrom<Side>('a', 'b');

/** True in one of about `n` cases, and false after shrinking. */
const seldom = (n: number): fc.Arbitrary<boolean> => fc.nat(n - 1).map((value) => value === n - 1);

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('create', 'edit', 'delete') },
    { weight: 3, arbitrary: fc.constantFrom(...ACT_KINDS) },
  ),
  side,
  collection: fc.oneof({ weight: 4, arbitrary: fc.constant('work') }, { weight: 1, arbitrary: fc.constant('home') }),
  pick: fc.nat(5),
  extra: fc.nat(MOST_EXTRA - 1),
});

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  step: fc.oneof(fc.nat(30), fc.nat(90)),
  what: fc.oneof(
    { weight: 3, arbitrary: act.map((each) => ({ type: 'act' as const, act: each })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...ERROR_KINDS).map((kind) => ({ type: 'fail' as const, kind })),
    },
    { weight: 2, arbitrary: fc.constant({ type: 'die' as const }) },
    { weight: 1, arbitrary: fc.constant({ type: 'abort' as const }) },
    {
      weight: 2,
      arbitrary: fc
        .record({ mode: fc.constantFrom(...LIE_MODES), pick: fc.nat(5) })
        .map((lie) => ({ type: 'lie' as const, lie })),
    },
  ),
});

const round: fc.Arbitrary<Round> = fc.record({
  acts: fc.array(act, { maxLength: MOST_ACTS }),
  disturbances: fc.array(disturbance, { maxLength: 4 }),
  full: seldom(5),
  retryFailed: fc.boolean(),
  dryFirst: seldom(6),
});

const storage: fc.Arbitrary<StorageTraits> = fc.record({
  checkpoints: fc.boolean().map((value) => !value),
  itemsInLook: seldom(3),
  etagInWritten: seldom(3).map((value) => !value),
  holdsUnknown: seldom(3),
  etags: seldom(3).map((value) => (value ? 'content' : 'counter')),
  rewriting: fc.constantFrom<Rewriting>('none', 'none', 'stamp', 'add', 'force', 'count', 'strip'),
  renames: seldom(3),
  readOnly: seldom(8),
  concurrency: fc.integer({ min: 1, max: 4 }),
});

const maxDelete: fc.Arbitrary<MaxDelete | undefined> = fc.constantFrom<MaxDelete | undefined>(
  undefined,
  { type: 'count', count: 1 },
  { type: 'share', percent: 50 },
);

const rules: fc.Arbitrary<RuleTraits> = fc.record({
  collectionsFrom: fc.constantFrom<readonly Side[]>(['a', 'b'], ['a', 'b'], ['a'], ['b']),
  onEmpty: fc.constantFrom('skip', 'sync'),
  onDelete: fc.constantFrom('sync', 'skip'),
  maxDelete,
  keep: fc.constantFrom<Side | undefined>(undefined, undefined, 'a', 'b'),
  oneWay: seldom(6),
});

const collections = fc.constantFrom<readonly string[]>(['work'], ['work'], ['work', 'home'], []);

const anything: fc.Arbitrary<History> = fc.record({
  storages: fc.record({ a: storage, b: storage }),
  rules,
  collections: fc.record({ a: collections, b: collections }),
  rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
});

export const anyHistory: fc.Arbitrary<History> = fc
  .tuple(fc.subarray([...FEATURES]), anything)
  .map(([features, history]) => restrict(history, new Set(features)));

/**
 * Without disturbances, for L8. No storage changes what people wrote: what it made of a write that was never read back
 * cannot be told from an edit, and is a conflict then (SR5).
 */
export const calmHistory: fc.Arbitrary<History> = anyHistory.map((history) => ({
  ...history,
  storages: { a: keepsContents(history.storages.a), b: keepsContents(history.storages.b) },
  rounds: history.rounds.slice(0, 3).map((each) => ({
    ...each,
    acts: each.acts.filter(({ kind }) => kind !== 'unmount'),
    disturbances: [],
    dryFirst: false,
  })),
}));

/**
 * Without disturbances, and without what the rules say of one side only. Each act has addresses of its own: which of two
 * items gets the address that both would have depends on which is written first.
 */
export const evenHistory: fc.Arbitrary<History> = anyHistory.map((history) => ({
  ...history,
  rules: { ...history.rules, oneWay: false },
  rounds: history.rounds.map((each, index) => ({
    ...each,
    acts: each.acts.map((one, nth) => ({ ...one, extra: one.extra + MOST_EXTRA * (index * MOST_ACTS + nth) })),
    disturbances: [],
    dryFirst: false,
  })),
}));

const keepsContents = (traits: StorageTraits): StorageTraits =>
  traits.rewriting === 'none' ? traits : { ...traits, rewriting: 'stamp' };

function restrict(history: History, on: ReadonlySet<Feature>): History {
  const allowed = (each: Act): boolean => on.has(each.kind) || each.kind === 'create' || each.kind === 'edit';
  const placed = (each: Act): Act => (on.has('second-collection') ? each : { ...each, collection: 'work' });
  const storageOf = (traits: StorageTraits): StorageTraits => ({
    checkpoints: traits.checkpoints || !on.has('no-checkpoints'),
    itemsInLook: traits.itemsInLook && on.has('items-in-look'),
    etagInWritten: traits.etagInWritten || !on.has('no-etag-in-written'),
    holdsUnknown: traits.holdsUnknown && on.has('holds-unknown'),
    etags: on.has('etags-by-content') ? traits.etags : 'counter',
    rewriting: on.has('rewriting') ? traits.rewriting : 'none',
    renames: traits.renames && on.has('renames'),
    readOnly: traits.readOnly && on.has('read-only'),
    concurrency: traits.concurrency,
  });
  const collectionsOf = (ids: readonly string[]): readonly string[] => (on.has('second-collection') ? ids : ['work']);
  const { rules: given } = history;
  return {
    storages: { a: storageOf(history.storages.a), b: storageOf(history.storages.b) },
    rules: {
      collectionsFrom: on.has('collections-from-one') ? given.collectionsFrom : ['a', 'b'],
      onEmpty: on.has('on-empty-sync') ? given.onEmpty : 'skip',
      onDelete: on.has('on-delete-skip') ? given.onDelete : 'sync',
      maxDelete: on.has('max-delete') ? given.maxDelete : undefined,
      keep: on.has('keep') ? given.keep : undefined,
      // Such a pair is refused by the configuration.
      oneWay: given.oneWay && on.has('one-way') && !(history.storages.b.readOnly && on.has('read-only')),
    },
    collections: { a: collectionsOf(history.collections.a), b: collectionsOf(history.collections.b) },
    rounds: history.rounds.map((each) => ({
      ...each,
      acts: each.acts.filter(allowed).map(placed),
      disturbances: each.disturbances.flatMap(({ step, what }): Disturbance[] => {
        switch (what.type) {
          case 'act':
            return on.has('act-within') && allowed(what.act) && what.act.kind !== 'unmount'
              ? [{ step, what: { type: 'act', act: placed(what.act) } }]
              : [];
          case 'lie':
            return on.has(what.lie.mode) ? [{ step, what }] : [];
          default:
            return on.has(what.type) ? [{ step, what }] : [];
        }
      }),
    })),
  };
}
