import { decodeItem, type ItemReading } from '../../content/item.ts';
import type { FetchedItem, UnreadableItem } from '../../model/item.ts';
import { type Etag, etag, type Href } from '../../model/names.ts';
import type { Dav } from './dav.ts';

export type Read = FetchedItem | UnreadableItem;

/** The item by itself, as bytes; undefined where nothing is there. */
export async function getItem(dav: Dav, collection: Href, href: Href): Promise<Read | undefined> {
  const doing = `read ${href}`;
  const response = await dav.client.get(dav.addresses.itemUrl(collection, href), 'GET', doing);
  const { status } = response;
  if (status === 200) {
    const version = response.header('etag');
    const reading = decodeItem(await dav.client.bytesOf(response, doing), dav.dialect.kind);
    return asRead(href, version === undefined ? undefined : etag(version), reading);
  }
  if (status === 404 || status === 410) {
    await response.discard();
    return undefined;
  }
  const refused = await dav.client.refused(response, doing);
  if (refused.kind === 'unavailable' || refused.kind === 'overloaded' || status < 400) throw refused;
  return { type: 'unreadable', href, etag: undefined, reason: `the server answered ${status} for it` };
}

/** Whether the server says, asked for this item alone, that nothing is there (SL3). */
export async function isGone(dav: Dav, collection: Href, href: Href): Promise<boolean> {
  const url = dav.addresses.itemUrl(collection, href);
  for (const method of ['HEAD', 'GET'] as const) {
    const response = await dav.client.get(url, method, `look at ${href}`);
    await response.discard();
    if (response.status !== 405 && response.status !== 501) return response.status === 404 || response.status === 410;
  }
  return false;
}

/** The etag that the item has now, undefined where there is none; `gone` where there is no item. */
export async function currentEtag(dav: Dav, collection: Href, href: Href): Promise<Etag | undefined | 'gone'> {
  const read = await getItem(dav, collection, href);
  return read === undefined ? 'gone' : read.etag;
}

export function asRead(href: Href, version: Etag | undefined, reading: ItemReading): Read {
  if (reading.type === 'unreadable') return { type: 'unreadable', href, etag: version, reason: reading.reason };
  if (version === undefined)
    return { type: 'unreadable', href, etag: undefined, reason: 'the server gives no etag for it' };
  return { type: 'item', href, etag: version, item: reading.item };
}
