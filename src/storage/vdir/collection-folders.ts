import { lstatSync, mkdirSync, readdirSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StorageError } from '../../model/errors.ts';
import { isTemporaryName } from './atomic-write.ts';
import { isPropertyFile } from './property-files.ts';

/** What file systems take for a name. */
const LONGEST_NAME_BYTES = 255;

/** Fails `not-found` where the root is not there: an unmounted disk must not look like an empty one (SC7). */
export function demandRoot(root: string): void {
  const stat = statSync(root, { throwIfNoEntry: false });
  if (stat === undefined) {
    const hint = `check \`path\`, and whether the disk that it is on is mounted`;
    throw new StorageError('not-found', `there is no directory ${root}`, { hint });
  }
  if (!stat.isDirectory()) {
    const hint = 'a vdir is a directory that holds a directory for each collection';
    throw new StorageError('invalid-data', `${root} is not a directory`, { hint });
  }
}

/** Names of all collections, in their order, and of links, which are not followed (S7). */
export function listFolders(root: string): { readonly names: readonly string[]; readonly links: readonly string[] } {
  demandRoot(root);
  const entries = readdirSync(root, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.'));
  return {
    names: entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort(),
    links: entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name),
  };
}

/** The path of a collection that may not be there. Denied, and not repaired, is a name that could lead elsewhere (S6). */
export function folderPath(root: string, name: string): string {
  const isPlain = name !== '' && !name.startsWith('.') && !/[/\\\0]/.test(name);
  if (!isPlain || Buffer.byteLength(name) > LONGEST_NAME_BYTES) {
    const hint = 'a collection of a vdir is the name of a directory in it';
    throw new StorageError('rejected', `${JSON.stringify(name)} cannot be the name of a collection in ${root}`, {
      hint,
    });
  }
  return join(root, name);
}

export const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Fails `not-found` unless the directory of the collection is there. */
export function demandFolder(path: string): void {
  if (isFolder(path)) return;
  demandRoot(dirname(path));
  throw new StorageError('not-found', `there is no directory ${path}`);
}

/** Fails `not-found` where the root is missing: making that is a decision of its own. */
export function makeFolder(path: string): void {
  demandRoot(dirname(path));
  mkdirSync(path);
}

/** Removes a directory that holds nothing but what is ours. */
export function removeFolder(path: string, isItem: (name: string) => boolean): void {
  const names = readdirSync(path);
  if (names.some(isItem)) throw new StorageError('not-empty', `${path} holds items`);
  const foreign = names.filter((name) => !isPropertyFile(name) && !isTemporaryName(name));
  if (foreign.length > 0) {
    const hint = `move or remove them first: ${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', …' : ''}`;
    throw new StorageError('not-empty', `${path} holds files that pimsync did not make`, { hint });
  }
  for (const name of names) unlinkSync(join(path, name));
  rmdirSync(path);
}
