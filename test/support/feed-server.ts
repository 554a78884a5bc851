import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** What the server answers to every request. */
export type Answer =
  /** With validators as wanted, and 304 where they match. */
  | {
      readonly type: 'feed';
      readonly body: string | Uint8Array;
      readonly validators: Validators;
      readonly contentType?: string;
    }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Promises more than it sends. */
  | { readonly type: 'cut'; readonly body: string };

export type Validators = 'etag' | 'last-modified' | 'none';

export interface FeedServer {
  readonly url: string;
  answer: Answer;
  /** Headers of all requests until now. */
  readonly requests: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** A web server on the loopback interface that has one feed. */
export async function startFeedServer(): Promise<FeedServer> {
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    respond(feedServer.answer, request.headers, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const feedServer: FeedServer = {
    url: `http://127.0.0.1:${address.port}/feed.ics`,
    answer: { type: 'status', status: 404 },
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return feedServer;
}

function respond(answer: Answer, asked: IncomingHttpHeaders, response: ServerResponse): void {
  if (answer.type === 'status') {
    response.writeHead(answer.status, answer.headers).end(answer.body);
    return;
  }
  if (answer.type === 'cut') {
    response.writeHead(200, { 'content-length': Buffer.byteLength(answer.body) + 100 }).write(answer.body);
    setImmediate(() => response.destroy());
    return;
  }
  const hash = createHash('sha256').update(answer.body).digest('hex');
  const etag = `"${hash.slice(0, 12)}"`;
  // A time that is another for other content.
  const lastModified = new Date(Number.parseInt(hash.slice(0, 8), 16) * 1000).toUTCString();
  response.setHeader('content-type', answer.contentType ?? 'text/calendar');
  if (answer.validators === 'etag') response.setHeader('etag', etag);
  if (answer.validators === 'last-modified') response.setHeader('last-modified', lastModified);
  const isKnown =
    (answer.validators === 'etag' && asked['if-none-match'] === etag) ||
    (answer.validators === 'last-modified' && asked['if-modified-since'] === lastModified);
  response.writeHead(isKnown ? 304 : 200).end(isKnown ? undefined : answer.body);
}
