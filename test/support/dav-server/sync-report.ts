import { type Answer, bare, davError, multistatus, statusRow } from './answer.ts';
import type { StoredCollection } from './content.ts';
import { type Exchange, findResource, writtenHref } from './exchange.ts';
import { DATA, rowOf } from './properties.ts';
import { foreignRows, moreRow, requestedNames } from './propfind.ts';
import { revisionOfToken, revisionToken, secondsToken } from './versions.ts';
import { dav } from './xml-names.ts';
import { child, descendants, type XmlElement } from './xml-reader.ts';
import { element, escapeXml } from './xml-writer.ts';

/** What a token stands for: a moment after which changes count, all that is there, or nothing at all. */
type Since = { readonly type: 'start' } | { readonly type: 'moment'; readonly at: number } | { readonly type: 'now' };

/** The REPORT of RFC 6578, section 3. */
export function syncCollection(exchange: Exchange, collection: StoredCollection, request: XmlElement): Answer {
  const { behaviour, content } = exchange;
  const token = child(request, dav('sync-token'))?.text.trim();
  if (token === undefined || child(request, dav('sync-level')) === undefined) return bare(400);
  const since = momentOf(exchange, collection, token);
  if (typeof since === 'number') return since === 500 ? bare(500) : davError(since, dav('valid-sync-token'));

  const inSeconds = behaviour.tokens === 'seconds';
  const changes = [...collection.changes]
    .map(([name, { revision, atS }]) => ({ name, revision, moment: inSeconds ? atS : revision }))
    .filter(({ name, moment }) => isNamed(exchange, collection, name, since, moment))
    .sort((one, other) => one.revision - other.revision);
  const limit = pageSize(exchange, request);
  const page = exchange.effects.includes('hide-members') ? [] : changes.slice(0, limit);
  const last = page.at(-1);
  const more = last !== undefined && page.length < changes.length;
  const names = requestedNames(request)?.filter((name) => behaviour.sync === 'full' || name !== DATA[collection.kind]);
  const rows = page.map(({ name }) => changeRow(exchange, collection.path + name, names));
  const next = inSeconds
    ? secondsToken(collection, content)
    : revisionToken(collection, more ? last.revision : collection.revision);
  return multistatus(
    [...rows, ...(more ? [moreRow(exchange)] : []), ...foreignRows(exchange)],
    element(dav('sync-token'), escapeXml(next)),
  );
}

/** A number is the status that the token is refused with. */
function momentOf({ behaviour }: Exchange, collection: StoredCollection, token: string): Since | 403 | 409 | 410 | 500 {
  if (token === '') return { type: 'start' };
  if (behaviour.tokens === 'seconds' && /^-?\d+$/.test(token)) return { type: 'moment', at: Number(token) };
  const revision = behaviour.tokens === 'seconds' ? undefined : revisionOfToken(collection, token);
  if (revision !== undefined) return { type: 'moment', at: revision };
  switch (behaviour.badToken) {
    case 'full-list':
      return { type: 'start' };
    case 'no-changes':
      return { type: 'now' };
    default:
      return behaviour.badToken;
  }
}

function isNamed(
  exchange: Exchange,
  collection: StoredCollection,
  name: string,
  since: Since,
  moment: number,
): boolean {
  switch (since.type) {
    case 'start':
      return collection.items.has(name) || exchange.behaviour.initialSyncListsDeleted;
    case 'moment':
      return moment > since.at;
    case 'now':
      return false;
  }
}

function pageSize({ behaviour }: Exchange, request: XmlElement): number {
  const [asked] = behaviour.honoursLimit ? descendants(request, dav('nresults')) : [];
  const limits = [Number(asked?.text ?? Number.POSITIVE_INFINITY), behaviour.syncPageSize ?? Number.POSITIVE_INFINITY];
  return Math.max(1, Math.min(...limits));
}

function changeRow(exchange: Exchange, path: string, names: readonly string[] | undefined): string {
  const resource = findResource(exchange, path);
  if (resource.type === 'item') return rowOf(exchange, resource, names);
  return statusRow(writtenHref(exchange, path), 404);
}
