import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type DnsRecord =
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: 'TXT'; readonly texts: readonly string[] };

export interface DnsServer {
  /** As a resolver takes it: `127.0.0.1:PORT`. */
  readonly address: string;
  /** By name, in lower case; a name without records does not exist. */
  readonly records: Map<string, readonly DnsRecord[]>;
  /** What was asked for until now: `SRV _caldavs._tcp.example.com`. */
  readonly asked: readonly string[];
  /** Whether every question is answered with a failure of the server. */
  fails: boolean;
  close(): Promise<void>;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [16, 'TXT'],
  [33, 'SRV'],
]);
const [NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME] = [0, 2, 3];

/** A name server on the loopback interface, over UDP (RFC 1035), that knows service and text records. */
export async function startDnsServer(): Promise<DnsServer> {
  const records = new Map<string, readonly DnsRecord[]>();
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { name, type, end } = questionIn(message);
    asked.push(`${type} ${name}`);
    const known = records.get(name.toLowerCase());
    const code = server.fails ? SERVER_FAILURE : known === undefined ? NO_SUCH_NAME : NO_ERROR;
    const answers = code === NO_ERROR ? (known ?? []).filter((record) => record.type === type) : [];
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, message.subarray(12, end), ...answers.map(written)]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const server: DnsServer = {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    asked,
    fails: false,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  return server;
}

function questionIn(message: Buffer): { readonly name: string; readonly type: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = message.readUInt16BE(at + 1);
  return { name: labels.join('.'), type: TYPES.get(number) ?? String(number), end: at + 5 };
}

/** A record of the name that was asked for, which is pointed to. */
function written(record: DnsRecord): Buffer {
  const data = record.type === 'SRV' ? serviceData(record) : Buffer.concat(record.texts.map(counted));
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(record.type === 'SRV' ? 33 : 16, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function serviceData({ priority, weight, port, target }: Extract<DnsRecord, { type: 'SRV' }>): Buffer {
  const numbers = Buffer.alloc(6);
  for (const [index, number] of [priority, weight, port].entries()) numbers.writeUInt16BE(number, index * 2);
  const labels = target.split('.').filter((label) => label !== '');
  return Buffer.concat([numbers, ...labels.map(counted), Buffer.alloc(1)]);
}

const counted = (text: string): Buffer => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);
