import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { bare } from './answer.ts';
import { answerTo } from './answering.ts';
import { type Behaviour, PLAIN_BEHAVIOUR } from './behaviour.ts';
import { Content } from './content.ts';
import { DirectAccess } from './direct-access.ts';
import type { Layout } from './exchange.ts';
import { type FaultRule, Faults } from './faults.ts';
import { canonicalPath } from './paths.ts';
import { send } from './sending.ts';

export interface DavServerOptions extends Partial<Behaviour> {
  /** `flat`: calendars and address books lie directly below the principal. `several`: there are two calendar homes. */
  readonly layout?: 'split' | 'flat' | 'several';
  /** The clock of tokens in seconds. */
  readonly nowS?: () => number;
}

export interface LoggedRequest {
  readonly method: string;
  /** As the client wrote it. */
  readonly path: string;
  readonly depth: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The local name of the body's root element: `sync-collection`. */
  readonly root: string | undefined;
  /** Of the body. */
  readonly bytesReceived: number;
  /** `undefined` as long as there is no answer. */
  readonly status: number | undefined;
  readonly bytesSent: number;
}

export interface DavServer {
  /** With a slash at its end. */
  readonly url: string;
  /** Paths of the home sets, each with a slash at its end. */
  readonly layout: Layout;
  /** What it holds. */
  readonly content: DirectAccess;
  /** In the order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  /** The requests since this was last called. */
  takeRequests(): readonly LoggedRequest[];
  behave(changes: Partial<Behaviour>): void;
  /** Returns what ends the fault. */
  fault(rule: FaultRule): () => void;
  clearFaults(): void;
  /** Cuts all connections, waiting ones too. */
  close(): Promise<void>;
}

/**
 * A small CalDAV and CardDAV server (RFC 4791, RFC 6352, RFC 6578) that holds everything in memory, listens on a free
 * port of 127.0.0.1, knows one user, alice, and can be made to misbehave.
 */
export async function startDavServer(options: DavServerOptions = {}): Promise<DavServer> {
  const { layout: shape = 'split', nowS = () => Math.floor(Date.now() / 1000), ...given } = options;
  const layout = LAYOUTS[shape];
  const content = new Content(nowS);
  const faults = new Faults();
  let behaviour: Behaviour = { ...PLAIN_BEHAVIOUR, ...given };
  let requests: LoggedRequest[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: target = '/', headers } = request;
    const path = canonicalPath(target);
    const log = startLog(request);
    requests.push(log);
    if (faults.effectsOn({ method, path, root: undefined }, 'head').length > 0) {
      request.once('data', () => request.socket.destroy());
      return;
    }
    const bytes = await readBody(request);
    if (bytes === undefined) return;
    const body = decode(bytes);
    log.bytesReceived = bytes.length;
    log.root = /^(?:<\?.*?\?>|\s)*<(?:[\w.-]+:)?([\w.-]+)/s.exec(body ?? '')?.[1];

    const effects = faults.effectsOn({ method, path, root: log.root }, 'whole');
    if (effects.includes('cut-before')) return void request.socket.destroy();
    if (effects.includes('hang')) return;
    const exchange = { method, path, headers, body: body ?? '', origin, content, layout, behaviour, effects };
    const { closesConnections, delayMs } = behaviour;
    const answered = body === undefined ? bare(400) : answerTo(exchange);
    if (effects.includes('apply-then-hang')) return;
    if (effects.includes('apply-then-cut')) return void request.socket.destroy();

    for (const ms of [
      delayMs,
      ...effects.map((effect) => (typeof effect !== 'string' && effect.type === 'delay' ? effect.delayMs : 0)),
    ]) {
      if (ms > 0) await delay(ms, undefined, { ref: false });
    }
    log.status = answered.status;
    if (closesConnections) response.setHeader('Connection', 'close');
    log.bytesSent = await send(response, answered, effects);
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A mistake in this server, not in its client: shown where the test looks.
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(error instanceof Error ? error.stack : String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const origin = `http://127.0.0.1:${address.port}`;

  return {
    url: `${origin}/`,
    layout,
    content: new DirectAccess(content, layout),
    get requests() {
      return requests;
    },
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    behave(changes) {
      behaviour = { ...behaviour, ...changes };
    },
    fault: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const LAYOUTS: Readonly<Record<'split' | 'flat' | 'several', Layout>> = {
  split: {
    principal: '/alice/',
    calendarHomes: ['/alice/calendars/'],
    addressBookHomes: ['/alice/contacts/'],
  },
  flat: { principal: '/alice/', calendarHomes: ['/alice/'], addressBookHomes: ['/alice/'] },
  several: {
    principal: '/alice/',
    calendarHomes: ['/alice/calendars/', '/alice/shared/'],
    addressBookHomes: ['/alice/contacts/'],
  },
};

type GrowingLog = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

const startLog = ({ method = '', url = '/', headers, headers: { depth } }: IncomingMessage): GrowingLog => ({
  method,
  path: url,
  depth: typeof depth === 'string' ? depth : undefined,
  headers,
  root: undefined,
  bytesReceived: 0,
  status: undefined,
  bytesSent: 0,
});

/** `undefined` where the client went away before the end. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  const whole = await new Promise<boolean>((resolve) => {
    request.once('end', () => resolve(true));
    request.once('close', () => resolve(false));
    request.once('error', () => resolve(false));
  });
  return whole ? Buffer.concat(chunks) : undefined;
}

/** `undefined` if it is not UTF-8. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
