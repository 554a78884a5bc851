import { join } from 'node:path';
import { LockedError, StatusError } from '../../model/errors.ts';
import { LockError, type LockOptions, lockHolder, withLock } from '../../system/lock.ts';

/** Does `work` while no other process runs the pair. Throws `LockedError`, or `StatusError` where it cannot be locked. */
export async function withPairLock<T>(
  statusPath: string,
  pair: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await withLock(lockPath(statusPath, pair), options, work);
  } catch (error) {
    throw error instanceof LockError ? explained(pair, error) : error;
  }
}

/** The process that runs a pair at this moment; undefined: none does. Must not be asked by one that does. */
export function runningProcess(statusPath: string, pair: string): { readonly pid: number | undefined } | undefined {
  try {
    return lockHolder(lockPath(statusPath, pair));
  } catch (error) {
    throw error instanceof LockError ? explained(pair, error) : error;
  }
}

const lockPath = (statusPath: string, pair: string): string => join(statusPath, `${pair}.lock`);

function explained(pair: string, error: LockError): Error {
  switch (error.reason) {
    case 'held': {
      const holder = error.holder === undefined ? 'another process' : `another process (${error.holder})`;
      return new LockedError(`${holder} is syncing pair "${pair}"`, {
        hint: 'wait until it has ended, and try again',
        cause: error,
      });
    }
    case 'unusable':
      return new StatusError(`could not lock pair "${pair}": ${causeOf(error)}`, {
        hint: 'see whether the directory of status_path can be written',
        cause: error,
      });
  }
}

const causeOf = ({ message, cause }: LockError): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
