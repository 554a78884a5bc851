import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** `refused`: connections break at once. `silent`: nothing is heard any more, as when packets are lost. */
export type Network = 'open' | 'refused' | 'silent';

export interface BreakableProxy {
  /** With a slash at its end. */
  readonly url: string;
  /** How many requests there were so far. */
  requests(): number;
  /** All connections break; what the server answers to requests under way is lost. */
  become(network: Network): void;
  close(): Promise<void>;
}

export interface Write {
  readonly path: string;
  /** Undefined: it was a deletion. */
  readonly text: string | undefined;
}

/** The network before a server; `onWrite` is told what went through to it and was done. */
export async function startBreakableProxy(target: string, onWrite: (write: Write) => void): Promise<BreakableProxy> {
  const { hostname, port } = new URL(target);
  let network: Network = 'open';
  let requests = 0;
  const proxy = createServer((incoming, outgoing) => {
    requests += 1;
    // Whoever waits for an answer is on the other end, and gives up by itself.
    if (network !== 'open') return;
    const { method = '', url: path = '/', headers } = incoming;
    let text = '';
    const passed = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const status = answer.statusCode ?? 502;
      if (status < 300 && method === 'PUT') onWrite({ path, text });
      if (status < 300 && method === 'DELETE') onWrite({ path, text: undefined });
      if (outgoing.destroyed) return void answer.resume();
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    incoming.pipe(passed);
  });
  proxy.on('connection', (socket) => {
    if (network === 'refused') socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    requests: () => requests,
    become(next) {
      network = next;
      proxy.closeAllConnections();
    },
    async close() {
      const closed = once(proxy, 'close');
      proxy.close();
      proxy.closeAllConnections();
      await closed;
    },
  };
}
