import type { StorageErrorKind } from '../../src/model/errors.ts';
import type { Side } from '../../src/model/sides.ts';
import type { Act, ActKind, Disturbance, History, Lie, LieMode, Round, RuleTraits, StorageTraits } from './history.ts';

/** A history that stays, whatever is made up besides. */
export interface Regression {
  /** What must not go wrong. */
  readonly name: string;
  /** What happens in one run is tried at each of its steps. */
  readonly histories: readonly History[];
}

/** As many steps as the longest of these runs has. */
const STEPS = 60;

type What = Disturbance['what'];

/** Without a step it is tried at each. */
interface Happening {
  readonly what: What;
  readonly step: number | undefined;
}

export const plain: StorageTraits = {
  checkpoints: true,
  itemsInLook: false,
  etagInWritten: true,
  holdsUnknown: false,
  etags: 'counter',
  rewriting: 'none',
  renames: false,
  readOnly: false,
  concurrency: 1,
};

export const adds: StorageTraits = { ...plain, rewriting: 'add' };

export const act = (side: Side, kind: ActKind, pick = 0, extra = 0): Act => ({
  side,
  kind,
  pick,
  extra,
  collection: 'work',
});

export const within = (...args: Parameters<typeof act>): What => ({ type: 'act', act: act(...args) });
export const fail = (kind: StorageErrorKind): What => ({ type: 'fail', kind });
export const lie = (mode: LieMode, pick: Lie['pick'] = 0): What => ({ type: 'lie', lie: { mode, pick } });
export const DIE: What = { type: 'die' };
export const ABORT: What = { type: 'abort' };

/** People's acts, and then a run, in which something may happen. */
export const after = (acts: readonly Act[], ...happenings: readonly (What | Happening)[]) => ({
  acts,
  full: false,
  happenings: happenings.map((each) => ('what' in each ? each : { what: each, step: isAtOnce(each) ? 0 : undefined })),
});

/** The run compares everything. */
export const fully = (round: ReturnType<typeof after>) => ({ ...round, full: true });

export const at = (step: number, what: What): Happening => ({ what, step });

/** What the first look says falsely is said from the beginning. */
const isAtOnce = (what: What): boolean => what.type === 'lie' && what.lie.mode !== 'cuts-fetch';

interface Given {
  readonly a?: StorageTraits;
  readonly b?: StorageTraits;
  readonly rules?: Partial<RuleTraits>;
  readonly collections?: readonly string[];
}

export function regression(name: string, rounds: readonly ReturnType<typeof after>[], given: Given = {}): Regression {
  const collections = given.collections ?? ['work'];
  const isSwept = rounds.some(({ happenings }) => happenings.some(({ step }) => step === undefined));
  const tried = (step: number): History => ({
    storages: { a: given.a ?? plain, b: given.b ?? plain },
    rules: {
      collectionsFrom: ['a', 'b'],
      onEmpty: 'skip',
      onDelete: 'sync',
      maxDelete: undefined,
      keep: undefined,
      oneWay: false,
      ...given.rules,
    },
    collections: { a: collections, b: collections },
    rounds: rounds.map(
      ({ acts, happenings, full }): Round => ({
        acts,
        disturbances: happenings.map((each) => ({ what: each.what, step: each.step ?? step })),
        full,
        retryFailed: false,
        dryFirst: false,
      }),
    ),
  });
  return { name, histories: Array.from({ length: isSwept ? STEPS : 1 }, (_, step) => tried(step)) };
}
