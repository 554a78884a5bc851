import type { DavServer } from './dav-server.ts';
import { caldav, carddav, dav } from './xml-names.ts';
import { child, descendants, readXml, type XmlElement } from './xml-reader.ts';
import { element, xmlDocument } from './xml-writer.ts';

/** A client that knows HTTP and nothing else; what it is answered in XML must be well-formed. */

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly xml: XmlElement | undefined;
}

export interface RawRequest {
  readonly method: string;
  /** As it is to stand in the request. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export async function ask(server: DavServer, { path, ...init }: RawRequest): Promise<RawAnswer> {
  const response = await fetch(new URL(path, server.url), { ...init, redirect: 'manual' });
  const text = await response.text();
  const isXml = response.headers.get('content-type')?.startsWith('application/xml') === true;
  return { status: response.status, headers: response.headers, text, xml: isXml ? readXml(text) : undefined };
}

export const propfind = async (
  server: DavServer,
  path: string,
  { depth, names }: { readonly depth: '0' | '1'; readonly names: readonly string[] },
): Promise<RawAnswer> =>
  ask(server, { method: 'PROPFIND', path, headers: { Depth: depth }, body: xmlDocument(dav('propfind'), prop(names)) });

export const syncSince = async (server: DavServer, path: string, token: string, limit?: number): Promise<RawAnswer> => {
  const nresults = limit === undefined ? '' : element(dav('limit'), element(dav('nresults'), String(limit)));
  const names = [dav('getetag'), caldav('calendar-data')];
  const inner = element(dav('sync-token'), token) + element(dav('sync-level'), '1') + nresults + prop(names);
  return ask(server, { method: 'REPORT', path, body: xmlDocument(dav('sync-collection'), inner) });
};

export const multiget = async (server: DavServer, path: string, hrefs: readonly string[]): Promise<RawAnswer> => {
  const isCalendar = !path.startsWith('/alice/contacts/');
  const root = isCalendar ? caldav('calendar-multiget') : carddav('addressbook-multiget');
  const data = isCalendar ? caldav('calendar-data') : carddav('address-data');
  const inner = prop([dav('getetag'), data]) + hrefs.map((href) => element(dav('href'), href)).join('');
  return ask(server, { method: 'REPORT', path, body: xmlDocument(root, inner) });
};

export const prop = (names: readonly string[]): string =>
  element(dav('prop'), names.map((name) => element(name)).join(''));

export interface Row {
  readonly href: string;
  /** Of the whole row, or of the properties that were found. */
  readonly status: string;
  /** What was found; values are text. */
  readonly properties: ReadonlyMap<string, string>;
}

export function rowsOf({ xml, status, text }: RawAnswer): readonly Row[] {
  if (xml?.name !== dav('multistatus')) throw new Error(`not a multistatus: ${status} ${text}`);
  return xml.children.filter(({ name }) => name === dav('response')).map(rowOf);
}

function rowOf(response: XmlElement): Row {
  const propstats = response.children.filter(({ name }) => name === dav('propstat'));
  const [first] = propstats;
  const ok = propstats.find((propstat) => child(propstat, dav('status'))?.text.includes(' 200 '));
  const found = ok === undefined ? [] : (child(ok, dav('prop'))?.children ?? []);
  return {
    href: child(response, dav('href'))?.text ?? '',
    status:
      child(response, dav('status'))?.text ?? (first === undefined ? '' : (child(first, dav('status'))?.text ?? '')),
    properties: new Map(found.map((property) => [property.name, property.text])),
  };
}

export const tokenOf = ({ xml }: RawAnswer): string =>
  xml === undefined ? '' : (child(xml, dav('sync-token'))?.text ?? '');

export const has = ({ xml }: RawAnswer, name: string): boolean =>
  xml !== undefined && descendants(xml, name).length > 0;

export const EVENT = (uid: string, summary = uid): string =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', `UID:${uid}`],
    ...['DTSTAMP:20240101T000000Z', 'DTSTART:20240101T000000Z', `SUMMARY:${summary}`, 'X-OWN:1', 'END:VEVENT'],
    ...['END:VCALENDAR', ''],
  ].join('\r\n');

export const CARD = (uid: string): string =>
  ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:A B', 'N:B;A;;;', 'END:VCARD', ''].join('\r\n');
