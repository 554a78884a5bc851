import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

export interface Asking {
  readonly log: (level: 'debug', message: string) => void;
  /** Of whom to ask; otherwise of the system's name servers. */
  readonly resolver?: Pick<Resolver, 'resolveSrv' | 'resolveTxt'>;
}

/**
 * Addresses that DNS names for the service of a domain (RFC 6764, 6). Only for a name of https without a path, since
 * nothing else can be a domain that somebody typed; whether they may be asked is decided where they are.
 */
export async function serviceUrls(
  start: URL,
  service: 'caldav' | 'carddav',
  { log, resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 }) }: Asking,
): Promise<readonly string[]> {
  const host = start.hostname;
  const isDomain = isIP(host) === 0 && !host.startsWith('[') && host.includes('.') && !host.endsWith('.localhost');
  if (start.protocol !== 'https:' || start.pathname !== '/' || start.port !== '' || !isDomain) return [];
  const name = `_${service}s._tcp.${host}`;
  const records = await known(resolver.resolveSrv(name), name, log);
  if (records.length === 0) return [];
  const texts = await known(resolver.resolveTxt(name), name, log);
  // Each string of a record is a key and its value (RFC 6763, 6.4).
  const path = texts
    .flat()
    .find((text) => text.startsWith('path=/'))
    ?.slice('path='.length);
  return [...records]
    .sort((one, other) => one.priority - other.priority || other.weight - one.weight)
    .flatMap((record) => urlOf(record, path ?? `/.well-known/${service}`));
}

/** None where the target is no name of a host, as the root is, which says that there is no such service. */
function urlOf({ name, port }: { readonly name: string; readonly port: number }, path: string): readonly string[] {
  if (!HOST_NAME.test(name)) return [];
  const url = new URL(`https://${name}:${port}/`);
  // A path that begins with two slashes would lead to another host if it were resolved.
  url.pathname = path;
  return [url.href];
}

/** A name without records is usual; whatever else goes wrong with DNS means no more here. */
async function known<T>(records: Promise<readonly T[]>, name: string, log: Asking['log']): Promise<readonly T[]> {
  try {
    return await records;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    log('debug', `no records for ${name}: ${String(error.code)}`);
    return [];
  }
}

const HOST_NAME = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i;
const TIMEOUT_MS = 3000;
