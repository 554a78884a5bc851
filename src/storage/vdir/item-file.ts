import { unlinkSync } from 'node:fs';
import { detached } from '../../content/detached.ts';
import { decodeItem } from '../../content/item.ts';
import { StorageError, unreachable } from '../../model/errors.ts';
import type { FetchedItem, Item, Kind, UnreadableItem } from '../../model/item.ts';
import { type Etag, type Href, href } from '../../model/names.ts';
import type { Written } from '../storage.ts';
import { createFile, replaceFile } from './atomic-write.ts';
import { isVersion, listedEtag, readEtag, versionEtag } from './file-etag.ts';
import type { Sync } from './group-sync.ts';
import { entryAt } from './item-files.ts';
import { readWholeFile } from './read-file.ts';

/** `undefined`: nothing is there. */
export function readItemFile(path: string, kind: Kind, nowMs: number): FetchedItem | UnreadableItem | undefined {
  const at = hrefOf(path);
  const read = readWholeFile(path);
  switch (read.type) {
    case 'gone':
      return undefined;
    case 'unreadable': {
      const etag = read.stat === undefined ? undefined : listedEtag(read.stat, nowMs);
      return { type: 'unreadable', href: at, etag, reason: read.reason };
    }
    case 'read':
      return { ...decodeItem(read.bytes, kind), href: at, etag: readEtag(read.stat, read.bytes, nowMs) };
    default:
      return unreachable(read);
  }
}

/** A file system keeps what it is given: what is there after a write is known without a look. */
export async function createItemFile(path: string, item: Item, sync: Sync): Promise<Written> {
  const stat = await createFile(path, item.text, sync);
  return { href: hrefOf(path), etag: versionEtag(stat), holds: 'as-sent' };
}

export async function updateItemFile(path: string, seen: Etag, item: Item, sync: Sync): Promise<Written> {
  const demandVersion = (): void => {
    if (!isStill(path, seen)) throw new StorageError('not-found', `${path} is gone`);
  };
  const stat = await replaceFile(path, item.text, demandVersion, sync);
  return { href: hrefOf(path), etag: versionEtag(stat), holds: 'as-sent' };
}

export function deleteItemFile(path: string, seen: Etag): void {
  if (isStill(path, seen)) unlinkSync(path);
}

/** Whether exactly that version is there; fails `changed` on another, and answers false where nothing is. */
function isStill(path: string, seen: Etag): boolean {
  const stat = entryAt(path);
  if (stat === 'gone') return false;
  const bytes = (): Uint8Array | undefined => {
    const read = readWholeFile(path);
    return read.type === 'read' ? read.bytes : undefined;
  };
  if (stat !== 'unknown' && stat.isFile() && isVersion(seen, stat, bytes)) return true;
  throw new StorageError('changed', `${path} is another version now`);
}

const hrefOf = (path: string): Href => href(detached(path.slice(path.lastIndexOf('/') + 1)));
