import { StorageError, type StorageErrorKind, unreachable } from '../model/errors.ts';
import { HttpError, type HttpFailure } from '../system/http-failure.ts';

/**
 * A failed request as a storage's failure; `doing` is what could not be done: `list "work" on storage "nextcloud"`.
 * A `StorageError` stays as it is; what is neither is a bug, and thrown on as it is.
 */
export function storageErrorFrom(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  if (!(error instanceof HttpError)) throw error;
  return new StorageError(kindOf(error.reason), `could not ${doing}: ${error.message}`, {
    reason: error.message,
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** Whether what could not be done may well be possible in a few seconds, with nobody doing anything about it. */
export function mayPass({ kind, cause }: StorageError): boolean {
  if (kind !== 'unavailable' && kind !== 'overloaded') return false;
  return !(cause instanceof HttpError) || (cause.reason !== 'certificate' && cause.reason !== 'unresolved');
}

function kindOf(reason: HttpFailure): StorageErrorKind {
  switch (reason) {
    case 'refused':
    case 'unresolved':
    case 'no-name-server':
    case 'timeout':
    case 'certificate':
    case 'other':
    // A connection that broke in the middle is the network's failure; the same request may well succeed next time.
    case 'cut':
      return 'unavailable';
    case 'too-large':
    case 'redirect':
      return 'invalid-data';
    // In these two nothing was sent.
    case 'origin':
    case 'insecure':
      return 'denied';
    default:
      return unreachable(reason);
  }
}
