import type { StorageSettings } from '../config/storage.ts';
import type { Storage } from '../storage/storage.ts';
import type { Settings, Surroundings } from '../storage/storage-type.ts';
import { PROGRAM_VERSION } from './program-version.ts';

/** A storage as the configuration wants it: connects when it is first used. */
export function openStorage(
  { name, type }: StorageSettings,
  settings: Settings,
  surroundings: Pick<Surroundings, 'memory' | 'log'>,
): Storage {
  return type.open(settings, { ...surroundings, storageName: name, programVersion: PROGRAM_VERSION });
}
