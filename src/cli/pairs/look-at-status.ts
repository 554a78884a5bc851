import { openStatus } from '../../status/open-status.ts';
import type { PairStatus } from '../../status/pair-status.ts';

/**
 * Does `work` with what the status of a pair holds at this moment, as a copy in memory: no lock is taken, nothing is
 * written, and a run that goes on meanwhile is not disturbed. Throws `StatusError`.
 */
export function lookAtStatus<T>(statusPath: string, pair: string, work: (status: PairStatus) => T): T {
  const status = openStatus(statusPath, pair, 'dry-run');
  try {
    return work(status);
  } finally {
    status.close();
  }
}
