import { type Answer, bare, davError, multistatus, statusRow } from './answer.ts';
import type { StoredCollection } from './content.ts';
import { type Exchange, findResource, itemsOf, membersOf, pathOfHref, writtenHref } from './exchange.ts';
import { reportsOf, rowOf } from './properties.ts';
import { foreignRows, limited, requestedNames } from './propfind.ts';
import { linesOf } from './rewriting.ts';
import { syncCollection } from './sync-report.ts';
import { caldav, carddav, dav } from './xml-names.ts';
import { descendants, readXml, type XmlElement } from './xml-reader.ts';

/** REPORT (RFC 3253, section 3.6) on a collection. */
export function report(exchange: Exchange): Answer {
  const resource = findResource(exchange, exchange.path);
  if (resource.type === 'missing') return bare(404);
  const request = readXml(exchange.body);
  const supports =
    resource.type === 'collection' ? reportsOf(resource.collection.kind, exchange.behaviour.sync !== 'none') : [];
  if (resource.type !== 'collection' || !supports.includes(request.name)) return davError(403, dav('supported-report'));
  switch (request.name) {
    case dav('sync-collection'):
      return syncCollection(exchange, resource.collection, request);
    case caldav('calendar-multiget'):
    case carddav('addressbook-multiget'):
      return multiget(exchange, request);
    default:
      return query(exchange, resource.collection, request);
  }
}

/** RFC 4791, section 7.9; RFC 6352, section 8.7. */
function multiget(exchange: Exchange, request: XmlElement): Answer {
  const names = requestedNames(request);
  const rows: string[] = [];
  for (const { text } of descendants(request, dav('href'))) {
    const path = pathOfHref(exchange, text);
    const resource = path === undefined ? undefined : findResource(exchange, path);
    if (resource?.type === 'item') rows.push(rowOf(exchange, resource, names));
    else if (exchange.behaviour.missingInMultiget === 'fails') return bare(404);
    else if (exchange.behaviour.missingInMultiget === 'row') {
      rows.push(statusRow(path === undefined ? text : writtenHref(exchange, path), 404));
    }
  }
  return multistatus([...rows, ...foreignRows(exchange)]);
}

/** RFC 4791, section 7.8; RFC 6352, section 8.6. Of the filters only the component's name is looked at. */
function query(exchange: Exchange, collection: StoredCollection, request: XmlElement): Answer {
  const names = requestedNames(request);
  const wanted = descendants(request, caldav('comp-filter')).flatMap(({ attributes }) => attributes.get('name') ?? []);
  const visible = new Set(
    membersOf(exchange, { type: 'collection', path: collection.path, collection }).map(({ path }) => path),
  );
  const rows = itemsOf(collection)
    .filter(({ path, item }) => visible.has(path) && hasComponents(item.text, wanted))
    .map((item) => rowOf(exchange, item, names));
  return multistatus([...limited(exchange, rows, exchange.behaviour.listingLimit), ...foreignRows(exchange)]);
}

function hasComponents(text: string, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const begun = new Set(linesOf(text).map((line) => line.toUpperCase()));
  return wanted.every((name) => begun.has(`BEGIN:${name.toUpperCase()}`));
}
