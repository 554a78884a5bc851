import { type Answer, bare, davError, multistatus, propertyRow, statusRow } from './answer.ts';
import { type Exchange, findResource, membersOf, writtenHref } from './exchange.ts';
import { rowOf } from './properties.ts';
import { dav } from './xml-names.ts';
import { readXml, type XmlElement } from './xml-reader.ts';
import { element } from './xml-writer.ts';

/** PROPFIND (RFC 4918, section 9.1) at Depth 0 and 1. */
export function propfind(exchange: Exchange): Answer {
  const { depth = 'infinity' } = exchange.headers;
  if (depth !== '0' && depth !== '1') return davError(403, dav('propfind-finite-depth'));
  const resource = findResource(exchange, exchange.path);
  if (resource.type === 'missing') {
    if (exchange.behaviour.errors === 'status') return bare(404);
    return multistatus([statusRow(writtenHref(exchange, exchange.path), 404)]);
  }
  const names = exchange.body === '' ? undefined : requestedNames(readXml(exchange.body));
  const rows = [rowOf(exchange, resource, names)];
  if (depth === '1') {
    const members = membersOf(exchange, resource).map((member) => rowOf(exchange, member, names));
    rows.push(...limited(exchange, members, exchange.behaviour.listingLimit), ...foreignRows(exchange));
  }
  return multistatus(rows);
}

/** The children of DAV:prop; undefined where there is none: DAV:allprop. */
export function requestedNames(request: XmlElement): readonly string[] | undefined {
  return request.children.find(({ name }) => name === dav('prop'))?.children.map(({ name }) => name);
}

/** Rows up to a limit, and one for the collection itself that says there are more. */
export function limited(exchange: Exchange, rows: readonly string[], limit: number | undefined): readonly string[] {
  return limit === undefined || rows.length <= limit ? rows : [...rows.slice(0, limit), moreRow(exchange)];
}

export const moreRow = (exchange: Exchange): string =>
  statusRow(
    writtenHref(exchange, exchange.path),
    507,
    element(dav('error'), element(dav('number-of-matches-within-limits'))),
  );

export const foreignRows = ({ effects }: Exchange): readonly string[] =>
  effects.flatMap((effect) => {
    if (typeof effect === 'string' || effect.type !== 'foreign-entry') return [];
    return [propertyRow(effect.href, [{ status: 200, properties: [element(dav('getetag'), '"foreign"')] }])];
  });
