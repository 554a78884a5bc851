import type { StorageSettings } from '../../config/storage.ts';
import { interruptible } from '../../storage/decorators/interruptible.ts';
import { readOnly } from '../../storage/decorators/read-only.ts';
import { retrying } from '../../storage/decorators/retrying.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Settings, Surroundings } from '../../storage/storage-type.ts';
import { systemClock } from '../../system/clock.ts';
import { PROGRAM_VERSION } from '../program-version.ts';

/** A storage as the configuration wants it: it connects when it is first used. */
export function openStorage(
  { name, type, readOnly: isReadOnly }: StorageSettings,
  settings: Settings,
  { memory, log, signal }: Pick<Surroundings, 'memory' | 'log'> & { readonly signal: AbortSignal },
): Storage {
  const opened = type.open(settings, { storageName: name, programVersion: PROGRAM_VERSION, memory, log, signal });
  const patient = retrying(opened, systemClock);
  return interruptible(isReadOnly ? readOnly(patient) : patient, signal);
}
