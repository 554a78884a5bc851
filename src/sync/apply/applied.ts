import type { Href } from '../../model/names.ts';
import { bySide, type Side, type Sides } from '../../model/sides.ts';
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
  /** Addresses that we wrote to, and whether we left something there: what was seen there before is no longer so. */
  readonly written: Sides<Map<Href, 'filled' | 'emptied'>>;
  /** Addresses of what was to be written elsewhere, and could not be read there any more. */
  readonly unread: Sides<Set<Href>>;
  /** Sides where a write was tried, whatever came of it. */
  readonly tried: Set<Side>;
  /** Writes whose storages did not say what they hold now. Their intents are still there. */
  readonly unverified: Unverified[];
}

export const nothingApplied = (): Applied => ({
  written: bySide(() => new Map()),
  unread: bySide(() => new Set()),
  tried: new Set(),
  unverified: [],
});

/** In any order with `fill`: an address that we emptied for another item is filled. */
export function empty({ written }: Applied, side: Side, href: Href): void {
  if (!written[side].has(href)) written[side].set(href, 'emptied');
}

export function fill({ written }: Applied, side: Side, href: Href): void {
  written[side].set(href, 'filled');
}
