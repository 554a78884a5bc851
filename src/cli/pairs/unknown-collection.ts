import { didYouMean } from '../../config/suggestion.ts';
import { UsageError } from '../../model/errors.ts';

/** The mistake, if one of the collections that were asked for is not known; those that are, are listed. */
export function unknownCollection(
  pair: string,
  only: ReadonlySet<string> | undefined,
  known: ReadonlySet<string>,
): UsageError | undefined {
  const name = [...(only ?? [])].find((each) => !known.has(each));
  if (name === undefined) return undefined;
  const listed = [...known].sort().map((each) => `"${each}"`);
  const hint = listed.length === 0 ? 'it has none' : `its collections are ${listed.join(', ')}`;
  return new UsageError(`pair "${pair}" has no collection "${name}"${didYouMean(name, known)}`, { hint });
}
