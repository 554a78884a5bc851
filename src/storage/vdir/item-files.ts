import { type BigIntStats, lstatSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { href } from '../../model/names.ts';
import type { LookedItem, UnknownItem } from '../storage.ts';
import { errorCode } from './file-error.ts';
import { listedEtag } from './file-etag.ts';
import { NOT_REGULAR } from './read-file.ts';

/** Synchronous calls are several times faster than others; so many files of them hold up nothing else for long. */
export const SLICE = 100;

export interface ItemFiles {
  readonly items: readonly LookedItem[];
  /** Names of items behind which something is that cannot be one, or cannot be looked at. */
  readonly unknown: readonly UnknownItem[];
  /** Every entry told what it is. */
  readonly complete: boolean;
}

/** Whether a file of this name is an item: exactly that extension, and not what editors and programs leave beside one. */
export function isItemName(name: string, extension: string): boolean {
  const isHidden = name.startsWith('.');
  const isLeftOver = name.endsWith('.tmp') || name.endsWith('~');
  return name.endsWith(`.${extension}`) && !isHidden && !isLeftOver && !name.includes('/') && !name.includes('\0');
}

/**
 * What the items of these names are. Directories are left out; links are not followed (S7). `read` may tell what is at
 * a path by reading it; that saves a look.
 */
export async function listItemFiles(
  folder: string,
  names: readonly string[],
  nowMs: number,
  read: ((path: string) => LookedItem | undefined) | undefined,
): Promise<ItemFiles> {
  const items: LookedItem[] = [];
  const unknown: UnknownItem[] = [];
  let complete = true;
  let count = 0;
  for (const name of names) {
    count += 1;
    if (count % SLICE === 0) await setImmediate();
    const path = `${folder}/${name}`;
    const seen = read?.(path) ?? entryAt(path);
    if (seen === 'gone') {
      // Node reads bytes that are no UTF-8 as this character, and then cannot find the name that it gave.
      if (name.includes('\uFFFD')) unknown.push({ href: href(name), reason: 'its name is not UTF-8' });
    } else if (seen === 'unknown') {
      unknown.push({ href: href(name), reason: 'permission denied' });
      complete = false;
    } else if ('etag' in seen) {
      items.push(seen);
    } else if (seen.isFile()) {
      items.push({ href: href(name), etag: listedEtag(seen, nowMs) });
    } else if (!seen.isDirectory()) {
      unknown.push({ href: href(name), reason: NOT_REGULAR });
    }
  }
  return { items, unknown, complete };
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
