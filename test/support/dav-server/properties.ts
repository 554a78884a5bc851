import type { Kind } from '../../../src/model/item.ts';
import { type Propstat, propertyRow, statusRow } from './answer.ts';
import type { StoredCollection } from './content.ts';
import { type Exchange, type Resource, writtenHref } from './exchange.ts';
import { readText } from './rewriting.ts';
import { ctagOf, etagOf, syncTokenOf } from './versions.ts';
import { appleIcal, caldav, calendarServer, carddav, dav } from './xml-names.ts';
import { element, escapeXml } from './xml-writer.ts';

/** Properties by name; the values are XML. */
export type PropertyValues = ReadonlyMap<string, string>;

export const DISPLAYNAME = dav('displayname');
export const COLOR = appleIcal('calendar-color');
export const ORDER = appleIcal('calendar-order');
export const DATA: Readonly<Record<Kind, string>> = {
  calendar: caldav('calendar-data'),
  'address-book': carddav('address-data'),
};
export const MEDIA_TYPE: Readonly<Record<Kind, string>> = { calendar: 'text/calendar', 'address-book': 'text/vcard' };

/** Kept by the server itself; nobody sets them. */
export const PROTECTED: ReadonlySet<string> = new Set([
  ...['resourcetype', 'getetag', 'sync-token', 'supported-report-set', 'current-user-principal'].map(dav),
  calendarServer('getctag'),
]);

/** What an allprop leaves out, as RFC 4791, RFC 6352 and RFC 6578 want it. */
const ONLY_BY_NAME: ReadonlySet<string> = new Set([
  ...['sync-token', 'supported-report-set', 'current-user-principal', 'current-user-privilege-set'].map(dav),
  ...['calendar-home-set', 'supported-calendar-component-set', 'calendar-data'].map(caldav),
  ...['addressbook-home-set', 'address-data'].map(carddav),
]);

/** The row of a resource with the named properties; with all that an allprop brings, if none are named. */
export function rowOf(exchange: Exchange, resource: Resource, names: readonly string[] | undefined): string {
  const href = writtenHref(exchange, resource.path);
  const values = new Map(propertiesOf(exchange, resource));
  if (resource.type === 'item') {
    for (const effect of exchange.effects) {
      if (typeof effect === 'string') continue;
      if (effect.type === 'entry' && effect.name === resource.name) return statusRow(href, effect.status);
      if (effect.type === 'entry-without-etag' && effect.name === resource.name) values.delete(dav('getetag'));
    }
  }
  const wanted = names ?? [...values.keys()].filter((name) => !ONLY_BY_NAME.has(name));
  const found: string[] = [];
  const missing: string[] = [];
  for (const name of wanted) {
    const value = values.get(name);
    if (value === undefined) missing.push(element(name));
    else found.push(element(name, value));
  }
  const propstats: Propstat[] = [];
  if (found.length > 0 || missing.length === 0) propstats.push({ status: 200, properties: found });
  if (missing.length > 0) propstats.push({ status: 404, properties: missing });
  return propertyRow(href, propstats);
}

function propertiesOf(exchange: Exchange, resource: Resource): PropertyValues {
  switch (resource.type) {
    case 'folder':
      return new Map([...everywhere(exchange), ...folderProperties(exchange, resource.path)]);
    case 'collection':
      return new Map([...everywhere(exchange), ...collectionProperties(exchange, resource.collection)]);
    case 'item': {
      const { item, collection } = resource;
      const etag = etagOf(item, exchange.behaviour);
      const text = readText(exchange, item.text);
      return new Map([
        ...everywhere(exchange),
        [dav('resourcetype'), ''],
        [dav('getcontenttype'), `${MEDIA_TYPE[collection.kind]}; charset=utf-8`],
        [dav('getcontentlength'), String(Buffer.byteLength(text))],
        [DATA[collection.kind], escapeXml(text, exchange.behaviour.carriageReturns)],
        ...(etag === undefined ? [] : [[dav('getetag'), escapeXml(etag)] as const]),
      ]);
    }
    case 'missing':
      return new Map();
  }
}

const hrefs = (exchange: Exchange, paths: readonly string[]): string =>
  paths.map((path) => element(dav('href'), escapeXml(writtenHref(exchange, path)))).join('');

const everywhere = (exchange: Exchange): PropertyValues =>
  new Map([[dav('current-user-principal'), hrefs(exchange, [exchange.layout.principal])]]);

function folderProperties(exchange: Exchange, path: string): PropertyValues {
  const { principal, calendarHomes, addressBookHomes } = exchange.layout;
  const collection = element(dav('collection'));
  if (path !== principal) return new Map([[dav('resourcetype'), collection]]);
  return new Map([
    [dav('resourcetype'), collection + element(dav('principal'))],
    [DISPLAYNAME, 'Alice'],
    [dav('principal-URL'), hrefs(exchange, [principal])],
    [caldav('calendar-home-set'), hrefs(exchange, calendarHomes)],
    [carddav('addressbook-home-set'), hrefs(exchange, addressBookHomes)],
  ]);
}

function collectionProperties({ behaviour }: Exchange, collection: StoredCollection): PropertyValues {
  const { kind, components } = collection;
  const type = kind === 'calendar' ? caldav('calendar') : carddav('addressbook');
  const privileges = ['read', ...(collection.writable ? ['write', 'write-content', 'bind', 'unbind'] : [])];
  return new Map([
    [dav('resourcetype'), element(dav('collection')) + element(type)],
    [
      dav('supported-report-set'),
      reportsOf(kind, behaviour.sync !== 'none')
        .map(supportedReport)
        .join(''),
    ],
    [
      dav('current-user-privilege-set'),
      privileges.map((name) => element(dav('privilege'), element(dav(name)))).join(''),
    ],
    ...(kind === 'calendar' ? [[caldav('supported-calendar-component-set'), componentSet(components)] as const] : []),
    ...(behaviour.ctag ? [[calendarServer('getctag'), ctagOf(collection, behaviour)] as const] : []),
    ...(behaviour.sync === 'none' ? [] : [[dav('sync-token'), syncTokenOf(collection, behaviour)] as const]),
    ...[...collection.properties].map(([name, value]) => [name, escapeXml(value)] as const),
  ]);
}

export function reportsOf(kind: Kind, sync: boolean): readonly string[] {
  const own =
    kind === 'calendar'
      ? ['calendar-query', 'calendar-multiget'].map(caldav)
      : ['addressbook-query', 'addressbook-multiget'].map(carddav);
  return sync ? [...own, dav('sync-collection')] : own;
}

const supportedReport = (name: string): string =>
  element(dav('supported-report'), element(dav('report'), element(name)));

const componentSet = (components: readonly string[]): string =>
  components.map((name) => element(caldav('comp'), '', ` name="${escapeXml(name)}"`)).join('');
