import type { Kind } from '../../../src/model/item.ts';
import { type Answer, bare, davError, propstatElement } from './answer.ts';
import { type Exchange, findResource, homesOf } from './exchange.ts';
import { asCollectionPath, parentPath } from './paths.ts';
import { changePropstats, propertyChanges, refusedNames } from './proppatch.ts';
import { caldav, carddav, dav } from './xml-names.ts';
import { descendants, readXml, type XmlElement } from './xml-reader.ts';
import { xmlDocument } from './xml-writer.ts';

export const DEFAULT_COMPONENTS: readonly string[] = ['VEVENT', 'VTODO', 'VJOURNAL'];

/** MKCALENDAR (RFC 4791, section 5.3.1) and extended MKCOL (RFC 5689), directly below a home set. */
export function makeCollection(exchange: Exchange): Answer {
  const { method, behaviour, content } = exchange;
  const path = asCollectionPath(exchange.path);
  const parent = findResource(exchange, parentPath(path));
  if (findResource(exchange, exchange.path).type !== 'missing') {
    return method === 'MKCOL' ? bare(405) : davError(403, dav('resource-must-be-null'));
  }
  if (parent.type === 'missing') return bare(409);
  if (!homesOf(exchange.layout).includes(parent.path)) return davError(403, caldav('calendar-collection-location-ok'));

  const request = exchange.body === '' ? undefined : readXml(exchange.body);
  const kind = method === 'MKCALENDAR' ? 'calendar' : kindOf(request);
  if (kind === undefined) return davError(403, dav('valid-resourcetype'));
  const changes = request === undefined ? [] : propertyChanges(request).filter(({ name }) => !isKind(name));
  const refused = refusedNames(changes, behaviour);
  if (refused.size > 0) {
    const root = method === 'MKCOL' ? dav('mkcol-response') : caldav('mkcalendar-response');
    const body = xmlDocument(root, changePropstats(changes, refused).map(propstatElement).join(''));
    return { status: 424, headers: { 'Content-Type': 'application/xml; charset=utf-8' }, body };
  }
  if (!exchange.effects.includes('drop-write')) {
    const kept = behaviour.forgetsPropertiesOnCreation ? [] : changes;
    const properties = new Map(
      kept.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
    );
    content.createCollection({ path, kind, components: componentsOf(request) ?? DEFAULT_COMPONENTS, properties });
  }
  return bare(201, { 'Cache-Control': 'no-cache' });
}

const isKind = (name: string): boolean =>
  name === dav('resourcetype') || name === caldav('supported-calendar-component-set');

function kindOf(request: XmlElement | undefined): Kind | undefined {
  const [type] = request === undefined ? [] : descendants(request, dav('resourcetype'));
  const names = type?.children.map(({ name }) => name) ?? [];
  if (names.includes(caldav('calendar'))) return 'calendar';
  return names.includes(carddav('addressbook')) ? 'address-book' : undefined;
}

function componentsOf(request: XmlElement | undefined): readonly string[] | undefined {
  const named = request === undefined ? [] : descendants(request, caldav('comp'));
  const components = named.flatMap(({ attributes }) => attributes.get('name') ?? []);
  return components.length === 0 ? undefined : components;
}
