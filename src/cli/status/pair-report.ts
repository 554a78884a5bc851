import type { PairSettings } from '../../config/config.ts';
import { StatusError, unreachable } from '../../model/errors.ts';
import type { KnownRun, PairStatus } from '../../status/pair-status.ts';
import type { KnownWaiting } from '../../status/waiting-list.ts';
import type { Ending } from '../exit-code.ts';
import { lookAtStatus } from '../pairs/look-at-status.ts';
import { runningProcess } from '../pairs/pair-lock.ts';

/** How a pair is, as far as its status tells; no storage is asked. */
export interface PairReport {
  readonly pair: PairSettings;
  readonly state: PairState;
  /** The process that runs it at this moment. */
  readonly running: { readonly pid: number | undefined } | undefined;
  /** The last run that is not under way. */
  readonly lastRun: KnownRun | undefined;
  /** Ordered by name. `items`: how many both sides agree on; undefined: it was never synced. */
  readonly collections: readonly { readonly name: string; readonly items: number | undefined }[];
  readonly waiting: readonly KnownWaiting[];
  /** Why nothing can be told. */
  readonly error: StatusError | undefined;
}

export type PairState =
  | 'in-sync'
  | 'waiting'
  | 'failed'
  /** It was told to end. */
  | 'interrupted'
  /** It was killed, or crashed. */
  | 'broken-off'
  | 'never-synced'
  /** Its status is damaged, or of a newer version. */
  | 'unusable';

/** What a monitor is told: as the last run ended, and what it left. What was never synced is not in sync. */
export function endingOfState(state: PairState): Ending {
  switch (state) {
    case 'in-sync':
      return 'done';
    case 'waiting':
    case 'never-synced':
      return 'waiting';
    case 'failed':
    case 'interrupted':
    case 'broken-off':
    case 'unusable':
      return 'failed';
    default:
      return unreachable(state);
  }
}

export function reportPair(statusPath: string, pair: PairSettings): PairReport {
  const nothing = { pair, running: undefined, lastRun: undefined, collections: [], waiting: [], error: undefined };
  try {
    const running = runningProcess(statusPath, pair.name);
    return lookAtStatus(statusPath, pair.name, (status) => {
      const waiting = status.allWaiting();
      const runs = status.runs();
      const lastRun = running === undefined ? runs[0] : runs.find(({ ended }) => ended !== undefined);
      const collections = collectionsOf(pair, status);
      return { ...nothing, running, lastRun, collections, waiting, state: stateOf(lastRun, waiting) };
    });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { ...nothing, state: 'unusable', error };
  }
}

/** A run of one collection may have gone well while something waits in another. */
function stateOf(last: KnownRun | undefined, waiting: readonly KnownWaiting[]): PairState {
  if (last === undefined) return 'never-synced';
  if (last.ended === undefined) return 'broken-off';
  const { outcome } = last.ended;
  if (outcome === 'interrupted') return 'interrupted';
  const open = waiting.filter(({ waits }) => waits !== false);
  if (outcome === 'failed' || open.some(({ type }) => type === 'failed')) return 'failed';
  return outcome === 'waiting' || open.length > 0 ? 'waiting' : 'in-sync';
}

function collectionsOf({ rules }: PairSettings, status: PairStatus): PairReport['collections'] {
  const items = new Map<string, number | undefined>(rules.mappings.map(({ name }) => [name, undefined]));
  for (const { name, hrefs } of status.mappings()) {
    items.set(name, (items.get(name) ?? 0) + status.mapping(name, hrefs).count());
  }
  return [...items].map(([name, count]) => ({ name, items: count })).sort((x, y) => (x.name < y.name ? -1 : 1));
}
