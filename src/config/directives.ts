import type { StorageType } from '../storage/storage-type.ts';

/** The directives that may stand in a block. */
export interface BlockNames {
  readonly names: readonly string[];
  /** Those of them that may stand more than once. */
  readonly repeatable: readonly string[];
}

/** All directives of the language but those of single storage types, by the block that they stand in. */
export const TOP: BlockNames = {
  names: ['status_path', 'history', 'storage', 'pair'],
  repeatable: ['storage', 'pair'],
};

export const PAIR: BlockNames = {
  names: [
    'storage_a',
    'storage_b',
    'collections',
    'collection',
    'exclude',
    'on_empty',
    'on_delete',
    'max_delete',
    'conflict_resolution',
    'one_way',
    'properties',
    'hook',
  ],
  repeatable: ['collections', 'collection'],
};

export const COLLECTION: BlockNames = { names: ['alias', 'id_a', 'href_a', 'id_b', 'href_b'], repeatable: [] };

export const CONFLICT_WAYS: BlockNames = { names: ['merge', 'keep', 'cmd'], repeatable: ['keep'] };

export const HOOK: BlockNames = { names: ['cmd'], repeatable: [] };

export const WINDOW: BlockNames = { names: ['past', 'future'], repeatable: [] };

/** The block of a value that comes from elsewhere. */
export const SOURCE: BlockNames = { names: ['cmd', 'shell', 'env', 'file', 'prompt', 'timeout'], repeatable: [] };

/** What storages of every type have. */
export const STORAGE_NAMES: readonly string[] = ['type', 'interval', 'read_only'];

/** Types that are understood, and not supported yet. */
export const LATER_TYPES: readonly string[] = ['file/icalendar', 'file/vcard'];

/** The directives of a storage's block; of an unknown type's, all that any type has. */
export function storageNames(types: readonly StorageType[]): BlockNames {
  const own = types.flatMap((type) => Object.entries(type.directives));
  return {
    names: [...new Set([...STORAGE_NAMES, ...own.map(([name]) => name)])],
    repeatable: own.flatMap(([name, directive]) => (directive.value === 'origins' ? [name] : [])),
  };
}

/** Every directive that the language has. */
export function allDirectives(types: readonly StorageType[]): readonly string[] {
  const blocks = [TOP, PAIR, COLLECTION, CONFLICT_WAYS, HOOK, WINDOW, SOURCE, storageNames(types)];
  return [...new Set(blocks.flatMap((block) => block.names))];
}

/** The blocks in which a directive may stand, as messages say it. */
export function whereItBelongs(name: string, types: readonly StorageType[]): readonly string[] {
  const places: string[] = [];
  if (TOP.names.includes(name)) places.push('at the top of the file');
  if (STORAGE_NAMES.includes(name)) places.push('in a storage');
  const having = types.filter((type) => Object.hasOwn(type.directives, name)).map((type) => `"${type.name}"`);
  if (having.length > 0) places.push(`in a storage of type ${having.join(', ')}`);
  if (PAIR.names.includes(name)) places.push('in a pair');
  if (COLLECTION.names.includes(name)) places.push('in a "collection" block of a pair');
  if (CONFLICT_WAYS.names.includes(name)) places.push('in "conflict_resolution" of a pair');
  if (WINDOW.names.includes(name)) places.push('in a "window" block of a storage');
  if (SOURCE.names.includes(name)) places.push('in the block of a value such as "password"');
  return places;
}
