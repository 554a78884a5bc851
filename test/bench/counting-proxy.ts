import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server and counts what passes, the same for every client. */
export interface CountingProxy {
  readonly url: string;
  /** What passed since this was last asked. Bytes are those of the bodies. */
  take(): { readonly requests: number; readonly bytes: number };
  close(): Promise<void>;
}

export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let requests = 0;
  let bytes = 0;
  const server: Server = createServer((incoming, outgoing) => {
    requests += 1;
    const { method = 'GET', url: path = '/', headers } = incoming;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/`,
    take() {
      const taken = { requests, bytes };
      requests = 0;
      bytes = 0;
      return taken;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
