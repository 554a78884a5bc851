import type { Item } from '../model/item.ts';
import type { Ident } from '../model/names.ts';
import type { Side, Sides } from '../model/sides.ts';
import type { Version } from './facts.ts';
import type { ItemHold } from './hold-reason.ts';

/** What is to be done with one item. At most one an ident, so they may run in any order, or at once (SR2). */
export type ItemAction =
  /** `from` has what the other side lacks. */
  | {
      readonly type: 'create';
      readonly ident: Ident;
      readonly from: Side;
      readonly source: Version;
      /** Copies beside the source, equal to it (SI10). */
      readonly twins: readonly Version[];
    }
  | {
      readonly type: 'update';
      readonly ident: Ident;
      readonly from: Side;
      readonly source: Version;
      readonly twins: readonly Version[];
      readonly target: Version;
      /** Copies beside the target that go with it (SI10). */
      readonly surplus: readonly Version[];
      /** What happens to the version that is replaced: it is older, loses a conflict, or is undone (one way). */
      readonly because: 'edited' | 'conflict' | 'one-way';
    }
  | {
      readonly type: 'delete';
      readonly ident: Ident;
      readonly side: Side;
      readonly target: Version;
      readonly surplus: readonly Version[];
      readonly because: 'deleted' | 'one-way';
    }
  /** Both sides hold the same: only the status is written. */
  | { readonly type: 'record'; readonly ident: Ident; readonly sides: Sides<Version> }
  | { readonly type: 'forget'; readonly ident: Ident }
  | Conflict
  /** A conflict that was settled by a text that neither side has: both get it. */
  | {
      readonly type: 'merge';
      readonly ident: Ident;
      readonly item: Item;
      readonly conflict: Conflict;
    }
  | { readonly type: 'hold'; readonly ident: Ident; readonly side: Side | undefined; readonly reason: ItemHold };

/** Both sides were changed, and differ (SI6). */
export interface Conflict {
  readonly type: 'conflict';
  readonly ident: Ident;
  readonly sides: Sides<Version>;
  /** Copies beside these, equal to them (SI10). */
  readonly surplus: Sides<readonly Version[]>;
  /** For people: why no way of settling it did. */
  readonly reason?: string;
}

/** The side that an action writes to, if it writes to one. */
export function writtenSide(action: ItemAction): Side | undefined {
  switch (action.type) {
    case 'create':
    case 'update':
      return action.from === 'a' ? 'b' : 'a';
    case 'delete':
      return action.side;
    default:
      return undefined;
  }
}
