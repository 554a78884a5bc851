import { StorageError } from '../model/errors.ts';
import type { Href } from '../model/names.ts';
import type { Side } from '../model/sides.ts';
import type { MappingStatus } from '../status/status.ts';
import type { Storage } from '../storage/storage.ts';
import type { Differences } from './compare.ts';
import type { Texts } from './texts.ts';

/**
 * Reads what differs, so that each entry of `toRead` ends as present, unknown or missing. A storage that fails on the
 * way leaves the rest unknown; the error is returned.
 */
export async function readDifferences(
  differences: Differences,
  where: { readonly storage: Storage; readonly collection: Href; readonly side: Side; readonly mapping: MappingStatus },
  texts: Texts,
): Promise<StorageError | undefined> {
  const { toRead, present, unknown } = differences;
  const { side } = where;
  for (const [href, { etag, item }] of toRead) {
    if (item === undefined) continue;
    texts.keep(side, href, item);
    present.set(href, { etag, ident: item.ident, fingerprint: item.fingerprint });
    toRead.delete(href);
  }
  const error = await fetchRest(differences, where, texts);
  for (const href of toRead.keys()) {
    if (error !== undefined) {
      unknown.set(href, { etag: undefined, reason: 'it could not be read', waits: false });
    } else {
      // Listed, and gone before it was read.
      const agreement = where.mapping.agreementAt(side, href);
      if (agreement !== undefined) differences.missing.set(href, agreement.ident);
    }
  }
  toRead.clear();
  return error;
}

async function fetchRest(
  { toRead, present, unknown }: Differences,
  { storage, collection, side }: { readonly storage: Storage; readonly collection: Href; readonly side: Side },
  texts: Texts,
): Promise<StorageError | undefined> {
  if (toRead.size === 0) return undefined;
  try {
    for await (const fetched of storage.fetch(collection, [...toRead.keys()])) {
      const { href, etag } = fetched;
      if (!toRead.delete(href)) continue;
      if (fetched.type === 'item') {
        texts.keep(side, href, fetched.item);
        present.set(href, { etag: fetched.etag, ident: fetched.item.ident, fingerprint: fetched.item.fingerprint });
      } else {
        unknown.set(href, { etag, reason: fetched.reason, waits: true });
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}
