/** Where requests, and credentials with them, may go (S9, S11): nowhere but to the configured origin and those allowed by name. */
export interface OriginPolicy {
  /** `scheme://host:port` of the configured address; undefined where everything goes through a socket file. */
  readonly origin: string | undefined;
  /** `https://host`, `https://*.host`, with a port where it is not the scheme's. */
  readonly allowOrigins: readonly string[];
}

/** The configured origin, its own https, or one of the allowed. */
export function isAllowed(url: URL, policy: OriginPolicy): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  if (policy.origin === undefined) return isLoopback(url.hostname);
  const own = new URL(policy.origin);
  if (url.origin === own.origin || isUpgrade(own, url)) return true;
  return policy.allowOrigins.some((pattern) => matches(pattern, url));
}

/** From http to https on one host: the same port, or from the one scheme's own to the other's. */
export function isUpgrade(from: URL, to: URL): boolean {
  if (from.protocol !== 'http:' || to.protocol !== 'https:' || from.hostname !== to.hostname) return false;
  return to.port === from.port;
}

export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `*.` stands for one label or more, never for none. */
function matches(pattern: string, url: URL): boolean {
  const parsed = /^(https?):\/\/(\*\.)?([^/*]+)\/?$/i.exec(pattern.trim());
  const [, scheme, wildcard, rest] = parsed ?? [];
  if (scheme === undefined || rest === undefined || !URL.canParse(`${scheme}://${rest}`)) return false;
  const base = new URL(`${scheme}://${rest}`);
  if (base.protocol !== url.protocol || base.port !== url.port) return false;
  return wildcard === undefined ? base.hostname === url.hostname : url.hostname.endsWith(`.${base.hostname}`);
}
