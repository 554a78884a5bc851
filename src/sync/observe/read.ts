import { StorageError } from '../../model/errors.ts';
import type { FetchedItem, UnreadableItem } from '../../model/item.ts';
import { type Etag, type Href, isUnsettled } from '../../model/names.ts';
import type { Side } from '../../model/sides.ts';
import type { MappingStatus } from '../../status/status.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Differences, Present, Unknown } from './compare.ts';
import type { Texts } from './texts.ts';
import { UNSEEN } from './unseen.ts';

/** What was read, by where it was read; the texts are kept elsewhere. */
export interface Readings {
  readonly present: Map<Href, Present>;
  readonly unknown: Map<Href, Unknown>;
}

export function keepReading(read: FetchedItem | UnreadableItem, side: Side, to: Readings, texts: Texts): void {
  const { href, etag } = read;
  if (read.type === 'unreadable') {
    to.unknown.set(href, { etag, reason: read.reason, waits: true });
    return;
  }
  const { ident, fingerprint } = read.item;
  texts.keep(side, href, read.item);
  to.present.set(href, { href, etag: read.etag, ident, fingerprint });
}

/**
 * Reads what differs, so that each entry of `toRead` ends as present, unknown or missing. A storage that fails on the
 * way leaves the rest unknown; the error is returned.
 */
export async function readDifferences(
  differences: Differences,
  where: { readonly storage: Storage; readonly collection: Href; readonly side: Side; readonly mapping: MappingStatus },
  /** What came with the look. */
  brought: Readings,
  texts: Texts,
): Promise<StorageError | undefined> {
  const { toRead, present, unknown } = differences;
  const { side } = where;
  for (const [href, { etag, item }] of toRead) {
    const readable = brought.present.get(href);
    const unreadable = brought.unknown.get(href);
    if (item !== undefined) keepReading({ type: 'item', href, etag, item }, side, differences, texts);
    else if (readable?.etag === etag) present.set(href, readable);
    else if (unreadable?.etag === etag) unknown.set(href, unreadable);
    else continue;
    toRead.delete(href);
  }
  const error = await fetchRest(differences, where, texts);
  for (const [href, { etag }] of toRead) {
    const agreement = where.mapping.agreementAt(side, href);
    if (error !== undefined) unknown.set(href, { etag: undefined, reason: 'it could not be read', waits: false });
    else if (agreement === undefined) continue;
    else if (etag === UNSEEN) differences.missing.set(href, agreement.ident);
    else unknown.set(href, { etag: undefined, reason: GONE_MEANWHILE, waits: false });
  }
  toRead.clear();
  return error;
}

const isComparable = (version: Etag): boolean => version !== UNSEEN && !isUnsettled(version);

/** A listing that has it does not show it gone: it may have moved to an address that was listed as empty (SL3). */
const GONE_MEANWHILE = 'it went from where it was listed before it was read';

async function fetchRest(
  differences: Differences,
  { storage, collection, side }: { readonly storage: Storage; readonly collection: Href; readonly side: Side },
  texts: Texts,
): Promise<StorageError | undefined> {
  const { toRead, overtaken } = differences;
  if (toRead.size === 0) return undefined;
  try {
    for await (const fetched of storage.fetch(collection, [...toRead.keys()])) {
      const listed = toRead.get(fetched.href);
      if (listed === undefined) continue;
      toRead.delete(fetched.href);
      if (isComparable(listed.etag) && listed.etag !== fetched.etag) overtaken.add(fetched.href);
      keepReading(fetched, side, differences, texts);
    }
    return undefined;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}
