import { once } from 'node:events';
import { createServer, request } from 'node:http';

export interface CountingProxy {
  /** With a slash at its end. */
  readonly url: string;
  /** The requests since this was last called, as `METHOD path`, in the order of their arrival. */
  take(): readonly string[];
  /** Of bodies, either way, since `take` was last called. */
  bytes(): number;
  /** The most requests that were under way at one moment, since `take` was last called. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

/** Passes requests on to a server, as they are, and counts them. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let log: string[] = [];
  let underWay = 0;
  let most = 0;
  let bytes = 0;
  const proxy = createServer((incoming, outgoing) => {
    const { method = '', url = '/', headers } = incoming;
    log.push(`${method} ${url}`);
    underWay += 1;
    most = Math.max(most, underWay);
    outgoing.once('close', () => {
      underWay -= 1;
    });
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    incoming.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    take: () => {
      const taken = log;
      log = [];
      most = 0;
      bytes = 0;
      return taken;
    },
    bytes: () => bytes,
    mostAtOnce: () => most,
    async close() {
      const closed = once(proxy, 'close');
      proxy.close();
      proxy.closeAllConnections();
      await closed;
    },
  };
}
