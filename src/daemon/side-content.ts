import { createHash } from 'node:crypto';
import { StorageError } from '../model/errors.ts';
import type { Storage } from '../storage/storage.ts';

/** What a storage holds, as a text that differs whenever that does. For storages that cost no request. */
export async function contentOf(storage: Storage): Promise<string> {
  const hash = createHash('sha256');
  try {
    for (const { href, properties } of await storage.discover()) {
      const look = await storage.look(href, undefined);
      const items = look.type === 'all' ? look.items : look.changed;
      const lines = items.map((item) => `${item.href}\0${item.etag}`).sort();
      hash.update(JSON.stringify([href, properties, lines]));
    }
  } catch (error) {
    // The run says it better.
    if (!(error instanceof StorageError)) throw error;
    hash.update(error.message);
  }
  return hash.digest('base64');
}
