import { CommandError, ExpectedError, LockedError, StatusError, StorageError, UsageError } from '../model/errors.ts';
import type { ErrorReport } from './events.ts';

/** An error as people and scripts see it. What is not expected is a bug, and is thrown on. */
export function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof ExpectedError)) throw error;
  const report = { kind: kindOf(error), message: error.message, hint: error.hint };
  if (!(error instanceof StorageError)) return report;
  const { retryAfterS, reason } = error;
  return { ...report, reason, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
}

function kindOf(error: ExpectedError): ErrorReport['kind'] {
  if (error instanceof StorageError) return error.kind;
  if (error instanceof StatusError) return 'status';
  if (error instanceof LockedError) return 'locked';
  if (error instanceof CommandError) return 'command';
  if (error instanceof UsageError) return 'usage';
  return 'configuration';
}

/** Awaits `work`, and answers a `StorageError` as a value. */
export async function attempt<T>(work: Promise<T>): Promise<T | StorageError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}
