import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Http, type HttpSettings, openHttp } from '../../src/system/http.ts';
import { HttpError } from '../../src/system/http-failure.ts';
import { Redacted } from '../../src/system/redacted.ts';
import { type ProxyServer, startProxyServer } from '../support/proxy-server.ts';

const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
const open: { close(): unknown }[] = [];
const before = new Map<string, string | undefined>();

beforeEach(() => {
  for (const name of VARIABLES) {
    before.set(name, process.env[name]);
    delete process.env[name];
  }
});
afterEach(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens on a port');
  return address.port;
}

async function proxyTo(port: number): Promise<ProxyServer> {
  const proxy = await startProxyServer(port);
  open.push(proxy);
  return proxy;
}

function http(origin: string, more: Partial<HttpSettings> = {}): Http {
  const made = openHttp({
    origin,
    allowOrigins: [],
    allowInsecureAuth: false,
    userAgent: 'pimsync/test',
    timeoutMs: 5000,
    connections: 1,
    log: () => undefined,
    ...more,
  });
  open.push(made);
  return made;
}

const get = (client: Http, url: string) => client.request({ method: 'GET', url, safe: true });

async function failure(work: Promise<unknown>): Promise<HttpError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HttpError) return error;
  throw new Error(`not an HttpError: ${String(error)}`);
}

test('a server is not flooded: four requests at once until it answers, then as many as are allowed', async () => {
  const held: ServerResponse[] = [];
  const port = await listen(
    createServer((request, response) => {
      if (request.url === '/knock') response.end();
      else held.push(response);
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  /** Whatever was sent before these is there when they are answered. */
  const knock = async (): Promise<void> => {
    for (let n = 0; n < 5; n += 1) await (await fetch(`${origin}/knock`)).text();
  };
  const client = http(origin, { connections: 6 });
  const answers = Promise.all(Array.from({ length: 12 }, async () => (await get(client, `${origin}/`)).text()));
  await knock();
  expect(held.length).toBe(4);
  for (const response of held.splice(0)) response.end();
  await knock();
  expect(held.length).toBe(6);
  for (const response of held.splice(0)) response.end();
  await knock();
  for (const response of held.splice(0)) response.end();
  expect((await answers).length).toBe(12);
});

test("what cannot be sent at all stands in nobody's way", async () => {
  const port = await listen(createServer((_, response) => response.end('here')));
  const origin = `http://127.0.0.1:${port}`;
  const client = http(origin, { connections: 2 });
  const unsendable = { method: 'G T', url: `${origin}/`, safe: true };
  for (let n = 0; n < 5; n += 1) await expect(client.request(unsendable)).rejects.toThrow();
  expect(await (await get(client, `${origin}/`)).text()).toBe('here');
});

describe('a proxy that the environment names', () => {
  test('is asked for addresses of plain http', async () => {
    const port = await listen(
      createServer((request, response) => response.end(`${request.headers.host} ${request.url}`)),
    );
    const proxy = await proxyTo(port);
    process.env['http_proxy'] = proxy.url;
    const client = http('http://dav.invalid');
    for (const path of ['/a?b=c', '/d']) {
      expect(await (await get(client, `http://dav.invalid${path}`)).text()).toBe(`dav.invalid ${path}`);
    }
    expect(proxy.asked).toEqual(['GET http://dav.invalid/a?b=c', 'GET http://dav.invalid/d']);
  });

  test('is not asked where no_proxy names the host, nor for this host', async () => {
    const port = await listen(createServer((_, response) => response.end('here')));
    const proxy = await proxyTo(port);
    process.env['HTTP_PROXY'] = proxy.url;
    process.env['no_proxy'] = '.invalid';
    const origin = `http://127.0.0.1:${port}`;
    expect(await (await get(http(origin), `${origin}/`)).text()).toBe('here');
    const error = await failure(get(http('http://dav.invalid'), 'http://dav.invalid/'));
    expect(['unresolved', 'no-name-server']).toContain(error.reason);
    expect(proxy.asked).toEqual([]);
  });

  test('gets its own credentials, and none of them is told', async () => {
    const port = await listen(createServer((request, response) => response.end(request.headers.authorization)));
    const proxy = await proxyTo(port);
    process.env['all_proxy'] = proxy.url.replace('//', '//mira:pr%C3%B6xy@');
    const lines: string[] = [];
    const credentials = { username: 'alice', password: new Redacted('s3cret') };
    const log = (_: string, message: string): void => void lines.push(message);
    const client = http('http://dav.invalid', { credentials, allowInsecureAuth: true, log });
    expect(await (await get(client, 'http://dav.invalid/')).text()).toBe(`Basic ${btoa('alice:s3cret')}`);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('mira:pröxy').toString('base64')}`]);
    expect(lines.join('\n')).not.toMatch(/pr%C3%B6xy|pröxy|s3cret/);
  });

  test('SL1 that refuses to connect is no answer of the server', async () => {
    const proxy = await proxyTo(9);
    process.env['https_proxy'] = proxy.url.replace('//', '//mira:s3cret@');
    const client = http('https://dav.invalid');
    for (const status of [404, 407, 502]) {
      proxy.refusal = status;
      const error = await failure(get(client, 'https://dav.invalid/'));
      expect(error).toMatchObject({ reason: 'refused' });
      const host = new URL(proxy.url).host;
      expect(error.message).toBe(`the proxy ${host} does not connect to dav.invalid:443: it answered ${status}`);
      expect(`${error.message} ${error.hint}`).not.toContain('s3cret');
    }
    expect(proxy.asked).toEqual(Array.from({ length: 3 }, () => 'CONNECT dav.invalid:443'));
  });

  test('that cannot be reached is named itself', async () => {
    const proxy = await startProxyServer(9);
    await proxy.close();
    const { host } = new URL(proxy.url);
    process.env['https_proxy'] = proxy.url;
    process.env['http_proxy'] = proxy.url;
    for (const origin of ['https://dav.invalid', 'http://dav.invalid']) {
      const error = await failure(get(http(origin), `${origin}/`));
      expect(error.reason).toBe('refused');
      expect(error.message).toBe(`the proxy cannot be used: ${host} refused the connection`);
      expect(error.hint).toContain('no_proxy');
    }
  });

  test.runIf(hasOpenssl())('S12 carries https, whose certificates are checked all the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pimsync-proxy-'));
    open.push({ close: () => rm(folder, { recursive: true }) });
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=dav.invalid'];
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    let requests = 0;
    const tls = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) => {
      requests += 1;
      response.end();
    });
    const proxy = await proxyTo(await listen(tls));
    process.env['https_proxy'] = proxy.url;
    const error = await failure(get(http('https://dav.invalid'), 'https://dav.invalid/'));
    expect(error.message).toBe('the certificate of dav.invalid:443 is self-signed');
    expect([proxy.asked, requests]).toEqual([['CONNECT dav.invalid:443'], 0]);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
