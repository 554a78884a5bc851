/** The package has no types of its own. */
declare module 'proxy-from-env' {
  /** The proxy for this address, as an address; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}
