/** A name as requests write it, with a prefix of ours, and as answers are compared by it, whatever prefix they use. */
export interface XmlName {
  readonly written: string;
  readonly full: string;
}

export const NAMESPACES = {
  d: 'DAV:',
  c: 'urn:ietf:params:xml:ns:caldav',
  card: 'urn:ietf:params:xml:ns:carddav',
  cs: 'http://calendarserver.org/ns/',
  ca: 'http://apple.com/ns/ical/',
} as const;

export const xmlName = (prefix: keyof typeof NAMESPACES, local: string): XmlName => ({
  written: `${prefix}:${local}`,
  full: fullName(NAMESPACES[prefix], local),
});

export const fullName = (namespace: string, local: string): string => `{${namespace}}${local}`;

export const GETETAG = xmlName('d', 'getetag');
export const GETCTAG = xmlName('cs', 'getctag');
export const SYNC_TOKEN = xmlName('d', 'sync-token');
export const SUPPORTED_REPORTS = xmlName('d', 'supported-report-set');
export const RESOURCETYPE = xmlName('d', 'resourcetype');
export const CONTENT_TYPE = xmlName('d', 'getcontenttype');
export const PRINCIPAL = xmlName('d', 'current-user-principal');
