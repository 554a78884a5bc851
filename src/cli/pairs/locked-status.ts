import { openStatus } from '../../status/open-status.ts';
import type { PairStatus } from '../../status/pair-status.ts';
import type { LockOptions } from '../../system/lock.ts';
import { withPairLock } from './pair-lock.ts';

/**
 * Does `work` with the status of a pair, while no other process runs it; no storage is opened. Throws `LockedError`
 * where another one goes on running it, and `StatusError`.
 */
export const withLockedStatus = <T>(
  statusPath: string,
  pair: string,
  options: LockOptions,
  work: (status: PairStatus) => Promise<T>,
): Promise<T> => withPairLock(statusPath, pair, options, () => withOpenStatus(statusPath, pair, 'read-write', work));

/** As `withLockedStatus`, but with a copy in memory, and without the lock. */
export const withStatusCopy = <T>(
  statusPath: string,
  pair: string,
  work: (status: PairStatus) => Promise<T>,
): Promise<T> => withOpenStatus(statusPath, pair, 'dry-run', work);

async function withOpenStatus<T>(
  statusPath: string,
  pair: string,
  mode: 'read-write' | 'dry-run',
  work: (status: PairStatus) => Promise<T>,
): Promise<T> {
  const status = openStatus(statusPath, pair, mode);
  try {
    return await work(status);
  } finally {
    status.close();
  }
}
