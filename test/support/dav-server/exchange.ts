import type { IncomingHttpHeaders } from 'node:http';
import type { Behaviour } from './behaviour.ts';
import type { Content, StoredCollection, StoredItem } from './content.ts';
import type { Effect } from './faults.ts';
import { asCollectionPath, canonicalPath, lastSegment, parentPath } from './paths.ts';

/** Where things are: fixed when the server starts. */
export interface Layout {
  readonly principal: string;
  readonly calendarHomes: readonly string[];
  readonly addressBookHomes: readonly string[];
}

/** One request, with all that answering it needs. */
export interface Exchange {
  readonly method: string;
  /** Canonical. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  readonly content: Content;
  readonly layout: Layout;
  readonly behaviour: Behaviour;
  readonly effects: readonly Effect[];
}

export type Resource =
  /** The root, the principal, a home set: what lies around collections. */
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'collection'; readonly path: string; readonly collection: StoredCollection }
  | ItemResource
  | { readonly type: 'missing'; readonly path: string };

export interface ItemResource {
  readonly type: 'item';
  readonly path: string;
  readonly name: string;
  readonly collection: StoredCollection;
  readonly item: StoredItem;
}

export function findResource({ content, layout }: Exchange, path: string): Resource {
  const collectionPath = asCollectionPath(path);
  if (folders(layout).includes(collectionPath)) return { type: 'folder', path: collectionPath };
  const collection = content.collection(collectionPath);
  if (collection !== undefined) return { type: 'collection', path: collectionPath, collection };
  const parent = content.collection(parentPath(path));
  const name = lastSegment(path);
  const item = parent?.items.get(name);
  if (parent === undefined || item === undefined || path.endsWith('/')) return { type: 'missing', path };
  return { type: 'item', path, name, collection: parent, item };
}

/** What is directly below it, if the request may see it. */
export function membersOf(exchange: Exchange, resource: Resource): readonly Resource[] {
  if (exchange.effects.includes('hide-members')) return [];
  switch (resource.type) {
    case 'folder': {
      const inner = folders(exchange.layout).filter((path) => path !== '/' && parentPath(path) === resource.path);
      const collections = exchange.content.collections().filter(({ path }) => parentPath(path) === resource.path);
      return [
        ...inner.map((path): Resource => ({ type: 'folder', path })),
        ...collections.map((collection): Resource => ({ type: 'collection', path: collection.path, collection })),
      ];
    }
    case 'collection':
      return itemsOf(resource.collection);
    case 'item':
    case 'missing':
      return [];
  }
}

export const itemsOf = (collection: StoredCollection): readonly ItemResource[] =>
  [...collection.items].map(([name, item]) => ({
    type: 'item',
    path: collection.path + name,
    name,
    collection,
    item,
  }));

export const homesOf = (layout: Layout): readonly string[] => [...layout.calendarHomes, ...layout.addressBookHomes];

const folders = (layout: Layout): readonly string[] => [...new Set(['/', layout.principal, ...homesOf(layout)])];

/** A path as this server writes it in its answers. */
export function writtenHref({ behaviour, origin }: Exchange, path: string): string {
  switch (behaviour.hrefs) {
    case 'canonical':
      return path;
    case 'bare':
      return path.replace(/%(?:40|3A)/g, decodeURIComponent);
    case 'lower-case':
      return path.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase());
    case 'absolute':
      return origin + path;
  }
}

/** The path that a client's href means, or undefined where that is on another server. */
export function pathOfHref({ origin, path }: Exchange, href: string): string | undefined {
  const url = URL.canParse(href.trim(), origin + path) ? new URL(href.trim(), origin + path) : undefined;
  return url?.origin === origin ? canonicalPath(url.pathname) : undefined;
}
