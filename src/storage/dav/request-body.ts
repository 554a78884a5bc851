import { NAMESPACES, SYNC_TOKEN, type XmlName } from './xml-name.ts';

/** A document as tsdav writes it: elements by name; a list is an element repeated, a text is escaped by `textOf`. */
export type XmlBody = { readonly [name: string]: XmlBody | string | readonly string[] };

export const propfind = (names: readonly XmlName[]): XmlBody => document('d:propfind', { 'd:prop': empties(names) });

/** An empty token asks for everything (RFC 6578). */
export const syncCollection = (token: string, names: readonly XmlName[]): XmlBody =>
  document('d:sync-collection', {
    [SYNC_TOKEN.written]: textOf(token),
    'd:sync-level': '1',
    'd:prop': empties(names),
  });

export const multiget = (report: XmlName, names: readonly XmlName[], paths: readonly string[]): XmlBody =>
  document(report.written, { 'd:prop': empties(names), 'd:href': paths.map(textOf) });

export const query = (report: XmlName, names: readonly XmlName[], filter: XmlBody): XmlBody =>
  document(report.written, { 'd:prop': empties(names), ...filter });

export const proppatch = (name: XmlName, value: string | undefined): XmlBody =>
  document('d:propertyupdate', {
    [value === undefined ? 'd:remove' : 'd:set']: {
      'd:prop': { [name.written]: value === undefined ? {} : textOf(value) },
    },
  });

/** An extended MKCOL (RFC 5689). */
export const mkcol = (types: readonly XmlName[]): XmlBody =>
  document('d:mkcol', { 'd:set': { 'd:prop': { 'd:resourcetype': empties(types) } } });

const document = (root: string, content: XmlBody): XmlBody => ({ [root]: { _attributes: XMLNS, ...content } });

const empties = (names: readonly XmlName[]): XmlBody => Object.fromEntries(names.map((name) => [name.written, {}]));

/** The writer un-escapes `&amp;` once, so that one has to be there more. */
const textOf = (text: string): string => text.replaceAll('&', '&amp;');

const XMLNS: XmlBody = Object.fromEntries(
  Object.entries(NAMESPACES).map(([prefix, namespace]) => [`xmlns:${prefix}`, namespace]),
);
