import { join } from 'node:path';
import { openDatabase, openDatabaseCopy, openEmptyDatabase } from './database.ts';
import { PairStatus } from './pair-status.ts';
import { MIGRATIONS } from './schema.ts';

/**
 * The status of a pair, in `directory`, which is made where it is missing (ST1). The caller has the pair's lock.
 * `dry-run`: a copy in memory, and nothing is written to the disk at all. Throws `StatusError` (ST4).
 */
export function openStatus(
  directory: string,
  pair: string,
  mode: 'read-write' | 'dry-run',
  now: () => number = Date.now,
): PairStatus {
  const place = { pair, path: join(directory, `${pair}.status`) };
  const open = mode === 'read-write' ? openDatabase : openDatabaseCopy;
  return new PairStatus(open(place, MIGRATIONS, now), now);
}

/** A status that begins empty and ends with the process. */
export function openStatusInMemory(now: () => number = Date.now): PairStatus {
  return new PairStatus(openEmptyDatabase({ pair: 'memory', path: ':memory:' }), now);
}
