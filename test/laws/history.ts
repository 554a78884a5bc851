import type { StorageErrorKind } from '../../src/model/errors.ts';
import type { MaxDelete } from '../../src/model/rules.ts';
import type { Side, Sides } from '../../src/model/sides.ts';

/** Everything that a history says: what the storages are like, what the configuration says, and what happens. */
export interface History {
  readonly storages: Sides<StorageTraits>;
  readonly rules: RuleTraits;
  /** Collections that are there before anything happens. */
  readonly collections: Sides<readonly string[]>;
  readonly rounds: readonly Round[];
}

/** What a storage does in its own way. */
export interface StorageTraits {
  readonly checkpoints: boolean;
  readonly itemsInLook: boolean;
  readonly etagInWritten: boolean;
  readonly holdsUnknown: boolean;
  readonly etags: 'counter' | 'content';
  readonly rewriting: Rewriting;
  /** Stores a new item at another address than the one that was asked for. */
  readonly renames: boolean;
  readonly readOnly: boolean;
  readonly concurrency: number;
}

export type Rewriting =
  | 'none'
  /** Stamps each text anew; what people wrote stays as it is. */
  | 'stamp'
  /** Adds a line of its own where it is missing. */
  | 'add'
  /** Sets a line to a value of its own. */
  | 'force'
  /** Adds a line that is another one at each write. */
  | 'count'
  /** Loses a line that others write. */
  | 'strip';

export interface RuleTraits {
  readonly collectionsFrom: readonly Side[];
  readonly onEmpty: 'skip' | 'sync';
  readonly onDelete: 'skip' | 'sync';
  readonly maxDelete: MaxDelete | undefined;
  readonly keep: Side | undefined;
  readonly oneWay: boolean;
}

/** What people do, and then a run. */
export interface Round {
  readonly acts: readonly Act[];
  readonly disturbances: readonly Disturbance[];
  readonly full: boolean;
  readonly retryFailed: boolean;
  /** A dry run goes before: it must change nothing. */
  readonly dryFirst: boolean;
}

/** Something that a person does. `pick` and `extra` choose among what is there then. */
export interface Act {
  readonly kind: ActKind;
  readonly side: Side;
  readonly collection: string;
  readonly pick: number;
  readonly extra: number;
}

export type ActKind = (typeof ACT_KINDS)[number];

export const ACT_KINDS = [
  'create',
  'create-unnamed',
  'edit',
  'delete',
  'rename',
  'swap',
  'garble',
  'change-uid',
  'duplicate',
  'rival',
  'mirror',
  'restore',
  'transfer',
  'make-collection',
  'remove-collection',
  'set-property',
  'unset-property',
  'unmount',
] as const;

/** Something that happens at a step of a run: each operation of a storage has two, before its effect and after it. */
export interface Disturbance {
  readonly step: number;
  readonly what:
    | { readonly type: 'act'; readonly act: Act }
    | { readonly type: 'fail'; readonly kind: StorageErrorKind }
    | { readonly type: 'die' }
    | { readonly type: 'abort' }
    | { readonly type: 'lie'; readonly lie: Lie };
}

/** What the next look, or the next fetch, says falsely. */
export interface Lie {
  readonly mode: LieMode;
  readonly pick: number;
}

export type LieMode = (typeof LIE_MODES)[number];

export const LIE_MODES = [
  /** It says itself that it is not complete. */
  'incomplete',
  'omits-one',
  'omits-all',
  'says-gone',
  'no-etag',
  'forgets-checkpoint',
  'cuts-fetch',
] as const;
