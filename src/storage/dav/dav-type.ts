import { openHttp } from '../../system/http.ts';
import { isLoopback } from '../../system/origins.ts';
import { Redacted } from '../../system/redacted.ts';
import type { Settings, StorageType } from '../storage-type.ts';
import { Addresses } from './addresses.ts';
import { DavClient } from './dav-client.ts';
import { davStorage } from './dav-storage.ts';
import type { Dialect } from './dialect.ts';

/** What the configuration knows of a type of storage behind DAV. */
export function davType(name: string, dialect: Dialect): StorageType {
  return {
    name,
    kind: dialect.kind,
    alwaysReadOnly: false,
    directives: {
      url: { value: 'url', from: 'anywhere', required: true, schemes: ['https', 'http', 'unix'] },
      username: { value: 'text', from: 'anywhere', required: false },
      password: { value: 'text', from: 'anywhere', required: false, secret: true },
      auth_method: { value: 'choice', choices: ['basic'] },
      collection_id_segment: { value: 'choice', choices: ['last', 'second-last'], default: 'last' },
      user_agent: { value: 'text', from: 'here', required: false },
      timeout: { value: 'duration', defaultS: 30 },
      connections: { value: 'count', min: 1, max: 32, default: 8 },
      allow_origin: { value: 'origins' },
      allow_insecure_auth: { value: 'flag' },
      token: { value: 'later' },
      tls_root: { value: 'later' },
      tls_fingerprint: { value: 'later' },
      auth_cert: { value: 'later' },
      ...(dialect.kind === 'calendar' ? { item_types: { value: 'later' }, window: { value: 'later' } } : {}),
    },
    problems,
    open(settings, { storageName, programVersion, memory, log, signal }) {
      const { url, origin, socketPath } = placeOf(text(settings, 'url') ?? '');
      const username = text(settings, 'username');
      const connections = count(settings, 'connections', 8);
      const http = openHttp({
        origin,
        ...(socketPath === undefined ? {} : { socketPath }),
        ...(username === undefined ? {} : { credentials: { username, password: secret(settings, 'password') } }),
        allowOrigins: texts(settings, 'allow_origin'),
        allowInsecureAuth: settings.get('allow_insecure_auth') === true,
        userAgent: text(settings, 'user_agent') ?? `pimsync/${programVersion}`,
        timeoutMs: count(settings, 'timeout', 30) * 1000,
        connections,
        ...(signal === undefined ? {} : { signal }),
        log,
      });
      return davStorage({
        url,
        dialect,
        client: new DavClient(http, storageName),
        addresses: new Addresses(new URL(url).origin),
        idSegment: text(settings, 'collection_id_segment') === 'second-last' ? 2 : 1,
        connections,
        facts: new Map(),
        memory,
        log,
      });
    },
  };
}

function problems(settings: Settings): readonly { readonly directive: string; readonly message: string }[] {
  const url = text(settings, 'url');
  const found: { readonly directive: string; readonly message: string }[] = [];
  const say = (directive: string, message: string): void => {
    found.push({ directive, message });
  };
  if (settings.has('password') && !settings.has('username')) say('password', 'there is a password, but no "username"');
  if (settings.has('username') && !settings.has('password')) say('username', 'there is a user name, but no "password"');
  if (text(settings, 'username')?.includes(':') === true) say('username', 'a user name cannot hold a colon');
  if (url === undefined || !URL.canParse(url)) return found;
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') {
    say('url', 'the user name and the password do not belong in the address; use "username" and "password"');
  }
  const plain = protocol === 'http:' && !isLoopback(hostname) && settings.has('username');
  if (plain && settings.get('allow_insecure_auth') !== true) {
    say('url', 'the password would be sent unencrypted; use https, or add allow_insecure_auth');
  }
  return found;
}

/** A socket file has no host; its requests are addressed to this one. */
function placeOf(url: string): {
  readonly url: string;
  readonly origin: string | undefined;
  readonly socketPath?: string;
} {
  const parsed = new URL(url);
  if (parsed.protocol === 'unix:') {
    return { url: 'http://localhost/', origin: undefined, socketPath: decodeURIComponent(parsed.pathname) };
  }
  parsed.hash = '';
  return { url: parsed.href, origin: parsed.origin };
}

function text(settings: Settings, name: string): string | undefined {
  const value = settings.get(name);
  return typeof value === 'string' ? value : undefined;
}

function count(settings: Settings, name: string, otherwise: number): number {
  const value = settings.get(name);
  return typeof value === 'number' ? value : otherwise;
}

function secret(settings: Settings, name: string): Redacted {
  const value = settings.get(name);
  return value instanceof Redacted ? value : new Redacted('');
}

function texts(settings: Settings, name: string): readonly string[] {
  const value = settings.get(name);
  return typeof value === 'object' && !(value instanceof Redacted) ? value : [];
}
