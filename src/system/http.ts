import { collect, decodedBody } from './http-body.ts';
import { brokeBeforeAnswer, HttpError, httpErrorFrom } from './http-failure.ts';
import { type Outgoing, openSender, type RawAnswer, type Sender, type SenderSettings } from './http-sender.ts';
import { isAllowed, isLoopback } from './origins.ts';
import type { Redacted } from './redacted.ts';

export interface HttpSettings extends SenderSettings {
  /** `scheme://host:port` of the configured address: requests and credentials go there, to its https, and to `allowOrigins`. */
  readonly origin: string | undefined;
  /** Sent with every request by Basic, in UTF-8 (RFC 7617). */
  readonly credentials?: { readonly username: string; readonly password: Redacted };
  /** `https://host`, `https://*.host` */
  readonly allowOrigins: readonly string[];
  /** Credentials may go over plain http to a host that is not this one. */
  readonly allowInsecureAuth: boolean;
  readonly userAgent: string;
  /** Whoever knows an address may read what is there: nothing but its origin is logged, or told in a failure. */
  readonly hasSecretPaths?: boolean;
  readonly log: (level: 'debug' | 'trace', message: string) => void;
}

export interface HttpRequest extends Outgoing {
  /** Absolute. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** May be sent once more when the connection broke before any answer. */
  readonly safe: boolean;
}

/** An answer whose body must be read to its end or discarded, or its connection is lost to others. */
export interface HttpResponse {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  /** Several headers of one name are joined by `, `. */
  header(name: string): string | undefined;
  /** Decoded chunks as they arrive. A short, cut or endless body rejects with an `HttpError`. */
  body(): AsyncIterable<Uint8Array>;
  /** All of it; more than `limit` (64 MB) rejects. */
  bytes(limit?: number): Promise<Uint8Array>;
  /** As UTF-8, leniently: for messages, not for items. */
  text(): Promise<string>;
  discard(): Promise<void>;
}

/** What went through since it was opened; bytes are those of bodies, as they were on the wire. */
export interface HttpTraffic {
  readonly requests: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface Http {
  /** Any status is an answer; `HttpError` is thrown where there was none. Redirects are followed as far as the origins allow. */
  request(request: HttpRequest): Promise<HttpResponse>;
  traffic(): HttpTraffic;
  close(): Promise<void>;
}

/** Connects when first used. */
export function openHttp(settings: HttpSettings): Http {
  const traffic = { requests: 0, bytesSent: 0, bytesReceived: 0 };
  let sender: Sender | undefined;

  // Without the query in any case, which may be somebody's key.
  const pathOf = (url: URL): string => (settings.hasSecretPaths === true ? '/…' : url.pathname);
  const shown = (url: URL): string => url.origin + pathOf(url);

  const exchange = async (request: HttpRequest, url: URL): Promise<RawAnswer> => {
    const headers = headersFor(request, url, settings);
    sender ??= openSender(settings);
    traffic.requests += 1;
    traffic.bytesSent += request.body === undefined ? 0 : Buffer.byteLength(request.body);
    settings.log('trace', `${request.method} ${shown(url)} ${JSON.stringify(request.headers ?? {})}`);
    const answer = await sender.send(request, url, headers);
    settings.log('debug', `${request.method} ${shown(url)}: ${answer.status}`);
    return answer;
  };

  const exchangeSafely = async (request: HttpRequest, url: URL): Promise<RawAnswer> => {
    try {
      try {
        return await exchange(request, url);
      } catch (error) {
        if (!request.safe || !brokeBeforeAnswer(error)) throw error;
        settings.log('debug', `${request.method} ${shown(url)}: the connection broke, asking once more`);
        return await exchange(request, url);
      }
    } catch (error) {
      throw httpErrorFrom(error, url, settings.timeoutMs);
    }
  };

  return {
    async request(request) {
      let url = new URL(request.url);
      for (let redirects = 0; ; redirects++) {
        const answer = await exchangeSafely(request, url);
        const location = headerOf(answer, 'location');
        if (!REDIRECTS.has(answer.status) || location === undefined) {
          return responseOf(answer, url, settings, (bytes) => {
            traffic.bytesReceived += bytes;
          });
        }
        await answer.discard();
        const what = `${url.host} redirects ${request.method} ${pathOf(url)}`;
        if (redirects >= MAX_REDIRECTS)
          throw new HttpError('redirect', `${what} more than ${MAX_REDIRECTS} times in a row`);
        url = redirectTarget({ request, status: answer.status, from: url, location, what });
      }
    },
    traffic: () => ({ ...traffic }),
    async close() {
      await sender?.close();
      sender = undefined;
    },
  };
}

interface Redirect {
  readonly request: HttpRequest;
  readonly status: number;
  readonly from: URL;
  readonly location: string;
  /** Who redirects what, for messages. */
  readonly what: string;
}

/** Where a redirect leads, if it may be followed: to no write does one apply outside its own origin (D13, S10). */
function redirectTarget({ request, status, from, location, what }: Redirect): URL {
  if (!URL.canParse(location, from.href)) throw new HttpError('redirect', `${what} to something that is no address`);
  const to = new URL(location, from);
  to.username = '';
  to.password = '';
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    throw new HttpError('redirect', `${what} from https to ${to.protocol}//${to.host}, which is not followed`);
  }
  const reads = READS.has(request.method);
  if (!reads && to.origin !== from.origin) {
    const hint = `if that is the right server, use ${to.origin} in "url"`;
    throw new HttpError('redirect', `${what} to ${to.origin}, where nothing is written`, { hint });
  }
  if (status === 303 && request.method !== 'GET' && request.method !== 'HEAD') {
    throw new HttpError('redirect', `${what} to another page (303), which is no answer to it`);
  }
  return to;
}

function headersFor(request: HttpRequest, url: URL, settings: HttpSettings): Record<string, string> {
  if (!isAllowed(url, settings)) {
    const hint = `if credentials may go there, add to the storage: allow_origin "${url.origin}"`;
    throw new HttpError('origin', `the server leads to ${url.origin}, which the configuration does not allow`, {
      hint,
    });
  }
  const headers: Record<string, string> = {
    'user-agent': settings.userAgent,
    'accept-encoding': 'identity',
    ...request.headers,
    ...(settings.credentials === undefined ? {} : { authorization: basic(settings.credentials, url, settings) }),
  };
  for (const [name, value] of Object.entries(headers)) {
    // Anything else would let a value end its header and begin another (S13).
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new HttpError('other', `the value for the header ${name} holds a character that it cannot hold`);
  }
  return headers;
}

function basic(credentials: NonNullable<HttpSettings['credentials']>, url: URL, settings: HttpSettings): string {
  const plain = url.protocol === 'http:' && settings.socketPath === undefined && !isLoopback(url.hostname);
  if (plain && !settings.allowInsecureAuth) {
    throw new HttpError('insecure', `the password would be sent to ${url.host} unencrypted, over plain http`, {
      hint: 'use https in "url"; if the network can be trusted, add allow_insecure_auth to the storage',
    });
  }
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password.reveal()}`, 'utf8').toString('base64')}`;
}

function responseOf(
  answer: RawAnswer,
  url: URL,
  settings: HttpSettings,
  received: (bytes: number) => void,
): HttpResponse {
  const place = url.host;
  const waitMs = settings.timeoutMs * MAX_TIMEOUTS_PER_BODY;
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* decodedBody(answer.body, { place, encoding: headerOf(answer, 'content-encoding'), waitMs, received });
    } catch (error) {
      throw httpErrorFrom(error, url, settings.timeoutMs);
    }
  }
  return {
    status: answer.status,
    url: url.href,
    header: (name) => headerOf(answer, name),
    body,
    bytes: (limit = DEFAULT_LIMIT_BYTES) => collect(body(), limit, place),
    text: async () => new TextDecoder().decode(await collect(body(), DEFAULT_LIMIT_BYTES, place)),
    discard: () => answer.discard(),
  };
}

function headerOf(answer: RawAnswer, name: string): string | undefined {
  const value = answer.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT']);
const MAX_REDIRECTS = 5;
const MAX_TIMEOUTS_PER_BODY = 20;
const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;
