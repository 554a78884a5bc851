import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** However sure a file is the one that we closed: a disk may change it without a word. */
const CHECK_EVERY_MS = 24 * 60 * 60 * 1000;

/** A smaller one is checked in a few milliseconds, and needs no memory of that. */
const SMALL_BYTES = 512 * 1024;

/**
 * What a database looked like when we closed it, and when all of it was last found sound, in milliseconds since 1970:
 * in a file of its own beside it, since a database cannot know its own times. Where that is missing, or was cut off,
 * all is checked (ST4).
 */
const recordOf = (path: string): string => `${path}.sound`;

const record = (moment: string, checkedAt: number): string => `${moment} checked ${checkedAt}`;

/** A database and its log at a moment; whoever writes to either, makes it another one. */
export const momentOf = (path: string): string =>
  ['', '-wal']
    .map((end) => statSync(path + end, { bigint: true, throwIfNoEntry: false }))
    .map((stats) =>
      stats === undefined ? 'missing' : `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`,
    )
    .join();

/** When all of the database was last found sound, if it is still just as we left it; undefined: it is to be checked. */
export function knownSoundSince(path: string, moment: string, now: number): number | undefined {
  const kept = readRecord(path);
  const checkedAt = Number(/\d+$/.exec(kept)?.[0]);
  const isFresh = checkedAt <= now && now - checkedAt < CHECK_EVERY_MS;
  return isFresh && kept === record(moment, checkedAt) ? checkedAt : undefined;
}

/** To be called when the database was closed. */
export function rememberSound(path: string, checkedAt: number): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  quietly(() => {
    if (size < SMALL_BYTES) rmSync(recordOf(path), { force: true });
    else writeFileSync(recordOf(path), record(momentOf(path), checkedAt), { mode: 0o600 });
  });
}

const readRecord = (path: string): string => quietly(() => readFileSync(recordOf(path), 'utf8')) ?? '';

/** What cannot be read or written here is as if it were not. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}
