import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PROPERTY_NAMES, type Properties, type PropertyName, propertiesOf } from '../../model/collection.ts';
import { StorageError, unreachable } from '../../model/errors.ts';
import type { Kind } from '../../model/item.ts';
import { replaceFile, syncFolder } from './atomic-write.ts';
import { errorCode } from './file-error.ts';
import { entryAt } from './item-files.ts';
import { readWholeFile } from './read-file.ts';

/** A property is a file of its name, and its value what is in it, trimmed. An empty one is as good as none. */
export function readProperties(folder: string, kind: Kind): Properties {
  const found = propertiesOf(kind).flatMap((property) => {
    const value = readProperty(join(folder, property));
    return value === undefined || value === '' ? [] : [[property, value]];
  });
  return Object.fromEntries(found);
}

/** A directory or a link of that name was not meant; what is there and cannot be read is not unset, though. */
function readProperty(path: string): string | undefined {
  const entry = entryAt(path);
  if (entry === 'gone' || (entry !== 'unknown' && !entry.isFile())) return undefined;
  const read = readWholeFile(path);
  switch (read.type) {
    case 'gone':
      return undefined;
    case 'read':
      return decode(read.bytes).trim();
    case 'unreadable':
      throw new StorageError(read.stat ? 'denied' : 'unavailable', `could not read ${path}: ${read.reason}`);
    default:
      return unreachable(read);
  }
}

export async function writeProperty(folder: string, property: PropertyName, value: string | undefined): Promise<void> {
  const path = join(folder, property);
  if (value !== undefined && value.trim() !== '') await replaceFile(path, value);
  else removeFile(path);
  await syncFolder(folder);
}

export const isPropertyFile = (name: string): boolean => PROPERTY_NAMES.some((property) => property === name);

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** What is no UTF-8 was written by something old, in all likelihood in Latin-1. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
    throw error;
  }
}
