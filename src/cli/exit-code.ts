import { constants } from 'node:os';
import type { Summary } from '../sync/events.ts';

/** How a command ended. Nothing but this file knows the numbers. */
export type Ending =
  | 'done'
  /** An item, a collection, a pair or a server failed. */
  | 'failed'
  /** How the program was called, or the configuration, is wrong. */
  | 'usage'
  /** Nothing failed, but something waits for a person. */
  | 'waiting'
  | 'SIGINT'
  | 'SIGTERM';

const STATUS: Readonly<Record<Ending, number>> = {
  done: 0,
  failed: 1,
  usage: 2,
  waiting: 3,
  SIGINT: 128 + constants.signals.SIGINT,
  SIGTERM: 128 + constants.signals.SIGTERM,
};

/** A run that was interrupted did not do all; the signal that interrupted it says the rest. */
export const endingOfRun = ({ outcome }: Pick<Summary, 'outcome'>): Ending =>
  outcome === 'interrupted' ? 'failed' : outcome;

/** What counts most comes first. */
const BY_WEIGHT: readonly Ending[] = ['SIGINT', 'SIGTERM', 'failed', 'usage', 'waiting', 'done'];

export const exitStatus = (ending: Ending): number => STATUS[ending];

/** How the whole ended whose parts ended so. */
export function worst(endings: Iterable<Ending>): Ending {
  const all = new Set(endings);
  return BY_WEIGHT.find((ending) => all.has(ending)) ?? 'done';
}
