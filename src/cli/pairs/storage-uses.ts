import type { Config, PairSettings } from '../../config/config.ts';
import { SIDES, type Side } from '../../model/sides.ts';
import type { StorageUse } from '../../sync/repair/repair.ts';
import type { LockOptions } from '../../system/lock.ts';
import { withLockedStatus, withStatusCopy } from './locked-status.ts';

export interface UsesTerms {
  readonly config: Config;
  readonly statusPath: string;
  /** How the pairs are locked; undefined: they are only looked at, as copies. */
  readonly lock: ((pair: string) => LockOptions) | undefined;
}

/**
 * Does `work` with the statuses of all pairs that have a storage, while no other process runs any of them. Throws
 * `LockedError`, `StatusError`.
 */
export function withUsesOf<T>(
  storage: string,
  { config, statusPath, lock }: UsesTerms,
  work: (uses: readonly StorageUse[]) => Promise<T>,
): Promise<T> {
  // All take them in the order of the configuration, so that no two wait for each other.
  const open = async ([pair, ...rest]: readonly PairSettings[], uses: readonly StorageUse[]): Promise<T> => {
    if (pair === undefined) return work(uses);
    const side: Side | undefined = SIDES.find((each) => pair.storages[each] === storage);
    if (side === undefined) return open(rest, uses);
    const { name } = pair;
    return lock === undefined
      ? withStatusCopy(statusPath, name, (status) => open(rest, [...uses, { side, status }]))
      : withLockedStatus(statusPath, name, lock(name), (status) => open(rest, [...uses, { side, status }]));
  };
  return open(config.pairs, []);
}
