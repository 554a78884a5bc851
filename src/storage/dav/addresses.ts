import { StorageError } from '../../model/errors.ts';
import { type Href, href } from '../../model/names.ts';

/** What a member's address says about it, seen from its collection. */
export type Member =
  | { readonly type: 'item'; readonly href: Href }
  | { readonly type: 'itself' }
  /** A collection within, or what is in one. */
  | { readonly type: 'below' }
  /** Somewhere else, or nowhere: with encoded slashes, dots, another host (E16, S8, S9). */
  | { readonly type: 'foreign' };

/**
 * Addresses have two forms. As `Href` they are normal, so that two spellings of one address are equal (E15): a path,
 * each segment decoded and encoded again, behind an origin only where that is not the storage's own; collections end
 * with a slash. Requests use the spelling that the server itself used, where it was seen and is another.
 */
export class Addresses {
  readonly #origin: string;
  readonly #spellings = new Map<Href, string>();

  /** `origin` is that of the configured address. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** A collection's address, as an answer to a request for `askedUrl` writes it; undefined where it is none. */
  collection(written: string, askedUrl: string): Href | undefined {
    const asked = new URL(askedUrl);
    const place = placeOf(written, asked);
    const normal = place === undefined ? undefined : normalPath(place.path);
    if (place === undefined || normal === undefined) return undefined;
    const origin = place.origin === this.#origin ? '' : place.origin;
    return this.#remember(href(origin + withSlash(normal)), origin + withSlash(place.path));
  }

  member(collection: Href, written: string): Member {
    if (isPlainMember(collection, written)) return { type: 'item', href: href(written) };
    const base = new URL(this.url(collection));
    const place = placeOf(written, base);
    const normal = place === undefined ? undefined : normalPath(place.path);
    if (place === undefined || normal === undefined || place.origin !== base.origin) return { type: 'foreign' };
    const own = this.#pathOf(collection);
    if (withSlash(normal) === own) return { type: 'itself' };
    if (!normal.startsWith(own)) return { type: 'foreign' };
    if (normal.slice(own.length).includes('/')) return { type: 'below' };
    return { type: 'item', href: this.#remember(href(normal), place.path) };
  }

  /** For a request to a collection. */
  url(collection: Href): string {
    const spelled = this.#spellings.get(collection) ?? collection;
    return spelled.startsWith('/') ? this.#origin + spelled : spelled;
  }

  /** For a request to an item; what would lead out of its collection is refused (S8). */
  itemUrl(collection: Href, item: Href): string {
    if (isPlainMember(collection, item) && !this.#spellings.has(item)) return this.#origin + item;
    const url = new URL(this.url(collection)).origin + (this.#spellings.get(item) ?? item);
    const normal = normalPath(new URL(url).pathname);
    const own = this.#pathOf(collection);
    if (normal === undefined || !normal.startsWith(own) || /^$|\//.test(normal.slice(own.length))) {
      throw new StorageError('not-found', `there is no item at ${JSON.stringify(item)} in ${collection}`);
    }
    return url;
  }

  /** As multiget names an item. */
  itemPath(collection: Href, item: Href): string {
    return new URL(this.itemUrl(collection, item)).pathname;
  }

  /** The address of a new member; `name` is encoded here, once. */
  child(collection: Href, name: string): Href {
    return href(this.#pathOf(collection) + encodeURIComponent(name));
  }

  childCollection(collection: Href, name: string): Href {
    return href(`${collection}${encodeURIComponent(name)}/`);
  }

  #pathOf(collection: Href): string {
    return collection.startsWith('/') ? collection : collection.slice(new URL(collection).origin.length);
  }

  #remember(normal: Href, spelled: string): Href {
    if (spelled === normal) this.#spellings.delete(normal);
    else this.#spellings.set(normal, spelled);
    return normal;
  }
}

/** The decoded segment of a collection's path from which its id comes: its last one (1), or the one before (2). */
export function segmentFromEnd(collection: Href, place: number): string | undefined {
  const path = collection.startsWith('/') ? collection : new URL(collection).pathname;
  const segment = path
    .split('/')
    .filter((part) => part !== '')
    .at(-place);
  return segment === undefined ? undefined : (decoded(segment) ?? segment);
}

/**
 * Where `written` leads, without being normal yet. Another scheme or port on the asked host is taken for a server
 * behind a proxy that does not know its own address; a path that begins with two slashes for a path.
 */
function placeOf(written: string, asked: URL): { readonly origin: string; readonly path: string } | undefined {
  if (/\p{Surrogate}/u.test(written)) return undefined;
  const absolute = /^https?:\/\/([^/]*)(.*)$/is.exec(written);
  if (absolute === null) {
    const path = written.startsWith('/') ? written : asked.pathname.replace(/[^/]*$/, '') + written;
    return { origin: asked.origin, path: legible(path) };
  }
  const [, , rest = ''] = absolute;
  const start = written.slice(0, written.length - rest.length);
  if (!URL.canParse(start)) return undefined;
  const url = new URL(start);
  return { origin: url.hostname === asked.hostname ? asked.origin : url.origin, path: legible(rest || '/') };
}

/** As the server writes it, but for what no request line can hold; `?` and `#` belong to a name here, never to a query. */
const legible = (path: string): string =>
  path.replace(/\/{2,}/g, '/').replace(/[^\x21-\x7e]+|["#<>?\\^`{|}]/g, (part) => encodeURIComponent(part));

/** Each segment decoded and encoded again. Undefined where one is dots, or holds a slash or a NUL. */
function normalPath(path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    const plain = decoded(segment);
    if (plain === undefined) {
      segments.push(segment.replace(/%[0-9a-f]{2}/gi, (escaped) => escaped.toUpperCase()));
    } else if (plain === '.' || plain === '..' || plain.includes('/') || plain.includes('\0')) {
      return undefined;
    } else {
      segments.push(encodeURIComponent(plain));
    }
  }
  return segments.join('/');
}

/** Undefined where the escaped bytes are no UTF-8. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Almost all are like this, and there are many: nothing in them has to be looked at more closely. */
const isPlainMember = (collection: Href, path: string): boolean =>
  collection.startsWith('/') && path.startsWith(collection) && PLAIN_NAME.test(path.slice(collection.length));

/** Equal to its normal form. An at sign, which many UIDs have, is the one escape among them. */
const PLAIN_NAME = /^(?:[A-Za-z0-9_~-]|%40)(?:[A-Za-z0-9._~-]|%40)*$/;

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);
