import { StorageError, type StorageErrorKind } from '../../model/errors.ts';
import type { Href } from '../../model/names.ts';
import type { Dav } from './dav.ts';
import { RefusedError } from './dav-error.ts';
import type { Place } from './place-memory.ts';
import { hrefsIn, type Probe, placeNames, probe } from './probe.ts';
import { serviceUrls } from './service-records.ts';
import { PRINCIPAL } from './xml-name.ts';

export interface Found {
  readonly place: Place;
  /** Listed on the way, with depth 1; they need not be asked again. */
  readonly listed: readonly Probe[];
}

/**
 * From whatever address of a server the user has (RFC 6764, RFC 4791 6.2.1, RFC 5397): the address itself, the
 * principal that it names, /.well-known/, the root, DNS. An address with a path that is not there is the user's
 * mistake or a removed collection; nothing else is taken in its stead.
 */
export async function findPlace(dav: Dav): Promise<Found> {
  const failures: StorageError[] = [];
  const attempt = async (url: string): Promise<Found | undefined> => {
    try {
      const place = await explore(dav, url);
      if (place === undefined) failures.push(nothing(dav, `${url} does not name any`));
      return place;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      failures.push(error);
      return undefined;
    }
  };

  const start = new URL(dav.url);
  const atStart = await attempt(start.href);
  if (atStart !== undefined) return atStart;
  const [failure] = failures;
  if (failure !== undefined && isFinal(failure, start)) throw failure;
  const others = [`${start.origin}/.well-known/${dav.dialect.service}`, `${start.origin}/`];
  for (const url of others.filter((other) => other !== start.href)) {
    const found = await attempt(url);
    if (found !== undefined) return found;
  }
  for (const url of await serviceUrls(start, dav.dialect.service, dav)) {
    const found = await attempt(url);
    if (found !== undefined) return found;
  }
  throw summary(dav, failures);
}

/** The server has spoken, or there is none; asking elsewhere would only hide that. */
function isFinal(failure: StorageError, start: URL): boolean {
  if (failure.kind === 'unavailable' || failure.kind === 'overloaded') return true;
  const status = failure instanceof RefusedError ? failure.refusal.status : undefined;
  return status === 401 || ((status === 404 || status === 410) && start.pathname !== '/');
}

async function explore(dav: Dav, url: string): Promise<Found | undefined> {
  const doing = `find ${collectionsOf(dav)} at ${url}`;
  const names = placeNames(dav);
  const start = await probe(dav, url, { depth: '0', names, doing });
  const [itself] = start.collections;
  if (itself !== undefined) return { place: { type: 'collection', collection: itself.href }, listed: [start] };
  const homes = hrefsIn(dav, start, dav.dialect.homeSet);
  if (homes.length > 0) return atHomes(homes, []);
  const [principal] = hrefsIn(dav, start, PRINCIPAL);
  // An address that leads neither to the principal nor from it may be a home set, perhaps somebody else's.
  if (principal === undefined || !principal.startsWith(start.href)) {
    const listing = await probe(dav, dav.addresses.url(start.href), { depth: '1', names, doing });
    if (listing.collections.length > 0) return atHomes([start.href], [listing]);
  }
  if (principal === undefined || principal === start.href) return undefined;
  const at = await probePrincipal(dav, principal, doing);
  const named = hrefsIn(dav, at.probe, dav.dialect.homeSet);
  return named.length === 0 ? undefined : atHomes(named, at.isListing ? [at.probe] : []);
}

/** With depth 1, since the principal is its own home set on some servers. */
async function probePrincipal(
  dav: Dav,
  principal: Href,
  doing: string,
): Promise<{ readonly probe: Probe; readonly isListing: boolean }> {
  const url = dav.addresses.url(principal);
  const names = placeNames(dav);
  try {
    return { probe: await probe(dav, url, { depth: '1', names, doing }), isListing: true };
  } catch (error) {
    if (!(error instanceof RefusedError) || error.refusal.status === 401) throw error;
    return { probe: await probe(dav, url, { depth: '0', names, doing }), isListing: false };
  }
}

const atHomes = (homes: readonly Href[], listed: readonly Probe[]): Found => ({
  place: { type: 'homes', homes: [...new Set(homes)] },
  listed,
});

/** What stands in the way is said if it can be cleared away; else each address that was tried. */
function summary(dav: Dav, failures: readonly StorageError[]): StorageError {
  const inTheWay = failures.find((failure) => LOCKED.has(failure.kind) && failure.hint !== undefined);
  if (inTheWay !== undefined) return inTheWay;
  const steps = new Set(failures.map(({ reason }) => reason));
  return dav.client.failure('invalid-data', `find ${collectionsOf(dav)}`, [...steps].join('; '), {
    hint: `check "url": the address of the ${dav.dialect.protocol} service as its provider names it`,
  });
}

const LOCKED: ReadonlySet<StorageErrorKind> = new Set(['unauthorized', 'denied']);

const nothing = (dav: Dav, reason: string): StorageError => dav.client.invalid(`find ${collectionsOf(dav)}`, reason);

const collectionsOf = (dav: Dav): string => (dav.dialect.kind === 'calendar' ? 'calendars' : 'address books');
