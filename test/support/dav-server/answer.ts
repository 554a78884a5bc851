import { dav } from './xml-names.ts';
import { element, escapeXml, xmlDocument } from './xml-writer.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const XML = { 'Content-Type': 'application/xml; charset=utf-8' };

export const bare = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: '',
});

export const multistatus = (rows: readonly string[], rest = ''): Answer => ({
  status: 207,
  headers: XML,
  body: xmlDocument(dav('multistatus'), rows.join('') + rest),
});

/** A refusal that names the precondition that did not hold (RFC 4918, section 16). */
export const davError = (status: number, condition: string, inner = ''): Answer => ({
  status,
  headers: XML,
  body: xmlDocument(dav('error'), element(condition, inner)),
});

export const html = (status: number, title: string): Answer => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!DOCTYPE html><html><head><title>${escapeXml(title)}</title></head><body><p>${escapeXml(title)}<br></body></html>`,
});

export const statusElement = (status: number): string =>
  element(dav('status'), `HTTP/1.1 ${status} ${REASONS.get(status) ?? 'Status'}`);

/** A row without properties: of a member that is gone, or that failed as a whole. */
export const statusRow = (href: string, status: number, rest = ''): string =>
  element(dav('response'), element(dav('href'), escapeXml(href)) + statusElement(status) + rest);

export interface Propstat {
  readonly status: number;
  /** Elements, as XML. */
  readonly properties: readonly string[];
}

export const propertyRow = (href: string, propstats: readonly Propstat[]): string =>
  element(dav('response'), element(dav('href'), escapeXml(href)) + propstats.map(propstatElement).join(''));

export const propstatElement = ({ status, properties }: Propstat): string =>
  element(dav('propstat'), element(dav('prop'), properties.join('')) + statusElement(status));

const REASONS: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [409, 'Conflict'],
  [412, 'Precondition Failed'],
  [424, 'Failed Dependency'],
  [507, 'Insufficient Storage'],
]);
