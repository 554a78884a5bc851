import { join } from 'node:path';
import { LockedError, StatusError } from '../../model/errors.ts';
import { LockError, lockHolder, withLock } from '../../system/lock.ts';

/** A pair that has just been looked at by `status` is busy for a moment. */
const WAIT_MS = 1000;

/** Does `work` as the only daemon of a status path. Throws `LockedError`, or `StatusError` where nothing can be locked. */
export async function asOnlyDaemon<T>(statusPath: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await withLock(lockPath(statusPath), { waitMs: WAIT_MS, onWait: () => undefined, signal }, work);
  } catch (error) {
    throw error instanceof LockError ? explained(error) : error;
  }
}

/** The daemon of a status path; undefined: there is none. Must not be asked by the daemon itself. */
export function runningDaemon(statusPath: string): { readonly pid: number | undefined } | undefined {
  try {
    return lockHolder(lockPath(statusPath));
  } catch (error) {
    throw error instanceof LockError ? explained(error) : error;
  }
}

/** The dot keeps it apart from the lock of a pair that is called daemon. */
const lockPath = (statusPath: string): string => join(statusPath, '.daemon.lock');

function explained(error: LockError): LockedError | StatusError {
  if (error.reason === 'held') {
    const holder = error.holder === undefined ? '' : ` (process ${error.holder})`;
    return new LockedError(`another daemon runs already${holder}`, {
      hint: 'one daemon keeps all pairs; SIGHUP makes it read the configuration again',
      cause: error,
    });
  }
  const { cause } = error;
  const why = cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
  return new StatusError(`could not lock the status: ${why}`, {
    hint: 'see whether the directory of status_path can be written',
    cause: error,
  });
}
