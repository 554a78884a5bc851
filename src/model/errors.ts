/** Errors that are shown as a sentence and a hint. Anything else that is thrown is a bug. */

export abstract class ExpectedError extends Error {
  /** What to do next, where there is something; a sentence without a name in front. */
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

export type StorageErrorKind =
  /** It is not there, and the storage said so itself. */
  | 'not-found'
  | 'already-exists'
  /** It is there in another version than the one named. */
  | 'changed'
  | 'not-empty'
  /** The storage lets us do nothing there now: credentials, the mode of a directory. It says nothing of an item. */
  | 'unauthorized'
  /** The storage does not let us do this. */
  | 'denied'
  | 'read-only'
  /** This content is refused, now and whenever it is sent again. */
  | 'rejected'
  /** The storage's answer makes no sense: HTML for a listing, a cut body. Nothing can be concluded from it. */
  | 'invalid-data'
  /** It could not be reached, or did not answer; whether a write was done is not known. */
  | 'unavailable'
  /** It asked to be left alone for a while. */
  | 'overloaded'
  | 'unsupported';

export class StorageError extends ExpectedError {
  readonly kind: StorageErrorKind;
  /** What the message says to somebody who knows already what was being done, and where. */
  readonly reason: string;
  /** Seconds that the storage asked us to wait, if it did. */
  readonly retryAfterS: number | undefined;

  constructor(
    kind: StorageErrorKind,
    message: string,
    options: {
      readonly reason?: string;
      readonly hint?: string;
      readonly cause?: unknown;
      readonly retryAfterS?: number;
    } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.reason = options.reason ?? message;
    this.retryAfterS = options.retryAfterS;
  }
}

/** A write that ended in one of these was not done. After any other failure it may have been. */
export const certainlyNotDone = (kind: StorageErrorKind): boolean =>
  kind !== 'unavailable' && kind !== 'invalid-data' && kind !== 'overloaded';

/** What a storage refuses for what it is, and not for the state that the storage is in. */
export const isRefusal = (kind: StorageErrorKind): boolean => certainlyNotDone(kind) && kind !== 'unauthorized';

/** The status database of a pair cannot be used; the pair ends at once (SR6). */
export class StatusError extends ExpectedError {}

/** A mistake in how the program was called. */
export class UsageError extends ExpectedError {}

/** Another process runs the pair. */
export class LockedError extends ExpectedError {}

/** A command that the configuration names failed. */
export class CommandError extends ExpectedError {}

/** Asserts what the code around it makes true. */
export function must<T>(value: T | undefined | null, claim: string): T {
  if (value === undefined || value === null) throw new Error(`this should not happen: ${claim}`);
  return value;
}

/** The end of every switch over a union. */
export function unreachable(value: never): never {
  throw new Error(`this should not happen: ${JSON.stringify(value)}`);
}
