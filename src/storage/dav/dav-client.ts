import { must, StorageError, type StorageErrorKind } from '../../model/errors.ts';
import type { Http, HttpResponse } from '../../system/http.ts';
import { HttpError } from '../../system/http-failure.ts';
import { storageErrorFrom } from '../http-error.ts';
import type { Traffic } from '../storage.ts';
import { RefusedError, refusalOf } from './dav-error.ts';
import { type MultistatusPart, readMultistatus } from './multistatus.ts';
import type { XmlBody } from './request-body.ts';
import { XmlError } from './xml-text.ts';

export interface DavRequest {
  readonly method: 'PROPFIND' | 'REPORT' | 'PROPPATCH' | 'MKCALENDAR' | 'MKCOL';
  readonly url: string;
  readonly depth?: '0' | '1';
  readonly body?: XmlBody | undefined;
}

/** On what a write depends. `checked`: the caller has looked just before, where the server cannot compare (SR3). */
export type Condition =
  | { readonly type: 'absent' }
  | { readonly type: 'etag'; readonly etag: string }
  | { readonly type: 'checked' };

/** A 207 whose parts arrive; what is wrong with it is thrown as `invalid-data`, and as `unavailable` where it was cut. */
export interface Multistatus {
  /** After redirects. */
  readonly url: string;
  /** When the server says that it answered. */
  readonly date: string | undefined;
  readonly parts: AsyncGenerator<MultistatusPart>;
}

/** Requests are built by tsdav, which speaks XML for us; sent by our own transport, and read by our own strict parser. */
export class DavClient {
  readonly #http: Http;
  readonly #storageName: string;
  #refusedUser: StorageError | undefined;

  constructor(http: Http, storageName: string) {
    this.#http = http;
    this.#storageName = storageName;
  }

  /** `doing` is what fails if this does: `list "/alice/work/"`. Any answer but 207 is a `RefusedError`. */
  async multistatus(request: DavRequest, doing: string): Promise<Multistatus> {
    const response = await this.send(request, doing);
    if (response.status !== 207) throw await this.refused(response, doing);
    return { url: response.url, date: response.header('date'), parts: this.readMultistatus(response, doing) };
  }

  async *readMultistatus(response: HttpResponse, doing: string): AsyncGenerator<MultistatusPart> {
    try {
      yield* readMultistatus(response.body(), response.header('content-type'));
    } catch (error) {
      if (!(error instanceof XmlError)) throw this.#failure(error, doing);
      throw this.invalid(doing, `the server's answer cannot be read: ${error.message}`);
    }
  }

  async send({ method, url, depth, body }: DavRequest, doing: string): Promise<HttpResponse> {
    const { davRequest } = await import('tsdav');
    const headers = {
      'content-type': 'application/xml; charset=utf-8',
      'accept-encoding': 'gzip',
      ...(depth === undefined ? {} : { depth }),
    };
    const safe = method === 'PROPFIND' || method === 'REPORT';
    return this.#through(doing, safe, (fetch) =>
      davRequest({ url, init: { method, headers, body }, parseOutgoing: false, fetch }),
    );
  }

  get(url: string, method: 'GET' | 'HEAD', doing: string): Promise<HttpResponse> {
    return this.#through(doing, true, (fetch) => fetch(url, { method }));
  }

  async put(
    url: string,
    text: string,
    contentType: string,
    condition: Condition,
    doing: string,
  ): Promise<HttpResponse> {
    const { createObject } = await import('tsdav');
    const headers = { 'content-type': contentType, ...headersOf(condition) };
    return this.#through(doing, false, (fetch) => createObject({ url, data: text, headers, fetch }));
  }

  async delete(url: string, condition: Condition | undefined, doing: string): Promise<HttpResponse> {
    const { deleteObject } = await import('tsdav');
    const headers = condition === undefined ? {} : headersOf(condition);
    return this.#through(doing, false, (fetch) => deleteObject({ url, headers, fetch }));
  }

  async bytesOf(response: HttpResponse, doing: string): Promise<Uint8Array> {
    try {
      return await response.bytes();
    } catch (error) {
      throw this.#failure(error, doing);
    }
  }

  /** The answer as an error; its body is read for what the server says. */
  async refused(response: HttpResponse, doing: string): Promise<RefusedError> {
    return new RefusedError(await refusalOf(response), this.sentence(doing));
  }

  invalid(doing: string, reason: string): StorageError {
    return this.failure('invalid-data', doing, reason);
  }

  failure(
    kind: StorageErrorKind,
    doing: string,
    reason: string,
    options: { readonly hint?: string } = {},
  ): StorageError {
    return new StorageError(kind, `could not ${this.sentence(doing)}: ${reason}`, { ...options, reason });
  }

  /** What fails, and where. */
  sentence(doing: string): string {
    return `${doing} on storage "${this.#storageName}"`;
  }

  traffic(): Traffic {
    return this.#http.traffic();
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Hands tsdav a transport, keeps the answer, and shows it an empty one: what tsdav would make of it is not used. */
  async #through(doing: string, safe: boolean, run: (fetch: Fetch) => Promise<unknown>): Promise<HttpResponse> {
    // A wrong password, tried again and again, locks the user out (D12).
    if (this.#refusedUser !== undefined) throw this.#refusedUser;
    let answer: HttpResponse | undefined;
    const transport: Fetch = async (url, init) => {
      const { method = 'GET', body } = init ?? {};
      const headers = textEntries(init?.headers);
      const content = typeof body === 'string' ? { headers, body } : { headers: withoutContentType(headers) };
      answer = await this.#http.request({ method, url: String(url), safe, ...content });
      return NO_ANSWER;
    };
    try {
      await run(transport);
    } catch (error) {
      throw this.#failure(error, doing);
    }
    const response = must(answer, 'tsdav sends each request that it builds');
    if (response.status !== 401) return response;
    this.#refusedUser = await this.refused(response, doing);
    throw this.#refusedUser;
  }

  #failure(error: unknown, doing: string): unknown {
    return error instanceof HttpError ? storageErrorFrom(error, this.sentence(doing)) : error;
  }
}

type Fetch = typeof globalThis.fetch;

/**
 * As much of an answer as tsdav looks at. A real `Response` makes Node load a whole HTTP client that is not used, which
 * takes longer than a run with nothing to do should.
 */
const NO_ANSWER = {
  ok: true,
  status: 200,
  statusText: 'OK',
  url: '',
  headers: { get: () => null },
  text: () => Promise.resolve(''),
} as unknown as Response;

function headersOf(condition: Condition): Readonly<Record<string, string>> {
  if (condition.type === 'absent') return { 'if-none-match': '*' };
  return condition.type === 'etag' ? { 'if-match': condition.etag } : {};
}

/** tsdav gives its headers as a plain object. */
const textEntries = (headers: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** tsdav names a type also where nothing is sent, and some servers then miss what it is of. */
const withoutContentType = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
