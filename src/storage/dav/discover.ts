import type { Collection } from '../../model/collection.ts';
import type { Href } from '../../model/names.ts';
import { type Dav, factsOf } from './dav.ts';
import { RefusedError } from './dav-error.ts';
import { findPlace } from './find-place.ts';
import {
  type Place,
  recallNeedsCtag,
  recallPlace,
  recallWithoutSync,
  rememberNeedsCtag,
  rememberPlace,
} from './place-memory.ts';
import { type Probe, probe } from './probe.ts';
import { GETCTAG, type XmlName } from './xml-name.ts';

/** All collections of the storage, in the order of their ids. One request where the place is remembered and has one home. */
export async function discover(dav: Dav): Promise<readonly Collection[]> {
  for (const collection of recallWithoutSync(dav)) factsOf(dav, collection).sync = false;
  const place = recallPlace(dav);
  if (place !== undefined) {
    try {
      return learnt(dav, await listPlace(dav, place, []));
    } catch (error) {
      if (!isStale(error)) throw error;
      dav.log('debug', `the remembered addresses do not answer any more: ${error.message}`);
    }
  }
  const found = await findPlace(dav);
  const collections = await listPlace(dav, found.place, found.listed);
  rememberPlace(dav, found.place);
  return learnt(dav, collections);
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

/** A server may have to read all items for a token, and again for a ctag, which is asked for only where one has no token. */
async function listPlace(dav: Dav, place: Place, listed: readonly Probe[]): Promise<readonly Collection[]> {
  if (recallNeedsCtag(dav)) return listWith([GETCTAG], dav, place, []);
  const collections = await listWith([], dav, place, listed);
  const haveTokens = collections.every(({ version }) => version !== undefined);
  return haveTokens ? collections : listWith([GETCTAG], dav, place, []);
}

async function listWith(
  names: readonly XmlName[],
  dav: Dav,
  place: Place,
  listed: readonly Probe[],
): Promise<readonly Collection[]> {
  const list = async (at: Href, depth: '0' | '1'): Promise<readonly Collection[]> => {
    const known = listed.find((one) => one.href === at);
    const doing = depth === '1' ? `list the collections of ${at}` : `look at ${at}`;
    return (known ?? (await probe(dav, dav.addresses.url(at), { depth, names, doing }))).collections;
  };
  const lists =
    place.type === 'homes'
      ? await Promise.all(place.homes.map((home) => list(home, '1')))
      : [await list(place.collection, '0')];
  const collections = new Map(lists.flat().map((collection) => [collection.href, collection]));
  if (place.type === 'collection' && collections.size === 0) {
    throw dav.client.invalid(`look at ${place.collection}`, 'it is no collection of this kind any more');
  }
  return [...collections.values()].sort((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
}

/** The server answers, but not as it did; not when it asks for peace, or does not know us. */
function isStale(error: unknown): error is RefusedError {
  if (!(error instanceof RefusedError)) return false;
  return error.refusal.status !== 401 && error.kind !== 'overloaded' && error.kind !== 'unavailable';
}
