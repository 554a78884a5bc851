import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errorCode } from './file-error.ts';
import { NOT_REGULAR } from './read-file.ts';

/** Synchronous calls are several times faster than others; so many of them hold up nothing else for long. */
const SLICE = 500;

export interface ItemFiles {
  readonly files: readonly { readonly name: string; readonly stat: BigIntStats }[];
  /** Names of items behind which something is that cannot be one, or cannot be looked at. */
  readonly unknown: readonly { readonly name: string; readonly reason: string }[];
  /** Every entry told what it is. */
  readonly complete: boolean;
}

/** Whether a file of this name is an item: exactly that extension, and not what editors and programs leave beside one. */
export function isItemName(name: string, extension: string): boolean {
  const isHidden = name.startsWith('.');
  const isLeftOver = name.endsWith('.tmp') || name.endsWith('~');
  return name.endsWith(`.${extension}`) && !isHidden && !isLeftOver && !name.includes('/') && !name.includes('\0');
}

/** All items of a directory. Directories of such a name are left out; links are not followed (S7). */
export async function listItemFiles(folder: string, extension: string): Promise<ItemFiles> {
  const names = new Set(readdirSync(folder).filter((name) => isItemName(name, extension)));
  const files: { name: string; stat: BigIntStats }[] = [];
  const unknown: { name: string; reason: string }[] = [];
  let complete = true;
  let count = 0;
  for (const name of names) {
    count += 1;
    if (count % SLICE === 0) await setImmediate();
    const seen = entryAt(join(folder, name));
    if (seen === 'gone') {
      // Node reads bytes that are no UTF-8 as this character, and then cannot find the name that it gave.
      if (name.includes('\uFFFD')) unknown.push({ name, reason: 'its name is not UTF-8' });
    } else if (seen === 'unknown') {
      unknown.push({ name, reason: 'permission denied' });
      complete = false;
    } else if (seen.isFile()) {
      files.push({ name, stat: seen });
    } else if (!seen.isDirectory()) {
      unknown.push({ name, reason: NOT_REGULAR });
    }
  }
  return { files, unknown, complete };
}

/** `unknown`: something may be there, but the system does not let us see what. */
export function entryAt(path: string): BigIntStats | 'gone' | 'unknown' {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? 'gone';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM') return 'unknown';
    throw error;
  }
}
