import { childOf, childrenOf, readXml, type XmlElement } from './xml.ts';
import { fullName, NAMESPACES, SYNC_TOKEN } from './xml-name.ts';
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

/** What came with one chunk. */
export interface MultistatusPart {
  readonly responses: readonly DavResponse[];
  /** As far as it was read; of use only once the whole document was there. */
  readonly syncToken: string | undefined;
}

/** The responses as they arrive; ends only once the whole document was there, and throws `XmlError` otherwise (SL1). */
export async function* readMultistatus(
  body: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): AsyncGenerator<MultistatusPart> {
  let syncToken: string | undefined;
  for await (const parts of readXml(body, contentType)) {
    const responses: DavResponse[] = [];
    for (const part of parts) {
      if (part.type === 'root') {
        if (part.name !== MULTISTATUS) throw new XmlError('it is no multistatus');
        continue;
      }
      const { element } = part;
      if (element.name === RESPONSE) responses.push(responseOf(element));
      else if (element.name === SYNC_TOKEN.full && element.text.trim() !== '') syncToken = element.text.trim();
    }
    yield { responses, syncToken };
  }
}

/** All of a short one. */
export async function responsesIn(parts: AsyncIterable<MultistatusPart>): Promise<readonly DavResponse[]> {
  const responses: DavResponse[] = [];
  for await (const part of parts) responses.push(...part.responses);
  return responses;
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
  const propstats = childrenOf(element, PROPSTAT);
  for (const propstat of propstats) {
    const status = statusOf(childOf(propstat, STATUS)) ?? 0;
    for (const property of childOf(propstat, PROP)?.children ?? []) {
      const known = properties.get(property.name);
      if (known === undefined || !isSuccess(known.status)) properties.set(property.name, { status, element: property });
    }
  }
  return {
    hrefs: childrenOf(element, HREF).map((href) => href.text.trim()),
    status: statusOf(childOf(element, STATUS)),
    properties,
    conditions: [element, ...propstats].flatMap((holder) => conditionsIn(childOf(holder, ERROR))),
    description: childOf(element, DESCRIPTION)?.text.trim() ?? '',
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
  if (element === undefined) return undefined;
  const digits = /^\s*HTTP\/\S+\s+(\d{3})\b/i.exec(element.text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const dav = (local: string): string => fullName(NAMESPACES.d, local);

const MULTISTATUS = dav('multistatus');
const RESPONSE = dav('response');
const HREF = dav('href');
const PROPSTAT = dav('propstat');
const PROP = dav('prop');
const STATUS = dav('status');
const ERROR = dav('error');
const DESCRIPTION = dav('responsedescription');
