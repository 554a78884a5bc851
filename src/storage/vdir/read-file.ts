import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from './file-error.ts';

/** Far more than any item; less than what would be a burden to hold. */
const LARGEST_BYTES = 64 * 1024 * 1024;

export type FileRead =
  | { readonly type: 'read'; readonly bytes: Uint8Array; readonly stat: BigIntStats }
  | { readonly type: 'gone' }
  /** It is there and could not be read. `stat` only if the reason holds as long as that stays. */
  | { readonly type: 'unreadable'; readonly reason: string; readonly stat: BigIntStats | undefined };

/**
 * Reads a regular file to its end, and follows no link (S7). Bytes and stat belong together: a file that is written
 * meanwhile is unreadable. Throws what concerns more than this file.
 */
export function readWholeFile(path: string): FileRead {
  try {
    return readOpened(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return { type: 'gone' };
      case 'ELOOP':
      case 'ENXIO':
        return unreadable(NOT_REGULAR);
      case 'EACCES':
      case 'EPERM':
        return unreadable('permission denied', lstatSync(path, { bigint: true, throwIfNoEntry: false }));
      case 'EIO':
        return unreadable('the disk could not read it');
      default:
        throw error;
    }
  }
}

export const NOT_REGULAR = 'it is a link, or no regular file; links are not followed';

function readOpened(descriptor: number): FileRead {
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) return unreadable(NOT_REGULAR);
    if (stat.size > LARGEST_BYTES) return unreadable('it is larger than 64 MiB', stat);
    const bytes = readBytes(descriptor, Number(stat.size));
    const after = fstatSync(descriptor, { bigint: true });
    const isSame =
      BigInt(bytes.length) === after.size && stat.mtimeNs === after.mtimeNs && stat.ctimeNs === after.ctimeNs;
    return isSame ? { type: 'read', bytes, stat: after } : unreadable('it was written to while it was read');
  } finally {
    closeSync(descriptor);
  }
}

/** Fewer than `size` where the file ends earlier. */
function readBytes(descriptor: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

const unreadable = (reason: string, stat?: BigIntStats): FileRead => ({ type: 'unreadable', reason, stat });
