import { PREFIXES, splitName } from './xml-names.ts';

/** Characters that XML 1.0 cannot hold in any form; a server that lets them through answers what nobody can parse. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export type CarriageReturns = 'raw' | 'reference';

export function escapeXml(text: string, carriageReturns: CarriageReturns = 'reference'): string {
  const escaped = text
    .replace(FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return carriageReturns === 'raw' ? escaped : escaped.replaceAll('\r', '&#13;');
}

/** An element around XML that is already escaped. */
export function element(name: string, inner = '', attributes = ''): string {
  const { namespace, local } = splitName(name);
  const prefix = PREFIXES.get(namespace);
  const tag = prefix === undefined ? local : `${prefix}:${local}`;
  const declaration = prefix === undefined ? ` xmlns="${escapeXml(namespace)}"` : '';
  const start = `${tag}${declaration}${attributes}`;
  return inner === '' ? `<${start}/>` : `<${start}>${inner}</${tag}>`;
}

export function xmlDocument(root: string, inner: string): string {
  const declarations = [...PREFIXES].map(([namespace, prefix]) => ` xmlns:${prefix}="${namespace}"`).join('');
  return `<?xml version="1.0" encoding="utf-8"?>\n${element(root, inner, declarations)}`;
}
