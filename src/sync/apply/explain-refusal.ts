import { StorageError } from '../../model/errors.ts';
import type { Item, Kind } from '../../model/item.ts';

/** Adds to the refusal of an item what a strict parser finds wrong with it: many servers only say that they refuse. */
export async function explainRefusal(error: StorageError, item: Item | undefined, kind: Kind): Promise<StorageError> {
  if (error.kind !== 'rejected' || item === undefined) return error;
  // The parsers are loaded by the runs that need them only.
  const { problemOf } = await import('../../content/inspect.ts');
  const problem = problemOf(item.text, kind);
  if (problem === undefined) return error;
  const hint = [error.hint, `looking at the item: ${problem}`].filter((each) => each !== undefined).join('; ');
  return new StorageError(error.kind, error.message, { reason: error.reason, hint, cause: error });
}
