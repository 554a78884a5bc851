import { resolveSrv, resolveTxt } from 'node:dns/promises';
import { isIP } from 'node:net';

/**
 * Addresses that DNS names for the service of a domain (RFC 6764, 6). Only for a name of https without a path, since
 * nothing else can be a domain that somebody typed; whether they may be asked is decided where they are.
 */
export async function serviceUrls(
  start: URL,
  service: 'caldav' | 'carddav',
  log: (level: 'debug', message: string) => void,
): Promise<readonly string[]> {
  const host = start.hostname;
  const isDomain = isIP(host) === 0 && !host.startsWith('[') && host.includes('.') && !host.endsWith('.localhost');
  if (start.protocol !== 'https:' || start.pathname !== '/' || start.port !== '' || !isDomain) return [];
  const name = `_${service}s._tcp.${host}`;
  const records = await known(resolveSrv(name), name, log);
  if (records.length === 0) return [];
  const texts = await known(resolveTxt(name), name, log);
  const path =
    texts
      .flat()
      .find((text) => text.startsWith('path=/'))
      ?.slice('path='.length) ?? `/.well-known/${service}`;
  return records
    .filter((record) => record.name !== '' && record.name !== '.')
    .sort((one, other) => one.priority - other.priority || other.weight - one.weight)
    .map((record) => new URL(path, `https://${record.name}:${record.port}`).href);
}

/** A name without records is usual; whatever else goes wrong with DNS means no more here. */
async function known<T>(
  records: Promise<readonly T[]>,
  name: string,
  log: (level: 'debug', message: string) => void,
): Promise<readonly T[]> {
  try {
    return await records;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    log('debug', `no records for ${name}: ${String(error.code)}`);
    return [];
  }
}
