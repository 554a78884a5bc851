import type { Collection } from '../../model/collection.ts';
import type { Href } from '../../model/names.ts';
import { type Dav, factsOf } from './dav.ts';
import { RefusedError } from './dav-error.ts';
import { type Found, findPlace } from './find-place.ts';
import {
  type Place,
  recallNeedsCtag,
  recallPlace,
  recallWithoutSync,
  rememberNeedsCtag,
  rememberPlace,
} from './place-memory.ts';
import { type Probe, probe } from './probe.ts';
import { GETCTAG, SUPPORTED_REPORTS, SYNC_TOKEN, type XmlName } from './xml-name.ts';

/** All collections of the storage, in the order of their ids. One request where the place is remembered and has one home. */
export async function discover(dav: Dav): Promise<readonly Collection[]> {
  return (await discoverRemembered(dav)) ?? learnt(dav, await listFound(dav, await findPlace(dav)));
}

/** As `discover`; all is asked that can be known of a collection without listing it. */
export async function discoverInFull(dav: Dav): Promise<readonly Collection[]> {
  const remembered = await discoverRemembered(dav);
  if (remembered !== undefined) return remembered;
  const { place } = await findPlace(dav);
  const collections = await listPlace(dav, place);
  rememberPlace(dav, place);
  return learnt(dav, collections);
}

async function discoverRemembered(dav: Dav): Promise<readonly Collection[] | undefined> {
  for (const collection of recallWithoutSync(dav)) factsOf(dav, collection).sync = false;
  const place = recallPlace(dav);
  if (place === undefined) return undefined;
  try {
    return learnt(dav, await listPlace(dav, place));
  } catch (error) {
    if (!isStale(error)) throw error;
    dav.log('debug', `the remembered addresses do not answer any more: ${error.message}`);
    return undefined;
  }
}

function learnt(dav: Dav, collections: readonly Collection[]): readonly Collection[] {
  rememberNeedsCtag(
    dav,
    collections.some(({ href }) => !factsOf(dav, href).sync),
  );
  return collections;
}

/** Where collections are made: the first home set; undefined where the address is that of a single collection. */
export async function firstHome(dav: Dav): Promise<Href | undefined> {
  const known = recallPlace(dav);
  const place = known ?? (await findPlace(dav)).place;
  if (known === undefined) rememberPlace(dav, place);
  return place.type === 'homes' ? place.homes[0] : undefined;
}

/** Without tokens, where every collection says that it lists its changes. */
async function listFound(dav: Dav, { place, listed }: Found): Promise<readonly Collection[]> {
  const { collections, tellChanges } = await listWith([SUPPORTED_REPORTS], dav, place, listed);
  const known = tellChanges ? collections : (await listWith([SYNC_TOKEN, GETCTAG], dav, place, [])).collections;
  rememberPlace(dav, place);
  return known;
}

/** A server may have to read all items for a token, and again for a ctag, which is asked for only where one has no token. */
async function listPlace(dav: Dav, place: Place): Promise<readonly Collection[]> {
  if (!recallNeedsCtag(dav)) {
    const { collections, tellChanges } = await listWith([SYNC_TOKEN], dav, place, []);
    if (tellChanges) return collections;
  }
  return (await listWith([SYNC_TOKEN, GETCTAG], dav, place, [])).collections;
}

async function listWith(
  names: readonly XmlName[],
  dav: Dav,
  place: Place,
  listed: readonly Probe[],
): Promise<Pick<Probe, 'collections' | 'tellChanges'>> {
  const list = async (at: Href, depth: '0' | '1'): Promise<Probe> => {
    const doing = depth === '1' ? `list the collections of ${at}` : `look at ${at}`;
    const known = listed.find((one) => one.href === at);
    return known ?? probe(dav, dav.addresses.url(at), { depth, names, doing });
  };
  const lists =
    place.type === 'homes'
      ? await Promise.all(place.homes.map((home) => list(home, '1')))
      : [await list(place.collection, '0')];
  const collections = new Map(
    lists.flatMap((one) => one.collections.map((collection) => [collection.href, collection])),
  );
  if (place.type === 'collection' && collections.size === 0) {
    throw dav.client.invalid(`look at ${place.collection}`, 'it is no collection of this kind any more');
  }
  return {
    collections: [...collections.values()].sort((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id))),
    tellChanges: lists.every(({ tellChanges }) => tellChanges),
  };
}

/** The server answers, but not as it did; not when it asks for peace, or does not know us. */
function isStale(error: unknown): error is RefusedError {
  if (!(error instanceof RefusedError)) return false;
  return error.refusal.status !== 401 && error.kind !== 'overloaded' && error.kind !== 'unavailable';
}
