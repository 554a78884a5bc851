import type { Behaviour } from './behaviour.ts';
import type { Content, StoredCollection, StoredItem } from './content.ts';

/** How the server tells one state of an item or a collection from another. */

/** As it is written in the ETag header and in getetag, with its quotes. */
export function etagOf(item: StoredItem, behaviour: Behaviour): string | undefined {
  switch (behaviour.etags) {
    case 'content':
      return `"${item.hash}"`;
    case 'revision':
      return `"${item.hash.slice(0, 8)}-${item.revision}"`;
    case 'counter':
      return `"gcs${String(item.rewrites).padStart(8, '0')}"`;
    case 'weak':
      return `W/"${item.hash}"`;
    case 'none':
      return undefined;
  }
}

/** Whether an If-Match header names this etag, by strong comparison (RFC 9110, section 13.1.1). */
export const namesStrongly = (header: string, etag: string | undefined): boolean =>
  header.trim() === '*' || (etag?.startsWith('W/') === false && namesWeakly(header, etag));

/** Whether an If-None-Match header names this etag, by weak comparison (RFC 9110, section 13.1.2). */
export const namesWeakly = (header: string, etag: string | undefined): boolean =>
  header.trim() === '*' ||
  (etag !== undefined && header.split(',').some((named) => withoutMark(named.trim()) === withoutMark(etag)));

const withoutMark = (etag: string): string => etag.replace(/^W\//, '');

export function syncTokenOf(collection: StoredCollection, behaviour: Behaviour): string {
  if (behaviour.tokens === 'seconds') return String(lastChangeS(collection) ?? -1);
  return revisionToken(collection, collection.revision);
}

export function ctagOf(collection: StoredCollection, behaviour: Behaviour): string {
  if (behaviour.tokens === 'seconds') return String(lastChangeS(collection) ?? -1);
  return `${collection.generation}-${collection.revision}`;
}

export const revisionToken = (collection: StoredCollection, revision: number): string =>
  `data:,${collection.generation}-${revision}`;

/** The revision that a token stands for, or undefined if it is none of this collection's. */
export function revisionOfToken(collection: StoredCollection, token: string): number | undefined {
  const [, generation, revision] = /^data:,(\d+)-(\d+)$/.exec(token) ?? [];
  if (Number(generation) !== collection.generation || Number(revision) > collection.revision) return undefined;
  return Number(revision);
}

/** A token in seconds never covers the second that is still running, so what happened in it is told again. */
export function secondsToken(collection: StoredCollection, content: Content): string {
  const lastS = lastChangeS(collection);
  if (lastS === undefined) return '-1';
  return String(lastS === content.nowS() ? lastS - 1 : lastS);
}

function lastChangeS(collection: StoredCollection): number | undefined {
  const seconds = [...collection.changes.values()].map(({ atS }) => atS);
  return seconds.length === 0 ? undefined : seconds.reduce((latest, atS) => Math.max(latest, atS));
}
