import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type Http, type HttpSettings, openHttp } from '../../src/system/http.ts';
import { HttpError } from '../../src/system/http-failure.ts';
import { Redacted } from '../../src/system/redacted.ts';

const SECRET = 'pä:ss–wörd';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return originOf(server.address());
}

/** A server that gets each connection's bytes as they are. */
async function serveRaw(onData: (socket: Socket, connection: number) => void): Promise<string> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on('error', () => sockets.delete(socket));
    socket.on('data', () => onData(socket, connection));
  });
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return originOf(server.address());
}

function originOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('listens on a port');
  return `http://127.0.0.1:${address.port}`;
}

function http(origin: string | undefined, more: Partial<HttpSettings> = {}): Http {
  const made = openHttp({
    origin,
    allowOrigins: [],
    allowInsecureAuth: false,
    userAgent: 'pimsync/test',
    timeoutMs: 5_000,
    connections: 4,
    log: () => undefined,
    ...more,
  });
  open.push(made);
  return made;
}

const credentials = { username: 'zoë', password: new Redacted(SECRET) };
const decodeBasic = (request: IncomingMessage) =>
  Buffer.from(String(request.headers.authorization).replace('Basic ', ''), 'base64').toString('utf8');

async function failure(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HttpError)) throw new Error(`not an HttpError: ${String(error)}`);
  expect(`${error.message} ${error.hint} ${String(error.stack)}`).not.toContain(SECRET);
  return error;
}

describe('http', () => {
  test('sends the body with its length and the credentials in UTF-8, and reads headers and body', async () => {
    let seen: IncomingMessage | undefined;
    const origin = await serve((request, response) => {
      seen = request;
      request.resume();
      response.writeHead(207, { ETag: '"1"' }).end('grüße');
    });
    const client = http(origin, { credentials });
    const response = await client.request({ method: 'PROPFIND', url: `${origin}/a`, body: '<é/>', safe: true });
    expect(response.status).toBe(207);
    expect(response.header('etag')).toBe('"1"');
    expect(await response.text()).toBe('grüße');
    expect(seen?.headers['content-length']).toBe('5');
    expect(seen?.headers['transfer-encoding']).toBeUndefined();
    expect(seen?.headers['user-agent']).toBe('pimsync/test');
    expect(seen === undefined ? '' : decodeBasic(seen)).toBe(`zoë:${SECRET}`);
    expect(client.traffic()).toEqual({ requests: 1, bytesSent: 5, bytesReceived: 7 });
  });

  test('S11 credentials do not go over plain http to another host', async () => {
    const client = http('http://dav.example.com', { credentials });
    const error = await failure(client.request({ method: 'GET', url: 'http://dav.example.com/', safe: true }));
    expect(error.reason).toBe('insecure');
    expect(error.hint).toContain('allow_insecure_auth');
    expect(client.traffic().requests).toBe(0);
  });

  test('S9 nothing is sent to another origin, and the message shows the line to add', async () => {
    const client = http('https://dav.example.com');
    const error = await failure(client.request({ method: 'GET', url: 'https://evil.example/x', safe: true }));
    expect(error.reason).toBe('origin');
    expect(error.hint).toContain('allow_origin "https://evil.example"');
  });

  test.each([301, 302, 307, 308])('D13 %i keeps method and body of a PROPFIND on one origin', async (status) => {
    const got: string[] = [];
    const origin = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        got.push(`${request.method} ${request.url} ${body}`);
        if (request.url === '/a') response.writeHead(status, { location: '/b/' }).end();
        else response.writeHead(207).end('ok');
      });
    });
    const response = await http(origin).request({ method: 'PROPFIND', url: `${origin}/a`, body: 'x', safe: true });
    expect(response.url).toBe(`${origin}/b/`);
    await response.discard();
    expect(got).toEqual(['PROPFIND /a x', 'PROPFIND /b/ x']);
  });

  test('S10 a write goes to no other origin, allowed or not, and a 303 is no answer to it', async () => {
    let strangers = 0;
    const other = await serve((_, response) => {
      strangers += 1;
      response.end();
    });
    const origin = await serve((request, response) => {
      const location = request.url === '/303' ? '/' : `${other}/stolen`;
      response.writeHead(request.url === '/303' ? 303 : 307, { location }).end();
    });
    const client = http(origin, { credentials, allowOrigins: [other] });
    const put = { method: 'PUT', body: 'BEGIN:VCALENDAR', safe: false };
    expect((await failure(client.request({ ...put, url: `${origin}/307` }))).reason).toBe('redirect');
    expect((await failure(client.request({ ...put, url: `${origin}/303` }))).reason).toBe('redirect');
    expect(strangers).toBe(0);
  });

  test('S10 a read goes to another origin only if that is allowed', async () => {
    let strangers = 0;
    const other = await serve((_, response) => {
      strangers += 1;
      response.end('there');
    });
    const origin = await serve((_, response) => {
      response.writeHead(301, { location: `${other}/x` }).end();
    });
    const get = { method: 'GET', url: `${origin}/`, safe: true };
    expect((await failure(http(origin, { credentials }).request(get))).reason).toBe('origin');
    expect(strangers).toBe(0);
    const response = await http(origin, { credentials, allowOrigins: [other] }).request(get);
    expect(await response.text()).toBe('there');
  });

  test('D13 a redirect in circles ends', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    const client = http(origin);
    expect((await failure(client.request({ method: 'GET', url: `${origin}/`, safe: true }))).reason).toBe('redirect');
    expect(client.traffic().requests).toBe(6);
  });

  test('D6 a body shorter than its length, a cut chunk and a cut gzip are errors', async () => {
    const zipped = gzipSync('x'.repeat(5_000));
    const origin = await serve((request, response) => {
      if (request.url === '/length') response.writeHead(200, { 'content-length': '100' });
      if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' });
      if (request.url === '/gzip') response.end(zipped.subarray(0, zipped.length - 12));
      else response.write('short', () => response.destroy());
    });
    const client = http(origin);
    for (const path of ['/length', '/chunked', '/gzip']) {
      const response = await client.request({ method: 'GET', url: `${origin}${path}`, safe: true });
      expect((await failure(response.bytes())).reason, path).toBe('cut');
    }
  });

  test('gzip is unpacked; counted is what was on the wire', async () => {
    const zipped = gzipSync('x'.repeat(5_000));
    const origin = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped);
    });
    const client = http(origin);
    const headers = { 'accept-encoding': 'gzip' };
    const response = await client.request({ method: 'GET', url: `${origin}/`, headers, safe: true });
    expect((await response.bytes()).length).toBe(5_000);
    expect(client.traffic().bytesReceived).toBe(zipped.length);
  });

  test('S5 a body that unpacks to too much, or is too long, is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
    const origin = await serve((request, response) => {
      if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' });
      if (request.url === '/br') response.writeHead(200, { 'content-encoding': 'br' });
      response.end(bomb);
    });
    const client = http(origin);
    const get = (path: string) => client.request({ method: 'GET', url: `${origin}${path}`, safe: true });
    expect((await failure((await get('/bomb')).bytes())).reason).toBe('too-large');
    expect((await failure((await get('/long')).bytes(1_000))).reason).toBe('too-large');
    expect((await failure((await get('/br')).bytes())).reason).toBe('other');
  });

  test('D5 a safe request is repeated once after a broken connection, a write never', async () => {
    const origin = await serveRaw((socket, connection) => {
      if (connection % 2 === 1) socket.destroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
    });
    const client = http(origin, { connections: 1 });
    const response = await client.request({ method: 'REPORT', url: `${origin}/`, body: 'x', safe: true });
    expect(await response.text()).toBe('ok');
    const error = await failure(client.request({ method: 'PUT', url: `${origin}/`, body: 'x', safe: false }));
    expect(error.reason).toBe('cut');
    expect(client.traffic().requests).toBe(3);
  });

  test('D4 silence ends in a timeout that names the server', async () => {
    const origin = await serveRaw(() => undefined);
    const error = await failure(
      http(origin, { timeoutMs: 100 }).request({ method: 'GET', url: `${origin}/`, safe: true }),
    );
    expect(error.reason).toBe('timeout');
    expect(error.message).toContain(new URL(origin).host);
  });

  test('D4 a body that stops coming ends in a timeout too', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('the beginning');
    });
    const response = await http(origin, { timeoutMs: 100 }).request({ method: 'GET', url: `${origin}/`, safe: true });
    expect((await failure(response.bytes())).reason).toBe('timeout');
  });

  test('failures of connecting are sentences', async () => {
    const origin = await serve(() => undefined);
    for (const thing of open.splice(0)) await thing.close();
    const refused = await failure(http(origin).request({ method: 'GET', url: `${origin}/`, safe: true }));
    expect(refused.reason).toBe('refused');
    expect(refused.message).toBe(`${new URL(origin).host} refused the connection`);
    const noHttp = await serveRaw((socket) => {
      socket.end('SSH-2.0-nonsense\r\n');
    });
    const nonsense = await failure(http(noHttp).request({ method: 'GET', url: `${noHttp}/`, safe: true }));
    expect(nonsense.message).toContain('does not answer in HTTP');
  });

  test('a socket file carries everything, and credentials may go through it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pimsync-http-'));
    const server = createServer((request, response) => response.end(decodeBasic(request)));
    open.push({
      close: async () => {
        server.closeAllConnections();
        server.close();
        await rm(folder, { recursive: true });
      },
    });
    const socketPath = join(folder, 'dav.sock');
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const client = http(undefined, { socketPath, credentials });
    const response = await client.request({ method: 'GET', url: 'http://localhost/', safe: true });
    expect(await response.text()).toBe(`zoë:${SECRET}`);
    const away = await failure(client.request({ method: 'GET', url: 'http://example.com/', safe: true }));
    expect(away.reason).toBe('origin');
  });

  test('S13 a header value with a line end is refused before anything is sent', async () => {
    const client = http('http://127.0.0.1:9');
    const headers = { 'if-match': '"a"\r\nX-Evil: 1' };
    const error = await failure(client.request({ method: 'DELETE', url: 'http://127.0.0.1:9/', headers, safe: false }));
    expect(error.message).toContain('if-match');
    expect(client.traffic().requests).toBe(0);
  });

  test('S1 nothing that is logged holds the secret', async () => {
    const lines: string[] = [];
    const origin = await serve((_, response) => {
      response.end('x');
    });
    const client = http(origin, { credentials, log: (_, message) => lines.push(message) });
    await (await client.request({ method: 'GET', url: `${origin}/?key=hidden`, safe: true })).discard();
    const logged = lines.join('\n');
    expect(logged).toContain(`GET ${origin}/`);
    expect(logged).not.toContain(SECRET);
    expect(logged).not.toContain('hidden');
    expect(logged).not.toContain(Buffer.from(`zoë:${SECRET}`).toString('base64'));
  });

  test('S1 where a path is a secret, no level and no failure tells it', async () => {
    const key = 'k3y-of-mira';
    const lines: string[] = [];
    const origin = await serveRaw((socket, connection) => {
      const headers = `location: /${key}/again\r\ncontent-length: 0\r\nconnection: close`;
      if (connection === 1) socket.destroy();
      else socket.end(`HTTP/1.1 302 Found\r\n${headers}\r\n\r\n`);
    });
    const client = http(origin, { hasSecretPaths: true, connections: 1, log: (_, message) => lines.push(message) });
    const error = await failure(
      client.request({ method: 'GET', url: `${origin}/${key}/feed.ics?token=${key}`, safe: true }),
    );
    expect(error.reason).toBe('redirect');
    const logged = lines.join('\n');
    expect(logged).toContain(`GET ${origin}/…: the connection broke`);
    expect(logged).toContain(`GET ${origin}/…: 302`);
    expect(`${logged} ${error.message} ${error.hint} ${String(error.stack)}`).not.toContain(key);
  });
});
