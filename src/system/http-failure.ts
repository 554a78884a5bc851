/** Why a request came to nothing, in a word for the program. */
export type HttpFailure =
  | 'refused'
  /** There is no such name. */
  | 'unresolved'
  /** Nobody says whether there is such a name. */
  | 'no-name-server'
  | 'timeout'
  | 'certificate'
  /** The connection broke: before any answer, or in the middle of it. */
  | 'cut'
  | 'too-large'
  /** A redirect that is not followed. */
  | 'redirect'
  /** An address outside the configured origins; nothing was sent there. */
  | 'origin'
  /** Credentials would have gone over plain http; nothing was sent. */
  | 'insecure'
  | 'other';

/** The message names host and port, never a secret. */
export class HttpError extends Error {
  readonly reason: HttpFailure;
  readonly hint: string | undefined;

  constructor(
    reason: HttpFailure,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpError';
    this.reason = reason;
    this.hint = options.hint;
  }
}

/** It is the proxy that fails, and not the server behind it: it does not connect (`status`), or cannot be reached. */
export class ProxyError extends Error {
  readonly proxy: URL;
  readonly status: number | undefined;

  constructor(proxy: URL, options: { readonly status?: number; readonly cause?: unknown }) {
    super('the proxy failed', { cause: options.cause });
    this.proxy = proxy;
    this.status = options.status;
  }
}

/** A sentence for what Node threw while talking to `url`. */
export function httpErrorFrom(error: unknown, url: URL, timeoutMs: number): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof ProxyError) return ofProxy(error, url, timeoutMs);
  const code = codeOf(error);
  const host = url.hostname;
  const place = `${host}:${portOf(url)}`;
  const certificate = CERTIFICATE_PROBLEMS.get(code);
  if (certificate !== undefined || code.startsWith('ERR_TLS_CERT')) {
    const problem = certificate ?? 'is not valid';
    return new HttpError('certificate', `the certificate of ${place} ${problem}`, {
      hint: CERTIFICATE_HINT,
      cause: error,
    });
  }
  const [reason, message] = describe(code, host, place, timeoutMs, error);
  return new HttpError(reason, message, { cause: error });
}

function ofProxy(error: ProxyError, url: URL, timeoutMs: number): HttpError {
  const { proxy, status, cause } = error;
  const options = { hint: PROXY_HINT, cause: error };
  if (status === undefined) {
    const { reason, message } = httpErrorFrom(cause, proxy, timeoutMs);
    return new HttpError(reason, `the proxy cannot be used: ${message}`, options);
  }
  const place = `${url.hostname}:${portOf(url)}`;
  return new HttpError(
    'refused',
    `the proxy ${proxy.host} does not connect to ${place}: it answered ${status}`,
    options,
  );
}

/** Broken before anything of an answer came, as a connection does that the server had closed while it was idle. */
export const brokeBeforeAnswer = (error: unknown): boolean => BROKEN.has(codeOf(error));

function describe(
  code: string,
  host: string,
  place: string,
  timeoutMs: number,
  error: unknown,
): readonly [HttpFailure, string] {
  if (BROKEN.has(code)) return ['cut', `${place} closed the connection before its answer was complete`];
  switch (code) {
    case 'ENOTFOUND':
      return ['unresolved', `host ${host} does not resolve`];
    case 'EAI_AGAIN':
      return ['no-name-server', `host ${host} cannot be looked up: there is no answer from a name server`];
    case 'ECONNREFUSED':
      return ['refused', `${place} refused the connection`];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return ['refused', `there is no way to ${place}: the network is unreachable`];
    case 'ENOENT':
    case 'EACCES':
      return ['refused', `the socket for ${place} cannot be opened (${code})`];
    case 'ETIMEDOUT':
      return ['timeout', `${place} did not accept a connection in time`];
    case 'SILENCE':
      return ['timeout', `${place} sent nothing for ${secondsText(timeoutMs)}`];
    case 'HPE_HEADER_OVERFLOW':
      return ['too-large', `${place} answered with too many headers`];
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return ['other', `${place} does not speak TLS as we do`];
    default:
      if (code.startsWith('HPE_')) {
        return ['other', `${place} does not answer in HTTP`];
      }
      return ['other', `talking to ${place} failed: ${error instanceof Error ? error.message : code}`];
  }
}

const secondsText = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
};

const BROKEN: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'HPE_INVALID_EOF_STATE',
  // A compressed body that ends too early.
  'Z_BUF_ERROR',
]);

const CERTIFICATE_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'is signed by an authority that this system does not know'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'is signed by an authority that this system does not know'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'is signed by an authority that this system does not know'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'is signed by an authority that this system does not know'],
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['CERT_NOT_YET_VALID', 'is not valid yet'],
  ['CERT_REVOKED', 'was revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'was made for another host'],
]);

const CERTIFICATE_HINT =
  'if this is the server that you mean, set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of its authority';

const PROXY_HINT =
  'the environment names it (https_proxy, http_proxy or all_proxy); hosts in no_proxy are asked without it';

/** Where several addresses of a host were tried, the first failure speaks for all. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');
