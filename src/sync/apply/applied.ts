import type { Href } from '../../model/names.ts';
import type { Side, Sides } from '../../model/sides.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { PlannedAction } from '../events.ts';
import type { Unverified } from './verify.ts';
import type { WriteAction } from './write-item.ts';

/** An action with how it is told to people. */
export interface ToldAction {
  readonly action: ItemAction;
  readonly told: PlannedAction;
}

export interface ToldWrite extends ToldAction {
  readonly action: WriteAction;
}

/** What the writes of a mapping left for what follows. */
export interface Applied {
  /** Addresses that we wrote to: what was seen there before is no longer so. */
  readonly written: Sides<Set<Href>>;
  /** Sides where a write was tried, whatever came of it. */
  readonly tried: Set<Side>;
  /** Writes whose storages did not say what they hold now. Their intents are still there. */
  readonly unverified: Unverified[];
}
