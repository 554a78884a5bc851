import { randomUUID } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from './file-error.ts';
import { groupSync, type Sync } from './group-sync.ts';

/**
 * Makes a file where nothing is, whole or not at all. Fails `EEXIST` and changes nothing where anything is. The stat
 * is that of what was written, even if somebody replaced it at once.
 */
export function createFile(path: string, text: string, sync: Sync = groupSync()): Promise<BigIntStats> {
  return withTemporaryFile(dirname(path), text, sync, (temporary, descriptor) => {
    try {
      linkSync(temporary, path);
      unlinkSync(temporary);
    } catch (error) {
      if (!NO_LINKS.has(errorCode(error) ?? '')) throw error;
      placeWithoutLink(temporary, path);
    }
    // Naming the file and removing its other name changed its ctime.
    return fstatSync(descriptor, { bigint: true });
  });
}

/**
 * Puts a whole file in the place of another, with its mode. `demandVersion` is asked right before and throws if the
 * other is not what it should be. Between its look and the renaming is a moment of microseconds in which somebody
 * else's change would be lost; the system offers nothing that closes it.
 */
export function replaceFile(
  path: string,
  text: string,
  demandVersion: () => void = () => undefined,
  sync: Sync = groupSync(),
): Promise<BigIntStats> {
  const mode = lstatSync(path, { throwIfNoEntry: false })?.mode;
  return withTemporaryFile(dirname(path), text, sync, (temporary, descriptor) => {
    if (mode !== undefined) fchmodSync(descriptor, mode & 0o777);
    demandVersion();
    renameSync(temporary, path);
    return fstatSync(descriptor, { bigint: true });
  });
}

/** Returns when the names in a directory survive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const descriptor = openSync(folder, 'r');
  try {
    await groupSync()(descriptor);
  } catch (error) {
    // Some file systems cannot do that for a directory; they have nothing more to offer.
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'ENOTSUP') throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a file of this name is one that a write of ours makes for a moment (ST6). */
export const isTemporaryName = (name: string): boolean => /^\.pimsync-[0-9a-f]{16}\.tmp$/.test(name);

/** Removes what writes left that did not come to their end, once it is an hour old (ST6). `names`: of the directory. */
export function removeLeftOvers(folder: string, names: readonly string[], nowMs: number): void {
  for (const name of names.filter(isTemporaryName)) {
    const path = join(folder, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() && nowMs - stat.mtimeMs > 3_600_000) removeIfAllowed(path);
  }
}

/** What may not be removed does no harm where it is. */
function removeIfAllowed(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** What file systems without hard links answer. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/** An empty file takes the name, and the whole one is renamed over it; a crash between leaves an empty item. */
function placeWithoutLink(temporary: string, path: string): void {
  closeSync(openSync(path, 'wx'));
  try {
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(path);
    throw error;
  }
}

/** Only the waiting for the disk is asynchronous: nothing comes between the steps on either side of it. */
async function withTemporaryFile<T>(
  folder: string,
  text: string,
  sync: Sync,
  /** Leaves nothing at `path`. */
  place: (path: string, descriptor: number) => T,
): Promise<T> {
  const unique = randomUUID();
  const path = `${folder}/.pimsync-${unique.slice(0, 8)}${unique.slice(-8)}.tmp`;
  const descriptor = openSync(path, 'wx');
  let isPlaced = false;
  try {
    writeFileSync(descriptor, text);
    await sync(descriptor);
    const placed = place(path, descriptor);
    isPlaced = true;
    return placed;
  } finally {
    closeSync(descriptor);
    if (!isPlaced) rmSync(path, { force: true });
  }
}
