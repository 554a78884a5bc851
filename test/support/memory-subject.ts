import { href } from '../../src/model/names.ts';
import { MemoryStorage, type MemoryStorageOptions } from '../../src/storage/memory/memory-storage.ts';
import type { Subject } from '../storage/conformance.ts';

export interface MemorySubject extends Subject {
  readonly storage: MemoryStorage;
}

export async function memorySubject(options: MemoryStorageOptions = {}): Promise<MemorySubject> {
  const storage = new MemoryStorage(options);
  let made = 0;
  return {
    storage,
    async freshCollection() {
      made += 1;
      return storage.userMakeCollection(`fresh-${made}`);
    },
    missingCollection: href('/missing'),
    outside: {
      put: async (collection, at, text) => storage.userPut(collection, at, text),
      remove: async (collection, at) => storage.userDelete(collection, at),
      read: async (collection, at) => storage.userItems(collection).get(at),
    },
    stored: storage.quirks.rewrites,
    close: () => storage.close(),
  };
}
