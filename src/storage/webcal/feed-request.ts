import { createHash } from 'node:crypto';
import { splitFeed } from '../../content/feed.ts';
import { StorageError, type StorageErrorKind } from '../../model/errors.ts';
import type { Item } from '../../model/item.ts';
import type { Http, HttpResponse } from '../../system/http.ts';
import { storageErrorFrom } from '../http-error.ts';
import type { Validators } from './validators.ts';

/** What a server answered when it was asked for the feed. */
export type FeedAnswer = { readonly type: 'unchanged' } | ReceivedFeed;

export interface ReceivedFeed {
  readonly type: 'feed';
  readonly items: readonly Item[];
  /** Why components that are there cannot be used, a sentence each. */
  readonly unreadable: readonly string[];
  readonly validators: Validators;
  readonly bytes: number;
}

export interface FeedRequest {
  readonly http: Http;
  readonly url: string;
  /** Of the version that is known already. */
  readonly known: Validators | undefined;
  /** For messages: `could not ${doing}: …` */
  readonly doing: string;
}

/**
 * Asks for the feed. Only a 200 with a whole calendar, or a 304 that was asked for, says anything (SL1); all else is
 * thrown as a `StorageError`.
 */
export async function requestFeed(request: FeedRequest): Promise<FeedAnswer> {
  const { http, url, known, doing } = request;
  const conditions = {
    ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
    ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
  };
  try {
    const headers = { accept: 'text/calendar, */*;q=0.5', ...conditions };
    const response = await http.request({ method: 'GET', url, headers, safe: true });
    if (response.status === 200) return await receive(response, request);
    await response.discard();
    if (response.status === 304 && Object.keys(conditions).length > 0) return { type: 'unchanged' };
    throw refusal(response, doing);
  } catch (error) {
    throw storageErrorFrom(error, doing);
  }
}

async function receive(response: HttpResponse, { known, doing }: FeedRequest): Promise<FeedAnswer> {
  const bytes = await response.bytes();
  const bodyHash = createHash('sha256').update(bytes).digest('hex');
  if (bodyHash === known?.bodyHash) return { type: 'unchanged' };
  const text = decode(bytes, response.header('content-type'));
  const feed = text === undefined ? NOT_UTF8 : splitFeed(text);
  if (feed.type === 'broken') throw unusable(/^\s*</.test(text ?? '') ? WEB_PAGE : feed, doing);
  const validators = { etag: response.header('etag'), lastModified: response.header('last-modified'), bodyHash };
  return { ...feed, validators, bytes: bytes.length };
}

const NOT_UTF8 = { type: 'broken', reason: 'it is not UTF-8' } as const;

const WEB_PAGE = {
  reason: 'the server sent a web page instead of a calendar',
  hint: 'open the address in a browser: it may ask for a login, or only be the page where the feed is linked',
};

function unusable(broken: { readonly reason: string; readonly hint?: string }, doing: string): StorageError {
  const hint = broken.hint ?? 'nothing is changed because of it; if it lasts, tell whoever publishes the feed';
  return new StorageError('invalid-data', `could not ${doing}: ${broken.reason}`, { reason: broken.reason, hint });
}

/** UTF-8 as RFC 5545 wants it, whatever the header says; only what is no UTF-8 is what the header says. */
function decode(bytes: Uint8Array, contentType: string | undefined): string | undefined {
  const named = /charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  return tryToDecode(bytes, 'utf-8') ?? (named === undefined ? undefined : tryToDecode(bytes, named));
}

function tryToDecode(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    // A TypeError: not in that character set. A RangeError: no such character set.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function refusal(response: HttpResponse, doing: string): StorageError {
  const { status } = response;
  const seconds = Number(response.header('retry-after') ?? Number.NaN);
  const reason = `${MEANINGS.get(status) ?? 'the server does not send it'} (status ${status})`;
  return new StorageError(kindOf(status), `could not ${doing}: ${reason}`, {
    reason,
    ...(Number.isFinite(seconds) ? { retryAfterS: seconds } : {}),
    ...(status === 404 || status === 410 ? { hint: 'nothing is deleted because of it; check "url"' } : {}),
  });
}

function kindOf(status: number): StorageErrorKind {
  if (status === 401 || status === 407) return 'unauthorized';
  if (status === 403) return 'denied';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 429 || status === 503) return 'overloaded';
  return status >= 500 || status === 408 ? 'unavailable' : 'invalid-data';
}

const MEANINGS: ReadonlyMap<number, string> = new Map([
  [304, 'the server says that it has not changed, which was not asked'],
  [401, 'the server wants a username and password, or other ones'],
  [403, 'access denied'],
  [404, 'there is no feed at this address'],
  [410, 'there is no feed at this address any more'],
  [429, 'the server was asked too often'],
  [503, 'the server is overloaded'],
]);
