import { collectionId } from '../../model/names.ts';
import { openHttp } from '../../system/http.ts';
import { Redacted } from '../../system/redacted.ts';
import type { Settings, StorageType } from '../storage-type.ts';
import { WebcalStorage } from './webcal-storage.ts';

/** A calendar that somebody publishes at one address, to be read only. */
export const webcalType: StorageType = {
  name: 'webcal',
  kind: 'calendar',
  alwaysReadOnly: true,
  directives: {
    url: { value: 'url', from: 'anywhere', required: true, schemes: ['https', 'http', 'unix', 'webcal', 'webcals'] },
    collection_id: { value: 'text', from: 'here', required: true },
    username: { value: 'text', from: 'anywhere', required: false },
    password: { value: 'text', from: 'anywhere', required: false, secret: true },
    auth_method: { value: 'choice', choices: ['basic'] },
    user_agent: { value: 'text', from: 'here', required: false },
    timeout: { value: 'duration', defaultS: 30 },
    allow_origin: { value: 'origins' },
    allow_insecure_auth: { value: 'flag' },
    token: { value: 'later' },
    tls_root: { value: 'later' },
    tls_fingerprint: { value: 'later' },
    auth_cert: { value: 'later' },
    window: { value: 'later' },
  },

  problems(settings) {
    const hasName = settings.has('username');
    if (hasName !== settings.has('password')) {
      const [given, missing] = hasName ? ['username', 'password'] : ['password', 'username'];
      return [{ directive: given, message: `"${given}" needs a "${missing}" beside it` }];
    }
    return [];
  },

  open(settings, surroundings) {
    const address = text(settings, 'url') ?? '';
    const { url, origin, socketPath } = placeOf(address);
    const username = text(settings, 'username');
    const password = text(settings, 'password');
    const timeoutS = settings.get('timeout');
    const origins = settings.get('allow_origin');
    const http = openHttp({
      origin,
      ...(socketPath === undefined ? {} : { socketPath }),
      ...(username === undefined || password === undefined
        ? {}
        : { credentials: { username, password: new Redacted(password) } }),
      allowOrigins: Array.isArray(origins) ? origins : [],
      allowInsecureAuth: settings.get('allow_insecure_auth') === true,
      userAgent: text(settings, 'user_agent') ?? `pimsync/${surroundings.programVersion}`,
      timeoutMs: (typeof timeoutS === 'number' ? timeoutS : 30) * 1000,
      connections: 1,
      // Many feeds are private by nothing but an address that cannot be guessed.
      hasSecretPaths: true,
      log: surroundings.log,
    });
    const id = collectionId(text(settings, 'collection_id') ?? '');
    return new WebcalStorage({ id, address, url, http, storageName: surroundings.storageName });
  },
};

/**
 * `webcal:` says what is there and not how to get it: by https, since a password or a private address may be in play. A
 * socket file has no host and no path; its requests are addressed to this host, and their path is what follows a `?`.
 */
function placeOf(address: string): {
  readonly url: string;
  readonly origin: string | undefined;
  readonly socketPath?: string;
} {
  const parsed = new URL(address.replace(/^webcals?:/i, 'https:'));
  if (parsed.protocol !== 'unix:') return { url: parsed.href, origin: parsed.origin };
  const path = parsed.search.replace(/^\?\/*/, '');
  return { url: `http://localhost/${path}`, origin: undefined, socketPath: decodeURIComponent(parsed.pathname) };
}

function text(settings: Settings, name: string): string | undefined {
  const value = settings.get(name);
  return typeof value === 'string' ? value : undefined;
}
