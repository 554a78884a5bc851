import Database from 'better-sqlite3';
import { StatusError } from '../model/errors.ts';

/** Whose status it is and where, for messages. */
export interface Place {
  readonly pair: string;
  readonly path: string;
}

/** SQLite found that the file is not what it wrote. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);

/** What SQLite or the system refused, as a sentence and what to do about it (SR6). */
export function statusError(place: Place, error: Error): StatusError {
  const { what, hint } = explain(place, error);
  return new StatusError(`could not use the status of pair "${place.pair}" (${place.path}): ${what}`, {
    hint,
    cause: error,
  });
}

/** `aside`: where the file is now; undefined: where it was. */
export function damagedError(place: Place, aside: string | undefined, cause: unknown): StatusError {
  const where = aside === undefined ? '' : `; it was moved to ${aside}`;
  return new StatusError(`the status of pair "${place.pair}" (${place.path}) is damaged${where}`, {
    hint: `${aside === undefined ? `Move it away to` : 'Run again to'} start over: equal items are then taken as in sync, differing ones are shown as conflicts, missing ones are copied, and nothing is deleted. Or put a backup of the file in its place first.`,
    cause,
  });
}

export function newerError(place: Place, version: number): StatusError {
  return new StatusError(
    `the status of pair "${place.pair}" (${place.path}) was written by a newer pimsync (its version is ${version})`,
    { hint: 'Use that version of pimsync, or move the file away to start over; nothing is deleted then.' },
  );
}

interface Explanation {
  readonly what: string;
  readonly hint: string;
}

function explain({ path }: Place, error: Error): Explanation {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code)) {
    return { what: 'the disk is full', hint: 'Free some space and run again; nothing is lost.' };
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return { what: 'another process is writing it', hint: 'Wait until that has ended, and run again.' };
  }
  if (/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EISDIR)/.test(code)) {
    return {
      what: `it cannot be opened for writing (${error.message})`,
      hint: `See that you may write ${path} and its directory.`,
    };
  }
  if (/^(SQLITE_IOERR|EIO)/.test(code)) {
    return { what: `the disk failed (${code})`, hint: "See the system's log for the state of the disk." };
  }
  return { what: error.message, hint: `If it stays so, move ${path} away to start over; nothing is deleted then.` };
}
