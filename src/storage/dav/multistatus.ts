import { childOf, childrenOf, readXml, type XmlElement } from './xml.ts';
import { fullName, NAMESPACES } from './xml-name.ts';
import { XmlError } from './xml-text.ts';

/** One `response` of a multistatus (RFC 4918, 14.24). */
export interface DavResponse {
  /** As the server writes them: one, or several that share a status. */
  readonly hrefs: readonly string[];
  /** Of the resource as a whole; undefined where the properties have their own, or where it cannot be read. */
  readonly status: number | undefined;
  /** By their full names. Of a property that is there twice, the one that could be read. */
  readonly properties: ReadonlyMap<string, DavProperty>;
  /** Local names of what stands in its DAV:error. */
  readonly conditions: readonly string[];
  readonly description: string;
}

export interface DavProperty {
  /** 0 where it cannot be read. */
  readonly status: number;
  readonly element: XmlElement;
}

export type MultistatusPart =
  | { readonly type: 'response'; readonly response: DavResponse }
  /** The document was whole. */
  | { readonly type: 'end'; readonly syncToken: string | undefined };

/** The responses as they arrive, and `end` once the whole document was there; else `XmlError` (SL1). */
export async function* readMultistatus(
  body: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): AsyncGenerator<MultistatusPart> {
  let syncToken: string | undefined;
  for await (const part of readXml(body, contentType)) {
    if (part.type === 'root') {
      if (part.name !== dav('multistatus')) throw new XmlError('it is no multistatus');
      continue;
    }
    const { element } = part;
    if (element.name === dav('response')) yield { type: 'response', response: responseOf(element) };
    else if (element.name === dav('sync-token') && element.text.trim() !== '') syncToken = element.text.trim();
  }
  yield { type: 'end', syncToken };
}

/** A property that is there and could be read. */
export function found(response: DavResponse, name: { readonly full: string }): XmlElement | undefined {
  const property = response.properties.get(name.full);
  return property !== undefined && isSuccess(property.status) ? property.element : undefined;
}

/** As `found`, its text without white space around; undefined where there is none. */
export function foundText(response: DavResponse, name: { readonly full: string }): string | undefined {
  const text = found(response, name)?.text.trim();
  return text === '' ? undefined : text;
}

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function responseOf(element: XmlElement): DavResponse {
  const properties = new Map<string, DavProperty>();
  for (const propstat of childrenOf(element, dav('propstat'))) {
    const status = statusOf(childOf(propstat, dav('status'))) ?? 0;
    for (const property of childOf(propstat, dav('prop'))?.children ?? []) {
      const known = properties.get(property.name);
      if (known === undefined || !isSuccess(known.status)) properties.set(property.name, { status, element: property });
    }
  }
  const conditions = [element, ...childrenOf(element, dav('propstat'))].flatMap((holder) =>
    conditionsIn(childOf(holder, dav('error'))),
  );
  return {
    hrefs: childrenOf(element, dav('href')).map((href) => href.text.trim()),
    status: statusOf(childOf(element, dav('status'))),
    properties,
    conditions,
    description: childOf(element, dav('responsedescription'))?.text.trim() ?? '',
  };
}

/** Local names: they are unique across the namespaces that have conditions. What else servers put there is theirs. */
export const conditionsIn = (error: XmlElement | undefined): readonly string[] =>
  (error?.children ?? []).flatMap(({ name }) => {
    const end = name.indexOf('}');
    return STANDARD.has(name.slice(1, end)) ? [name.slice(end + 1)] : [];
  });

const STANDARD: ReadonlySet<string> = new Set(Object.values(NAMESPACES));

function statusOf(element: XmlElement | undefined): number | undefined {
  const digits = /^\s*HTTP\/\S+\s+(\d{3})\b/i.exec(element?.text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const dav = (local: string): string => fullName(NAMESPACES.d, local);
