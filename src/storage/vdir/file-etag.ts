import { createHash, randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type Etag, etag, unsettled } from '../../model/names.ts';

/**
 * Times are as fine as the file system keeps them, which may be 2 s (FAT): a file may change again within that
 * time and look the same. So the etag of a file tells no more than its times can (SL5):
 *
 * - one that has been at rest for longer: device, inode, size and both times, which no later change leaves as they are;
 * - a younger one that is listed: an etag that equals no other, so that the next look leads to another reading;
 * - a younger one that was read: the hash of what was read.
 */
const YOUNG_MS = 2000;

export function listedEtag(stat: BigIntStats, nowMs: number): Etag {
  // What is not known to be equal must not be called so: the same file, seen twice, gets two of these.
  return isYoung(stat, nowMs) ? unsettled(randomUUID()) : versionEtag(stat);
}

export function readEtag(stat: BigIntStats, bytes: Uint8Array, nowMs: number): Etag {
  return isYoung(stat, nowMs) ? etag(contentTag(bytes)) : versionEtag(stat);
}

/** Of a file at rest, and of one that we wrote ourselves: what is in it is known. */
export function versionEtag(stat: BigIntStats): Etag {
  return etag([stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('-'));
}

/** Whether the file is still what the etag names. `read` is asked only where the etag is one of content. */
export function isVersion(seen: Etag, stat: BigIntStats, read: () => Uint8Array | undefined): boolean {
  if (!seen.startsWith(CONTENT)) return seen === versionEtag(stat);
  const bytes = read();
  return bytes !== undefined && seen === contentTag(bytes);
}

const CONTENT = 'content:';
const contentTag = (bytes: Uint8Array): string => CONTENT + createHash('sha256').update(bytes).digest('hex');

/** Also one whose times are in the future: they say nothing then. */
function isYoung(stat: BigIntStats, nowMs: number): boolean {
  const latest = stat.mtimeMs > stat.ctimeMs ? stat.mtimeMs : stat.ctimeMs;
  return nowMs - Number(latest) <= YOUNG_MS;
}
