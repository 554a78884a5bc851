import type { Config, PairSettings } from '../../config/config.ts';
import { didYouMean } from '../../config/suggestion.ts';
import { UsageError } from '../../model/errors.ts';

export interface ChosenPair {
  readonly settings: PairSettings;
  /** Only these of its collections; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
}

/** The pairs that NAMEs (`pair` or `pair/collection`) mean, in the order of the configuration; without a NAME, all. */
export function choosePairs(config: Config, names: readonly string[]): readonly ChosenPair[] {
  if (names.length === 0) return config.pairs.map((settings) => ({ settings, only: undefined }));
  const wanted = names.map((name) => splitName(name));
  const known = config.pairs.map(({ name }) => name);
  for (const { pair } of wanted) if (!known.includes(pair)) throw unknownPair(pair, known);
  return config.pairs.flatMap((settings) => {
    const mine = wanted.filter(({ pair }) => pair === settings.name);
    if (mine.length === 0) return [];
    const collections = mine.flatMap(({ collection }) => collection ?? []);
    return [{ settings, only: collections.length < mine.length ? undefined : new Set(collections) }];
  });
}

/** For commands that concern pairs as a whole. */
export function chooseWholePairs(config: Config, names: readonly string[]): readonly PairSettings[] {
  return choosePairs(config, names).map(({ settings, only }) => {
    if (only === undefined) return settings;
    const [collection = ''] = only;
    throw new UsageError(`this command takes pairs, and "${settings.name}/${collection}" is a collection of one`);
  });
}

/** A pair's name has no slash; a collection's id may have. */
function splitName(name: string): { readonly pair: string; readonly collection: string | undefined } {
  const slash = name.indexOf('/');
  if (slash < 0) return { pair: name, collection: undefined };
  return { pair: name.slice(0, slash), collection: name.slice(slash + 1) };
}

function unknownPair(pair: string, known: readonly string[]): UsageError {
  const hint =
    known.length === 0
      ? 'the configuration has no pair'
      : `the pairs are ${known.map((name) => `"${name}"`).join(', ')}`;
  return new UsageError(`there is no pair "${pair}"${didYouMean(pair, known)}`, { hint });
}
