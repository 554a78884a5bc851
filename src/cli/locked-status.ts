import { openStatus } from '../status/open-status.ts';
import type { PairStatus } from '../status/pair-status.ts';
import { withPairLock } from './pair-lock.ts';

/**
 * Does `work` with the status of a pair, while no other process runs it; no storage is opened. Throws `LockedError`
 * where another one runs it, without waiting, and `StatusError`.
 */
export function withLockedStatus<T>(
  statusPath: string,
  pair: string,
  work: (status: PairStatus) => Promise<T>,
): Promise<T> {
  return withPairLock(statusPath, pair, { waitMs: 0, onWait: () => undefined }, async () => {
    const status = openStatus(statusPath, pair, 'read-write');
    try {
      return await work(status);
    } finally {
      status.close();
    }
  });
}
