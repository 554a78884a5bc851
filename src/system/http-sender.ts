import {
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as requestPlain,
} from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';
import { finished } from 'node:stream';
import { ProxyError } from './http-failure.ts';
import { rampUp } from './ramp.ts';

export interface SenderSettings {
  /** A socket file that carries everything; addresses are then `http://localhost/…`. */
  readonly socketPath?: string;
  /** The longest time without a byte sent or received. */
  readonly timeoutMs: number;
  /** Open at once, at most. */
  readonly connections: number;
  /** Once it is aborted, nothing is sent that waits for others to be answered. */
  readonly signal?: AbortSignal;
}

export interface Outgoing {
  readonly method: string;
  readonly body?: string | Uint8Array;
}

/** What a server answered, before anything was made of it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** A body that is cut rejects. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads what is left, so that the connection can serve another request; closes it where that is much. */
  discard(): Promise<void>;
}

/** One request, one answer, over connections that are kept. Follows nothing, adds nothing. */
export interface Sender {
  send(request: Outgoing, url: URL, headers: Record<string, string>): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** Thrown where nothing came or went for too long. */
export class SilenceError extends Error {
  readonly code = 'SILENCE';
}

/**
 * Node's own client: what is there need not be loaded. Bodies go with their length, never chunked. Certificates are
 * checked even if the environment variable NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
 */
export function openSender(settings: SenderSettings): Sender {
  const { socketPath, timeoutMs } = settings;
  const kept = { keepAlive: true, maxSockets: settings.connections, maxFreeSockets: settings.connections };
  const plain = new PlainAgent(kept);
  const tls = new TlsAgent({ ...kept, rejectUnauthorized: true });
  const proxied = new Map<string, Agent>();
  const ramp = rampUp(settings.connections, settings.signal);
  // Asked once: to go through all variables takes as long as much else of a request.
  const isDirect = socketPath !== undefined || !isProxyConfigured();

  const wayTo = async (url: URL): Promise<{ readonly agent: Agent; readonly proxy: URL | undefined }> => {
    const direct = { agent: url.protocol === 'https:' ? tls : plain, proxy: undefined };
    if (isDirect) return direct;
    const proxy = await proxyFor(url);
    if (proxy === undefined) return direct;
    const key = `${url.protocol}${proxy}`;
    const agent = proxied.get(key) ?? (await proxyAgent(url, proxy, kept));
    proxied.set(key, agent);
    return { agent, proxy: new URL(proxy) };
  };

  return {
    async send(request, url, headers) {
      const { agent, proxy } = await wayTo(url);
      const body = request.body === undefined ? undefined : Buffer.from(request.body);
      const withLength = body === undefined ? headers : { ...headers, 'content-length': String(body.length) };
      const options = { method: request.method, headers: withLength, agent, timeout: timeoutMs };
      const leave = await ramp.enter();
      try {
        return await new Promise<RawAnswer>((resolve, reject) => {
          const start = url.protocol === 'https:' ? requestTls : requestPlain;
          const outgoing = start(url, socketPath === undefined ? options : { ...options, socketPath });
          let silence: SilenceError | undefined;
          outgoing.on('timeout', () => {
            silence = new SilenceError('nothing came or went');
            outgoing.destroy(silence);
          });
          if (proxy !== undefined && url.protocol === 'https:') {
            // Its refusal would be taken for what the server says: a 404 for an item that is gone (SL1).
            outgoing.on('proxyConnect', ({ statusCode: status }: { readonly statusCode: number }) => {
              if (status !== 200) outgoing.destroy(new ProxyError(proxy, { status }));
            });
          }
          outgoing.on('error', (error) => {
            reject(proxy !== undefined && isOfConnecting(error) ? new ProxyError(proxy, { cause: error }) : error);
          });
          outgoing.on('response', (answer) => {
            leave(true);
            resolve(answerOf(answer, () => silence));
          });
          outgoing.end(body);
        });
      } finally {
        leave(false);
      }
    },
    close: () => {
      ramp.close();
      for (const agent of [plain, tls, ...proxied.values()]) agent.destroy();
      return Promise.resolve();
    },
  };
}

/** Longer rests are not read for the sake of a connection. */
const DISCARDED_BYTES = 1024 * 1024;

function answerOf(answer: IncomingMessage, silence: () => SilenceError | undefined): RawAnswer {
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* answer;
    } catch (error) {
      // A body that stops coming ends as one that was cut does; why, only the request knows.
      throw silence() ?? error;
    }
  }
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: { [Symbol.asyncIterator]: body },
    discard: () =>
      new Promise((resolve, reject) => {
        let length = 0;
        answer.on('data', (chunk: Uint8Array) => {
          length += chunk.length;
          if (length > DISCARDED_BYTES) answer.destroy();
        });
        finished(answer, (error) => {
          if (error && length <= DISCARDED_BYTES) reject(silence() ?? error);
          else resolve();
        });
      }),
  };
}

/** Through a proxy, nothing is connected to but the proxy. */
const isOfConnecting = (error: NodeJS.ErrnoException): boolean =>
  error.syscall === 'connect' || error.syscall === 'getaddrinfo';

const isProxyConfigured = (): boolean => Object.keys(process.env).some((name) => /^(https?|all)_proxy$/i.test(name));

/** As the variables http_proxy, https_proxy and no_proxy say; this host itself is never asked for through one. */
async function proxyFor(url: URL): Promise<string | undefined> {
  const { isLoopback } = await import('./origins.ts');
  if (isLoopback(url.hostname)) return undefined;
  const { getProxyForUrl } = await import('proxy-from-env');
  const proxy = getProxyForUrl(url.href);
  return proxy === '' ? undefined : proxy;
}

async function proxyAgent(url: URL, proxy: string, options: { readonly keepAlive: boolean }): Promise<Agent> {
  if (url.protocol === 'https:') {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    return new HttpsProxyAgent(proxy, { ...options, rejectUnauthorized: true });
  }
  const { HttpProxyAgent } = await import('http-proxy-agent');
  return new HttpProxyAgent(proxy, options);
}
