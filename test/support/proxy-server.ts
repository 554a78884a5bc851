import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What it was asked for until now: `GET http://dav.invalid/a`, `CONNECT dav.invalid:443`. */
  readonly asked: readonly string[];
  /** What came as Proxy-Authorization. */
  readonly authorizations: readonly (string | undefined)[];
  /** Answered to every CONNECT in place of a connection. */
  refusal: number | undefined;
  close(): Promise<void>;
}

/** A proxy on the loopback interface that takes whatever it is asked for from one port of this host. */
export async function startProxyServer(targetPort: number): Promise<ProxyServer> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const open = new Set<Duplex>();
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers['proxy-authorization']);
    const { pathname, search } = new URL(request.url ?? '');
    const { method, headers } = request;
    const onwards = forward(
      { host: '127.0.0.1', port: targetPort, method, path: pathname + search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.writeHead(502).end());
    request.pipe(onwards);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    authorizations.push(request.headers['proxy-authorization']);
    if (proxy.refusal !== undefined) {
      socket.end(`HTTP/1.1 ${proxy.refusal} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    for (const [each, other] of [
      [socket, target],
      [target, socket],
    ] as const) {
      open.add(each);
      each.on('close', () => open.delete(each));
      each.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const proxy: ProxyServer = {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    authorizations,
    refusal: undefined,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  return proxy;
}
