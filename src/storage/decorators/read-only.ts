import { StorageError } from '../../model/errors.ts';
import type { Storage } from '../storage.ts';
import { Delegating } from './delegating.ts';

/** The same storage, to which no write request is ever sent (SG4, SD14). */
export const readOnly = (storage: Storage): Storage => new ReadOnly(storage);

class ReadOnly extends Delegating {
  override get access(): 'read-only' {
    return 'read-only';
  }

  override createRoot(): Promise<never> {
    return refused('making its root');
  }

  override createCollection(): Promise<never> {
    return refused('making a collection');
  }

  override deleteCollection(): Promise<never> {
    return refused('deleting a collection');
  }

  override create(): Promise<never> {
    return refused('creating an item');
  }

  override update(): Promise<never> {
    return refused('updating an item');
  }

  override delete(): Promise<never> {
    return refused('deleting an item');
  }

  override setProperty(): Promise<never> {
    return refused('setting a property');
  }

  /** Nothing was written, so all of it is safe. */
  override async flush(): Promise<void> {
    // Some storages save by writing.
  }
}

const refused = async (what: string): Promise<never> => {
  throw new StorageError('read-only', `${what} is a write, and the storage is read-only`, {
    hint: 'remove `read_only` from the storage to allow it',
  });
};
