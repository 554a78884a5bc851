import type { Collection, CollectionTarget, PropertyName } from '../../model/collection.ts';
import type { StorageErrorKind } from '../../model/errors.ts';
import type { Href } from '../../model/names.ts';
import { type Dav, factsOf } from './dav.ts';
import { kindOf, type Refusal, RefusedError } from './dav-error.ts';
import { firstHome } from './discover.ts';
import { listMembers } from './list-members.ts';
import { findCollection } from './probe.ts';
import { proppatch } from './request-body.ts';
import { refusalInWrite } from './write-answer.ts';

/** MKCALENDAR (RFC 4791, 5.3.1) or extended MKCOL (RFC 5689); answers what a look at it then finds (SC6). */
export async function createCollection(dav: Dav, target: CollectionTarget): Promise<Collection> {
  const { client, addresses, dialect } = dav;
  const href = await addressOf(dav, target);
  const doing = `create the collection ${href}`;
  const response = await client.send({ ...dialect.makeCollection, url: addresses.url(href) }, doing);
  const refusal = await refusalInWrite(dav, response, doing);
  const made = await findCollection(dav, href);
  if (refusal !== undefined) {
    const kind = made === undefined ? kindOfCreation(refusal) : 'already-exists';
    throw new RefusedError(refusal, client.sentence(doing), kind);
  }
  if (made === undefined) throw client.invalid(doing, 'the server said that it was done, and there is none');
  factsOf(dav, made.href).size = 0;
  return made;
}

/** Whatever is in it, items or not, would go with it: so nothing may be. */
export async function deleteCollection(dav: Dav, collection: Href): Promise<void> {
  const doing = `delete the collection ${collection}`;
  const { items, unknown, others, complete } = await listMembers(dav, collection);
  const count = items.length + unknown.length + others;
  if (count > 0) {
    throw dav.client.failure('not-empty', doing, `it holds ${count} items`);
  }
  if (!complete) throw dav.client.invalid(doing, 'it is not certain that it is empty');
  const response = await dav.client.delete(dav.addresses.url(collection), undefined, doing);
  const refusal = await refusalInWrite(dav, response, doing);
  // Cyrus says 404 of what it has just deleted.
  const isGone = refusal === undefined || refusal.status === 404 || refusal.status === 410;
  if (!isGone) throw new RefusedError(refusal, dav.client.sentence(doing));
  dav.facts.delete(collection);
}

/** One property a request: what a server refuses spoils all that is asked with it. */
export async function setProperty(
  dav: Dav,
  collection: Href,
  property: PropertyName,
  value: string | undefined,
): Promise<void> {
  const doing = `set ${property} of ${collection}`;
  const name = dav.dialect.properties.get(property);
  if (name === undefined) {
    throw dav.client.failure('unsupported', doing, 'there is no such property');
  }
  if (value !== undefined && NOT_IN_XML.test(value)) {
    throw dav.client.failure('rejected', doing, 'it has control characters');
  }
  const patch = async (text: string | undefined): Promise<Refusal | undefined> => {
    const body = proppatch(name, text);
    const response = await dav.client.send({ method: 'PROPPATCH', url: dav.addresses.url(collection), body }, doing);
    return refusalInWrite(dav, response, doing);
  };
  const refusal = await patch(value);
  if (refusal === undefined) return;
  // SOGo takes colours with their opacity only.
  const opaque =
    property === 'color' && value !== undefined && /^#[0-9a-f]{6}$/i.test(value) ? `${value}FF` : undefined;
  if (opaque !== undefined && refusal.status === 400 && (await patch(opaque)) === undefined) return;
  throw new RefusedError(refusal, dav.client.sentence(doing), kindOfProperty(refusal));
}

async function addressOf(dav: Dav, target: CollectionTarget): Promise<Href> {
  const { client, addresses } = dav;
  if (target.type === 'href') {
    const href = addresses.collection(target.href, dav.url);
    if (href !== undefined) return href;
    throw client.failure('rejected', 'create a collection', 'that is no address of one');
  }
  const { id } = target;
  const doing = `create the collection "${id}"`;
  if (id === '' || id === '.' || id === '..' || id.includes('/') || NOT_IN_XML.test(id)) {
    throw client.failure('rejected', doing, 'no collection can have this id');
  }
  const home = dav.idSegment === 1 ? await firstHome(dav) : undefined;
  if (home !== undefined) return addresses.childCollection(home, id);
  const reason =
    dav.idSegment === 1
      ? '"url" is the address of a single collection'
      : 'with collection_id_segment second-last an id says only a part of its address';
  throw client.failure('unsupported', doing, reason, {
    hint: 'create it on the server, or name its address in the pair with href_a or href_b',
  });
}

const kindOfCreation = (refusal: Refusal): StorageErrorKind => {
  const kind = kindOf(refusal);
  return kind === 'changed' || kind === 'not-found' ? 'rejected' : kind;
};

/** Refused whatever the value, or with this value; a server that fails over it will do so again. */
function kindOfProperty(refusal: Refusal): StorageErrorKind {
  const { status } = refusal;
  if (status === 403 || status === 404 || status === 409 || status === 405 || status === 501) return 'unsupported';
  return status === 500 || status === 412 ? 'rejected' : kindOf(refusal);
}

const NOT_IN_XML = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]|\p{Surrogate}/u;
