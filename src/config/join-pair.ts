import { propertiesOf } from '../model/collection.ts';
import type { PairRules } from '../model/rules.ts';
import type { Sides } from '../model/sides.ts';
import type { PairBlock } from './pair.ts';
import type { Reading } from './reading.ts';
import type { StorageSettings } from './storage.ts';
import { didYouMean } from './suggestion.ts';
import type { UsableWord } from './words.ts';

/** What a pair makes of two storages. */
export interface JoinedPair {
  /** Their names. */
  readonly storages: Sides<string>;
  readonly rules: PairRules;
}

interface Storages {
  /** By name; undefined where the block has mistakes of its own. */
  readonly storages: ReadonlyMap<string, StorageSettings | undefined>;
  /** False where a storage may stand in what could not be read. */
  readonly whole: boolean;
}

/** Looks whether the two storages of a pair are there, and go together. */
export function joinPair(pair: PairBlock, known: Storages, reading: Reading): JoinedPair | undefined {
  const { a, b } = pair.storages;
  const storageA = a && find(a, known, reading);
  const storageB = b && find(b, known, reading);
  if (a === undefined || b === undefined) return undefined;
  if (a.text === b.text) return reading.mistake(b.at, `pair "${pair.name}" has storage "${a.text}" on both sides`);
  if (storageA === undefined || storageB === undefined) return undefined;
  reportMismatch(pair, { a: storageA, b: storageB }, b, reading);
  const properties = propertiesOf(storageA.type.kind).filter((name) => pair.rules.properties.includes(name));
  return { storages: { a: a.text, b: b.text }, rules: { ...pair.rules, properties } };
}

function find(word: UsableWord, { storages, whole }: Storages, reading: Reading): StorageSettings | undefined {
  if (storages.has(word.text)) return storages.get(word.text);
  if (!whole) return undefined;
  return reading.mistake(word.at, `storage "${word.text}" is not defined${didYouMean(word.text, storages.keys())}`);
}

function reportMismatch(pair: PairBlock, { a, b }: Sides<StorageSettings>, word: UsableWord, reading: Reading): void {
  if (a.type.kind !== b.type.kind) {
    const holds = (storage: StorageSettings): string =>
      `"${storage.name}" holds ${storage.type.kind === 'calendar' ? 'calendars' : 'contacts'}`;
    reading.mistake(word.at, `pair "${pair.name}" mixes calendars and contacts: ${holds(a)}, ${holds(b)}`);
  }
  if (a.readOnly && b.readOnly) {
    reading.mistake(word.at, `pair "${pair.name}" can write nothing: both of its storages are read-only`);
  } else if (pair.rules.oneWay && b.readOnly) {
    reading.mistake(
      word.at,
      `pair "${pair.name}" can write nothing: "one_way" writes to storage_b only, and that is read-only`,
    );
  }
}
