/** Names of XML elements, written `{namespace}local` so that no prefix can confuse two of them. */

const CALDAV = 'urn:ietf:params:xml:ns:caldav';
const CARDDAV = 'urn:ietf:params:xml:ns:carddav';
const CALENDAR_SERVER = 'http://calendarserver.org/ns/';
const APPLE_ICAL = 'http://apple.com/ns/ical/';

export const dav = (local: string): string => `{DAV:}${local}`;
export const caldav = (local: string): string => `{${CALDAV}}${local}`;
export const carddav = (local: string): string => `{${CARDDAV}}${local}`;
export const calendarServer = (local: string): string => `{${CALENDAR_SERVER}}${local}`;
export const appleIcal = (local: string): string => `{${APPLE_ICAL}}${local}`;

/** The prefixes that every answer declares on its root. */
export const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['DAV:', 'D'],
  [CALDAV, 'C'],
  [CARDDAV, 'CR'],
  [CALENDAR_SERVER, 'CS'],
  [APPLE_ICAL, 'I'],
]);

export function splitName(name: string): { readonly namespace: string; readonly local: string } {
  const end = name.indexOf('}');
  return { namespace: name.slice(1, end), local: name.slice(end + 1) };
}
