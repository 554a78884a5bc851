import type { PairSettings } from '../../config/config.ts';
import type { StorageSettings } from '../../config/storage.ts';
import { StorageError } from '../../model/errors.ts';
import { SIDES } from '../../model/sides.ts';
import { lookAtStatus } from './look-at-status.ts';

/**
 * What a run would do about a directory of a storage that is not there: make it, where no pair of it was synced before
 * and all of them write to it (SC7). Otherwise the failure, with what to do. Throws `StatusError`.
 */
export function fateOfRoot(
  missing: StorageError,
  { name, readOnly }: StorageSettings,
  pairs: readonly PairSettings[],
  statusPath: string,
): 'made' | StorageError {
  const mine = pairs.filter(({ storages }) => SIDES.some((side) => storages[side] === name));
  const synced = mine.find((pair) => !lookAtStatus(statusPath, pair.name, ({ isNew }) => isNew));
  if (synced !== undefined) {
    const hint = `pair "${synced.name}" was synced with it before: see whether its disk is mounted, and "path" right`;
    return explained(missing, hint);
  }
  const isOnlyRead = readOnly || mine.some(({ storages, rules }) => rules.oneWay && storages.a === name);
  return isOnlyRead
    ? explained(missing, 'sync does not create what it only reads; see whether "path" is right')
    : 'made';
}

const explained = (error: StorageError, hint: string): StorageError =>
  new StorageError(error.kind, error.message, { reason: error.reason, hint, cause: error });
