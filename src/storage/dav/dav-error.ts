import { StorageError, type StorageErrorKind } from '../../model/errors.ts';
import type { HttpResponse } from '../../system/http.ts';
import { HttpError } from '../../system/http-failure.ts';
import { conditionsIn, type DavResponse } from './multistatus.ts';
import { readXml, type XmlElement } from './xml.ts';
import { XmlError } from './xml-text.ts';

/** What a server said when it did not do as asked. */
export interface Refusal {
  readonly status: number;
  /** Local names of what stands in DAV:error (RFC 4918, 16). */
  readonly conditions: readonly string[];
  /** For a person; one short line, perhaps empty. */
  readonly text: string;
  readonly isWebPage: boolean;
  readonly retryAfterS: number | undefined;
}

/** As a `StorageError`, and what the server said, for those who go on in another way. */
export class RefusedError extends StorageError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, doing: string, kind = kindOf(refusal)) {
    const hint = hintOf(kind, refusal);
    const reason = sentenceOf(refusal);
    super(kind, `could not ${doing}: ${reason}`, {
      reason,
      ...(refusal.retryAfterS === undefined ? {} : { retryAfterS: refusal.retryAfterS }),
      ...(hint === undefined ? {} : { hint }),
    });
    this.refusal = refusal;
  }
}

export async function refusalOf(response: HttpResponse): Promise<Refusal> {
  const { conditions, text, isWebPage } = await readErrorBody(response);
  return { status: response.status, conditions, text, isWebPage, retryAfterS: retryAfterOf(response) };
}

/** What a response within a multistatus says of its one resource. */
export const refusalIn = (response: DavResponse, status: number): Refusal => ({
  status,
  conditions: response.conditions,
  text: firstLine(response.description),
  isWebPage: false,
  retryAfterS: undefined,
});

/** What a status means where nothing more is known; whoever writes an item knows more. */
export function kindOf({ status, conditions, text }: Refusal): StorageErrorKind {
  if (status === 429 || status === 503 || (status === 403 && OVERLOAD.test(text))) return 'overloaded';
  if (status === 401) return 'unauthorized';
  if (status === 403) return isAboutContent(conditions) ? 'rejected' : 'denied';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 405 || status === 501) return 'unsupported';
  if (status === 412) return 'changed';
  if (status === 408 || status === 423 || status === 425) return 'unavailable';
  if (status === 507 || (status >= 400 && status < 500)) return 'rejected';
  return status >= 500 ? 'unavailable' : 'invalid-data';
}

/** Whether the server names a condition that has nothing to do with permissions. */
export const isAboutContent = (conditions: readonly string[]): boolean =>
  conditions.some((condition) => condition !== 'need-privileges');

function sentenceOf(refusal: Refusal): string {
  if (refusal.isWebPage && refusal.status < 400) return 'the server answered with a web page';
  if (refusal.status === 401) return 'the server lets nobody in without the right user name and password (401)';
  const known = refusal.conditions.map((condition) => MEANINGS.get(condition)).find((meaning) => meaning !== undefined);
  const reason = known ?? refusal.conditions[0] ?? refusal.text;
  return `the server answered ${refusal.status}${reason === '' ? '' : ` (${reason})`}`;
}

function hintOf(kind: StorageErrorKind, refusal: Refusal): string | undefined {
  if (refusal.status === 401)
    return 'check "username" and "password"; many servers want a password made for this program';
  if (kind === 'denied') return 'check on the server that this user may do that';
  if (refusal.isWebPage)
    return 'check "url": it should be the address of the CalDAV or CardDAV service, not of its web pages';
  return undefined;
}

async function readErrorBody(response: HttpResponse): Promise<Pick<Refusal, 'conditions' | 'text' | 'isWebPage'>> {
  const bytes = await readSome(response);
  const text = new TextDecoder().decode(bytes);
  const isWebPage = /^\s*<(?:!doctype\s+html|html)\b/i.test(text.slice(0, 1000));
  if (isWebPage || !/^\s*</.test(text.slice(0, 1000))) {
    return { conditions: [], text: isWebPage ? '' : firstLine(text), isWebPage };
  }
  const elements = await childrenOfRoot(bytes, response.header('content-type'));
  const message = elements.find((element) => element.name.endsWith('}message'))?.text ?? '';
  return { conditions: conditionsIn(rootOf(elements)), text: firstLine(message), isWebPage: false };
}

/** The beginning of an error's body; that it could not be read must not hide the error itself. */
async function readSome(response: HttpResponse): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body()) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_ERROR_BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
  }
  return Buffer.concat(chunks);
}

async function childrenOfRoot(bytes: Uint8Array, contentType: string | undefined): Promise<readonly XmlElement[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const elements: XmlElement[] = [];
  try {
    for await (const parts of readXml(body(), contentType)) {
      for (const part of parts) if (part.type === 'child') elements.push(part.element);
    }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
  }
  return elements;
}

const rootOf = (children: readonly XmlElement[]): XmlElement => ({
  name: '',
  children,
  text: '',
});

/** Seconds or a date (RFC 9110, 10.2.3); what makes no sense is as if it were not there (D3). */
function retryAfterOf(response: HttpResponse): number | undefined {
  const value = response.header('retry-after')?.trim() ?? '';
  const now = Date.parse(response.header('date') ?? '');
  const seconds = /^\d{1,9}$/.test(value)
    ? Number(value)
    : (Date.parse(value) - (Number.isNaN(now) ? Date.now() : now)) / 1000;
  if (Number.isNaN(seconds) || seconds <= 0) return undefined;
  return Math.min(Math.ceil(seconds), MAX_RETRY_AFTER_S);
}

const firstLine = (text: string): string => (text.trim().split(/[\r\n]/, 1)[0] ?? '').slice(0, 160);

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['no-uid-conflict', 'it holds another item with this UID'],
  ['unique-scheduling-object-resource', 'it holds another item with this UID'],
  ['valid-calendar-data', 'it takes this for invalid calendar data'],
  ['valid-calendar-object-resource', 'it takes this for an invalid calendar item'],
  ['valid-address-data', 'it takes this for an invalid contact'],
  ['supported-calendar-component', 'it keeps no items of this type there'],
  ['supported-calendar-data', 'it does not keep this kind of data'],
  ['supported-address-data', 'it does not keep contacts in this version of vCard'],
  ['max-resource-size', 'the item is too big'],
  ['quota-not-exceeded', 'the space for this user is used up'],
  ['sufficient-disk-space', 'the server has no space left'],
  ['need-privileges', 'no permission'],
  ['calendar-collection-location-ok', 'no calendar can be there, or not by this name'],
  ['addressbook-collection-location-ok', 'no address book can be there, or not by this name'],
]);

const OVERLOAD = /usageLimits|rateLimitExceeded|quotaExceeded|calendar usage limits exceeded/i;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_RETRY_AFTER_S = 2 * 60 * 60;
