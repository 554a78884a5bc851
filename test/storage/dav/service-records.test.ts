import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceUrls } from '../../../src/storage/dav/service-records.ts';
import { type DnsRecord, type DnsServer, startDnsServer } from '../../support/dns-server.ts';

const NAME = '_caldavs._tcp.example.com';
const srv = (target: string, more: { priority?: number; weight?: number; port?: number } = {}): DnsRecord => ({
  type: 'SRV',
  priority: 0,
  weight: 1,
  port: 443,
  target,
  ...more,
});
const txt = (...texts: readonly string[]): DnsRecord => ({ type: 'TXT', texts });

let dns: DnsServer;
let logged: string[];
beforeEach(async () => {
  dns = await startDnsServer();
  logged = [];
});
afterEach(() => dns.close());

const urlsOf = (start = 'https://example.com/', service: 'caldav' | 'carddav' = 'caldav') => {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([dns.address]);
  return serviceUrls(new URL(start), service, { log: (_, message) => logged.push(message), resolver });
};

test.each([
  'http://example.com/',
  'https://example.com/dav/',
  'https://example.com:8443/',
  'https://localhost/',
  'https://dav.localhost/',
  'https://nas/',
  'https://127.0.0.1/',
  'https://[::1]/',
])('DNS is not asked about %s', async (url) => {
  expect(await urlsOf(url)).toEqual([]);
  expect(dns.asked).toEqual([]);
});

describe('the records of a service', () => {
  test('name its servers, the first to be asked first', async () => {
    dns.records.set(NAME, [
      srv('later.example.com', { priority: 20 }),
      srv('lighter.example.com', { priority: 10, weight: 1 }),
      srv('first.example.com', { priority: 10, weight: 5, port: 8443 }),
    ]);
    expect(await urlsOf()).toEqual([
      'https://first.example.com:8443/.well-known/caldav',
      'https://lighter.example.com/.well-known/caldav',
      'https://later.example.com/.well-known/caldav',
    ]);
    expect(dns.asked).toEqual([`SRV ${NAME}`, `TXT ${NAME}`]);
  });

  test('may name a path', async () => {
    dns.records.set('_carddavs._tcp.example.com', [srv('dav.example.com'), txt('v=1', 'path=/dav/cards/')]);
    expect(await urlsOf('https://example.com/', 'carddav')).toEqual(['https://dav.example.com/dav/cards/']);
  });

  test('that are not there, or name no server, are none', async () => {
    expect(await urlsOf()).toEqual([]);
    expect(logged).toEqual([`no records for ${NAME}: ENOTFOUND`]);
    dns.records.set(NAME, [txt('path=/dav/')]);
    expect(await urlsOf()).toEqual([]);
    dns.records.set(NAME, [srv('.')]);
    expect(await urlsOf()).toEqual([]);
  });

  test('that cannot be had are none', async () => {
    dns.fails = true;
    expect(await urlsOf()).toEqual([]);
    expect(logged).toEqual([`no records for ${NAME}: ESERVFAIL`]);
    await dns.close();
    expect(await urlsOf()).toEqual([]);
    dns = await startDnsServer();
  });

  test('S9 lead nowhere but to the server that they name', async () => {
    dns.records.set(NAME, [
      srv('dav.example.com'),
      srv('alice@evil.example'),
      srv('a b.example'),
      txt('path=//evil.example/x'),
    ]);
    const urls = await urlsOf();
    expect(urls.map((url) => new URL(url).host)).toEqual(['dav.example.com']);
  });
});
