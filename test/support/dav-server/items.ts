import { type Answer, bare, davError, html } from './answer.ts';
import type { StoredCollection, StoredItem } from './content.ts';
import { type Exchange, findResource, itemsOf, type Resource, writtenHref } from './exchange.ts';
import { lastSegment, parentPath } from './paths.ts';
import { MEDIA_TYPE } from './properties.ts';
import { linesOf, readText, storedText } from './rewriting.ts';
import { etagOf, namesStrongly, namesWeakly } from './versions.ts';
import { caldav, carddav, dav } from './xml-names.ts';
import { element, escapeXml } from './xml-writer.ts';

/** GET, HEAD, PUT and DELETE. */

export function get(exchange: Exchange): Answer {
  const resource = findResource(exchange, exchange.path);
  if (resource.type === 'missing') return bare(404);
  if (resource.type !== 'item') return html(200, 'There is nothing to see here');
  const etag = etagOf(resource.item, exchange.behaviour);
  const headers = { ...etagHeader(etag), 'Content-Type': `${MEDIA_TYPE[resource.collection.kind]}; charset=utf-8` };
  const ifNoneMatch = exchange.headers['if-none-match'];
  if (ifNoneMatch !== undefined && namesWeakly(ifNoneMatch, etag)) return bare(304, headers);
  return { status: 200, headers, body: readText(exchange, resource.item.text) };
}

export function put(exchange: Exchange): Answer {
  const { behaviour, content, path } = exchange;
  const before = findResource(exchange, path);
  if (before.type === 'folder' || before.type === 'collection' || path.endsWith('/')) return bare(405);
  const parent = findResource(exchange, parentPath(path));
  if (parent.type === 'missing') return bare(409);
  if (parent.type !== 'collection') return bare(403);
  const failed = failedPrecondition(exchange, before, !behaviour.ignoresIfNoneMatch);
  if (failed !== undefined) return failed;
  const { collection } = parent;
  const name = lastSegment(path);
  const refusal = refusalOf(exchange, collection, name);
  if (refusal !== undefined) return refusal;

  const text = storedText(exchange.body, behaviour);
  const status = before.type === 'item' ? 204 : 201;
  if (exchange.effects.includes('drop-write')) return bare(status);
  const item = content.put(collection, name, text);
  return bare(status, tellsEtag(exchange, item) ? etagHeader(etagOf(item, behaviour)) : {});
}

export function remove(exchange: Exchange): Answer {
  const { behaviour, content } = exchange;
  const resource = findResource(exchange, exchange.path);
  const dropped = exchange.effects.includes('drop-write');
  switch (resource.type) {
    case 'missing':
      return bare(404);
    case 'folder':
      return bare(403);
    case 'collection':
      if (!resource.collection.writable) return davError(403, dav('need-privileges'));
      if (!dropped) content.removeCollection(resource.path);
      return bare(204);
    case 'item': {
      const failed = behaviour.ignoresIfMatchOnDelete ? undefined : failedPrecondition(exchange, resource, true);
      if (failed !== undefined) return failed;
      if (!resource.collection.writable) return davError(403, dav('need-privileges'));
      if (!dropped) content.remove(resource.collection, resource.name);
      return bare(204);
    }
  }
}

const etagHeader = (etag: string | undefined): Readonly<Record<string, string>> =>
  etag === undefined ? {} : { ETag: etag };

function tellsEtag({ behaviour, body }: Exchange, item: StoredItem): boolean {
  switch (behaviour.putEtag) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'unless-rewritten':
      return item.text === body;
  }
}

/** RFC 9110, section 13.1. */
function failedPrecondition({ headers, behaviour }: Exchange, target: Resource, creates: boolean): Answer | undefined {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  const etag = target.type === 'item' ? etagOf(target.item, behaviour) : undefined;
  const there = target.type === 'item';
  if (ifMatch !== undefined && !(there && namesStrongly(ifMatch, etag))) return bare(412);
  if (creates && ifNoneMatch !== undefined && there && namesWeakly(ifNoneMatch, etag)) return bare(412);
  return undefined;
}

/** Why a body is not stored, by the preconditions of RFC 4791, section 5.3.2.1, and RFC 6352, section 6.3.2.1. */
function refusalOf(exchange: Exchange, collection: StoredCollection, name: string): Answer | undefined {
  const { behaviour, body } = exchange;
  const { kind } = collection;
  const condition = kind === 'calendar' ? caldav : carddav;
  if (!collection.writable) return davError(403, dav('need-privileges'), element(dav('resource')));
  if (behaviour.maxItemBytes !== undefined && Buffer.byteLength(body) > behaviour.maxItemBytes) {
    return davError(403, condition('max-resource-size'));
  }
  const lines = linesOf(body);
  if (behaviour.garbage !== undefined && !isWhole(lines, kind === 'calendar' ? 'VCALENDAR' : 'VCARD')) {
    const valid = condition(kind === 'calendar' ? 'valid-calendar-data' : 'valid-address-data');
    return behaviour.garbage === 403 ? davError(403, valid) : bare(behaviour.garbage);
  }
  const component = kind === 'calendar' ? componentOf(lines) : undefined;
  if (component !== undefined && !collection.components.includes(component)) {
    return davError(403, caldav('supported-calendar-component'));
  }
  if (behaviour.uidConflict !== undefined) {
    const uid = uidOf(lines);
    const other = itemsOf(collection).find((held) => held.name !== name && uidOf(linesOf(held.item.text)) === uid);
    if (uid !== undefined && other !== undefined) {
      const href = element(dav('href'), escapeXml(writtenHref(exchange, other.path)));
      return davError(behaviour.uidConflict, condition('no-uid-conflict'), href);
    }
  }
  return undefined;
}

function isWhole(lines: readonly string[], name: string): boolean {
  const bare = new RegExp(`^(?:BEGIN|END):${name}$`, 'i');
  return lines.length > 2 && bare.test(lines[0] ?? '') && bare.test(lines.at(-1) ?? '') && uidOf(lines) !== undefined;
}

const uidOf = (lines: readonly string[]): string | undefined =>
  lines.find((line) => /^UID[:;]/i.test(line))?.replace(/^UID(?:;[^:]*)?:/i, '');

/** The first component that is not a time zone. */
function componentOf(lines: readonly string[]): string | undefined {
  const names = lines.flatMap((line) => /^BEGIN:(.*)$/i.exec(line)?.[1]?.toUpperCase() ?? []);
  return names.find((name) => !['VCALENDAR', 'VTIMEZONE', 'STANDARD', 'DAYLIGHT'].includes(name));
}
