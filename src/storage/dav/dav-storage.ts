import type { Collection } from '../../model/collection.ts';
import type { StorageError } from '../../model/errors.ts';
import { itemName } from '../item-name.ts';
import type { CheckResult, Storage } from '../storage.ts';
import { type Dav, factsOf } from './dav.ts';
import { discover, discoverInFull } from './discover.ts';
import { confirmGone, fetchItems } from './fetch.ts';
import { look } from './look.ts';
import { findCollection } from './probe.ts';
import { createCollection, deleteCollection, setProperty } from './write-collection.ts';
import { createItem, deleteItem, updateItem } from './write-item.ts';

/** Calendars (RFC 4791) or address books (RFC 6352) on a server. */
export function davStorage(dav: Dav): Storage {
  const unsupported = (doing: string, reason: string): StorageError => dav.client.failure('unsupported', doing, reason);
  return {
    kind: dav.dialect.kind,
    access: 'read-write',
    concurrency: dav.connections,
    check: async () => checkResult(dav, await discoverInFull(dav)),
    discover: () => discover(dav),
    find: async (collection) => {
      const href = dav.addresses.collection(collection, dav.url);
      return href === undefined ? undefined : findCollection(dav, href);
    },
    createRoot: async () => {
      throw unsupported('make the home of the collections', 'that is up to the server');
    },
    createCollection: (target) => createCollection(dav, target),
    deleteCollection: (collection) => deleteCollection(dav, collection),
    look: (collection, since, take) => look(dav, collection, since, take),
    fetch: (collection, hrefs) => fetchItems(dav, collection, hrefs),
    confirmGone: (collection, hrefs) => confirmGone(dav, collection, hrefs),
    nameFor: (collection, item, like, attempt) =>
      dav.addresses.child(collection, itemName({ item, like, extension: dav.dialect.extension, attempt })),
    create: (collection, href, item) => createItem(dav, collection, href, item),
    update: (collection, target, item) => updateItem(dav, collection, target, item),
    delete: (collection, target) => deleteItem(dav, collection, target),
    // A server that has answered has the item; when it is safe on disk is the server's own affair.
    flush: async () => undefined,
    setProperty: (collection, property, value) => setProperty(dav, collection, property, value),
    // biome-ignore lint/correctness/useYield: a server tells nobody, so there is nothing to yield
    async *changes() {
      throw unsupported('watch for changes', 'a server does not tell of them');
    },
    traffic: () => dav.client.traffic(),
    close: () => dav.client.close(),
  };
}

function checkResult(dav: Dav, collections: readonly Collection[]): CheckResult {
  const count = `${collections.length} ${collections.length === 1 ? 'collection' : 'collections'}`;
  const known = collections.map(({ href, id }) => ({ id, ...factsOf(dav, href) }));
  const full = known.filter(({ sync }) => !sync).map(({ id }) => `"${id}"`);
  const timed = known.filter(({ timed }) => timed === true).map(({ id }) => `"${id}"`);
  const sync = collections.length > 0 && full.length === 0 ? ', changes by sync-collection' : '';
  return {
    found: `${dav.dialect.protocol}, ${count}${sync}`,
    warnings: [
      ...(full.length > 0 ? [`the server cannot list only what has changed in ${full.join(', ')}`] : []),
      ...(timed.length > 0
        ? [
            `the server tells changes apart by seconds only in ${timed.join(', ')}: a write may meet another of the same moment`,
          ]
        : []),
    ],
  };
}
