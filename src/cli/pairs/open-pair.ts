import type { Config, PairSettings } from '../../config/config.ts';
import type { FetchedValues } from '../../config/secret.ts';
import { must } from '../../model/errors.ts';
import { bySide, SIDES, type Side } from '../../model/sides.ts';
import { openStatus } from '../../status/open-status.ts';
import type { PairStatus } from '../../status/pair-status.ts';
import type { Surroundings } from '../../storage/storage-type.ts';
import type { SyncEvent } from '../../sync/events.ts';
import type { PairSetup } from '../../sync/pair-setup.ts';
import { openStorage } from './open-storage.ts';
import { withPairLock } from './pair-lock.ts';

export interface PairTerms {
  readonly config: Config;
  readonly fetched: FetchedValues;
  readonly tell: (event: SyncEvent) => void;
  readonly signal: AbortSignal;
}

/** How long another process that runs the pair is waited for. */
export const LOCK_WAIT_MS = 30_000;

/**
 * Does `work` with a pair's status and storages open, while no other process runs the pair. Throws `LockedError` where
 * another one goes on running it, `StatusError` where the status cannot be used, and the signal's reason.
 */
export async function withPair<T>(
  pair: PairSettings,
  terms: PairTerms,
  work: (setup: PairSetup, status: PairStatus) => Promise<T>,
): Promise<T> {
  const { tell, signal, fetched } = terms;
  refuseFailed(pair, fetched);
  const onWait = (holder: number | undefined): void => tell({ type: 'lock-waits', pair: pair.name, holder });
  return withPairLock(fetched.statusPath, pair.name, { waitMs: LOCK_WAIT_MS, onWait, signal }, () =>
    withPairOpen(pair, 'read-write', terms, work),
  );
}

/** As `withPair`, but takes no lock and writes nothing anywhere: the status is a copy in memory. */
export async function withPairToLookAt<T>(
  pair: PairSettings,
  terms: PairTerms,
  work: (setup: PairSetup, status: PairStatus) => Promise<T>,
): Promise<T> {
  refuseFailed(pair, terms.fetched);
  return withPairOpen(pair, 'dry-run', terms, work);
}

/** Without its password a storage is not tried: some servers lock out who comes without it. */
function refuseFailed({ storages }: PairSettings, { failures }: FetchedValues): void {
  for (const side of SIDES) {
    const failure = failures.get(storages[side]);
    if (failure !== undefined) throw failure;
  }
}

async function withPairOpen<T>(
  pair: PairSettings,
  mode: 'read-write' | 'dry-run',
  terms: PairTerms,
  work: (setup: PairSetup, status: PairStatus) => Promise<T>,
): Promise<T> {
  const status = openStatus(terms.fetched.statusPath, pair.name, mode);
  try {
    const setup = setupOf(pair, terms, status);
    try {
      return await work(setup, status);
    } finally {
      await Promise.all(SIDES.map((side) => setup.storages[side].storage.close()));
    }
  } finally {
    status.close();
  }
}

function setupOf(pair: PairSettings, { config, fetched, tell, signal }: PairTerms, status: PairStatus): PairSetup {
  const memoryOf = (side: Side): Surroundings['memory'] => ({
    recall: () => status.recall(side),
    remember: (text) => status.remember(side, text),
  });
  const log = (level: 'debug' | 'trace', message: string): void =>
    tell({ type: 'log', level, pair: pair.name, message });
  const storages = bySide((side) => {
    const name = pair.storages[side];
    const configured = must(config.storages.get(name), `storage "${name}" is configured`);
    const settings = must(fetched.settings.get(name), `the values of storage "${name}" were fetched`);
    return { name, storage: openStorage(configured, settings, { memory: memoryOf(side), log, signal }) };
  });
  return { name: pair.name, storages, rules: pair.rules, historyS: config.historyS };
}
