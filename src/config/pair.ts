import { PROPERTY_NAMES, type PropertyName } from '../model/collection.ts';
import type { ConflictWay, MaxDelete, PairRules } from '../model/rules.ts';
import { bySide, SIDES, type Side, type Sides } from '../model/sides.ts';
import { type Block, isMissing, readBlock, required } from './block.ts';
import { readConflictResolution } from './conflict.ts';
import { PAIR } from './directives.ts';
import { type Checked, checkForm, right, wrong } from './form.ts';
import { type Hook, readHook } from './hook.ts';
import { readMappings } from './mapping.ts';
import type { Place } from './mistake.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { checked, choice, flag, oneWord, type UsableWord, wholeNumber, wordsOf } from './words.ts';

/** A `pair` block, right in itself; whether its storages go together is seen when all are read. */
export interface PairBlock {
  readonly name: string;
  readonly at: Place;
  readonly storages: Sides<UsableWord | undefined>;
  readonly rules: PairRules;
  readonly hook: Hook | undefined;
}

export function readPair(node: SyntaxNode, name: string, reading: Reading): PairBlock {
  const inside = {
    what: `pair "${name}"`,
    at: node.at,
    whole: node.whole && node.block !== undefined,
    nodes: node.block ?? [],
  };
  const block = readBlock(inside, PAIR, reading);
  const storages = bySide((side) => readStorageName(block, side, reading));
  const oneWay = block.one('one_way');
  const hook = block.one('hook');
  if (isMissing(block, ['collections', 'collection'])) {
    reading.mistake(node.at, `${block.what} syncs nothing; it needs "collections" or "collection"`);
  }
  const rules: PairRules = {
    collectionsFrom: readCollectionsFrom(block, reading),
    mappings: readMappings(block, reading),
    exclude: readExclude(block, reading),
    onEmpty: readSkipOrSync(block, 'on_empty', reading) ?? 'skip',
    onDelete: readSkipOrSync(block, 'on_delete', reading) ?? 'sync',
    maxDelete: readMaxDelete(block, reading),
    conflictResolution: readConflictWays(block, reading),
    oneWay: oneWay !== undefined && flag(oneWay, reading),
    properties: readProperties(block, reading) ?? PROPERTY_NAMES,
  };
  return { name, at: node.at, storages, rules, hook: hook && readHook(hook, reading) };
}

function readStorageName(block: Block, side: Side, reading: Reading): UsableWord | undefined {
  const node = required(block, `storage_${side}`, reading);
  return node && wordsOf(node, { form: `storage_${side} NAME`, min: 1, max: 1 }, reading)?.[0];
}

function readCollectionsFrom(block: Block, reading: Reading): ReadonlySet<Side> {
  return new Set(block.all('collections').flatMap((node) => readOneCollectionsFrom(node, reading)));
}

function readOneCollectionsFrom(node: SyntaxNode, reading: Reading): readonly Side[] {
  const usage = { form: 'collections all, or collections from a, or collections from b', min: 1, max: 2 };
  const [first, second] = wordsOf(node, usage, reading) ?? [];
  if (first === undefined) return [];
  const kind = choice(first, ['all', 'from'], reading);
  if (kind === 'all' && second === undefined) return SIDES;
  if (kind === 'from' && second !== undefined) {
    const side = choice(second, SIDES, reading);
    return side === undefined ? [] : [side];
  }
  if (kind !== undefined) reading.mistake(node.at, `"collections" is written: ${usage.form}`);
  return [];
}

function readExclude(block: Block, reading: Reading): readonly string[] {
  const node = block.one('exclude');
  const words = node && wordsOf(node, { form: 'exclude GLOB…', min: 1, max: Number.POSITIVE_INFINITY }, reading);
  return (words ?? []).flatMap((word) => checked(word, (text) => checkForm(text, { form: 'text' }), reading) ?? []);
}

function readSkipOrSync(block: Block, name: string, reading: Reading): 'skip' | 'sync' | undefined {
  const node = block.one(name);
  const word = node && wordsOf(node, { form: `${name} skip|sync`, min: 1, max: 1 }, reading)?.[0];
  return word && choice(word, ['skip', 'sync'], reading);
}

function readMaxDelete(block: Block, reading: Reading): MaxDelete | undefined {
  const node = block.one('max_delete');
  return node && oneWord(node, 'max_delete N, or max_delete "N%"', checkMaxDelete, reading);
}

function checkMaxDelete(text: string): Checked<MaxDelete> {
  const isShare = text.endsWith('%');
  const number = wholeNumber(isShare ? text.slice(0, -1) : text);
  if (number === undefined || (isShare && number > 100)) {
    return wrong('is neither a whole number nor a share from "0%" to "100%"');
  }
  return right(isShare ? { type: 'share', percent: number } : { type: 'count', count: number });
}

function readConflictWays(block: Block, reading: Reading): readonly ConflictWay[] {
  const node = block.one('conflict_resolution');
  return node === undefined ? [] : readConflictResolution(node, reading);
}

function readProperties(block: Block, reading: Reading): readonly PropertyName[] | undefined {
  const node = block.one('properties');
  const usage = { form: 'properties NAME…, or properties none', min: 1, max: Number.POSITIVE_INFINITY };
  const words = node && wordsOf(node, usage, reading);
  if (words === undefined) return undefined;
  const names = words.map((word) => ({ at: word.at, name: choice(word, [...PROPERTY_NAMES, 'none'], reading) }));
  for (const [index, { at, name }] of names.entries()) {
    if (name === 'none' && names.length > 1) reading.mistake(at, '"none" stands beside other names');
    else if (name !== undefined && names.findIndex((other) => other.name === name) < index) {
      reading.mistake(at, `"${name}" is named a second time`);
    }
  }
  return PROPERTY_NAMES.filter((property) => names.some(({ name }) => name === property));
}
