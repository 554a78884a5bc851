import type { Collection, PropertyName } from '../../model/collection.ts';
import { collectionId, type Href } from '../../model/names.ts';
import { segmentFromEnd } from './addresses.ts';
import { isTime, ofCtag, versionOf } from './checkpoints.ts';
import { type Dav, factsOf } from './dav.ts';
import { RefusedError, refusalIn } from './dav-error.ts';
import { type DavResponse, found, foundText, isSuccess, responsesIn } from './multistatus.ts';
import { propfind } from './request-body.ts';
import { childOf } from './xml.ts';
import {
  fullName,
  GETCTAG,
  NAMESPACES,
  PRINCIPAL,
  RESOURCETYPE,
  SUPPORTED_REPORTS,
  SYNC_TOKEN,
  type XmlName,
} from './xml-name.ts';

/** What a PROPFIND tells of an address and, with depth 1, of the collections of our kind below it. */
export interface Probe {
  readonly href: Href;
  /** Of the address itself. */
  readonly own: DavResponse;
  /** Itself among them, if it is one. */
  readonly collections: readonly Collection[];
  /** Each of them has a token, or says that it can list its changes since one. */
  readonly tellChanges: boolean;
}

export interface ProbeTerms {
  readonly depth: '0' | '1';
  /** Asked besides what describes a collection. */
  readonly names: readonly XmlName[];
  readonly doing: string;
}

/** A 404 may also come within a 207; it is a `RefusedError` in any case. An answer without the address itself is no answer (D8). */
export async function probe(dav: Dav, url: string, { depth, names, doing }: ProbeTerms): Promise<Probe> {
  const { client, addresses, dialect } = dav;
  const asked = [RESOURCETYPE, ...dialect.properties.values(), ...names];
  const answer = await client.multistatus({ method: 'PROPFIND', url, depth, body: propfind(asked) }, doing);
  const self = addresses.collection(new URL(answer.url).pathname, answer.url);
  let own: DavResponse | undefined;
  let failed: DavResponse | undefined;
  const collections = new Map<Href, Collection>();
  let tellChanges = true;
  for (const response of await responsesIn(answer.parts)) {
    // Whatever address it gives: nothing else was asked about (Xandikos).
    if (depth === '0' && response.status !== undefined && !isSuccess(response.status)) failed = response;
    for (const written of response.hrefs) {
      const at = addresses.collection(written, answer.url);
      if (at === undefined) continue;
      if (at === self) own = response;
      else checkMember(response, client.sentence(doing));
      if (!isCollection(dav, response)) continue;
      if (names.includes(SYNC_TOKEN)) learn(dav, at, response, answer.date);
      const collection = describe(dav, at, response);
      collections.set(at, collection);
      tellChanges &&= collection.version !== undefined || listsChanges(response);
    }
  }
  own ??= failed;
  if (own === undefined || self === undefined) {
    throw client.invalid(doing, `the server's answer does not mention ${new URL(answer.url).pathname}`);
  }
  if (own.status !== undefined && !isSuccess(own.status)) {
    throw new RefusedError(refusalIn(own, own.status), client.sentence(doing));
  }
  return { href: self, own, collections: [...collections.values()], tellChanges };
}

/** As `describeCollection`; `undefined` also where there is nothing at all. */
export async function findCollection(dav: Dav, collection: Href): Promise<Collection | undefined> {
  try {
    return await describeCollection(dav, collection);
  } catch (error) {
    if (error instanceof RefusedError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** The collection as it is now; `undefined` where something else is; `not-found` where nothing is. */
export async function describeCollection(dav: Dav, collection: Href): Promise<Collection | undefined> {
  const doing = `look at ${collection}`;
  const { collections } = await probe(dav, dav.addresses.url(collection), {
    depth: '0',
    names: [SYNC_TOKEN, GETCTAG],
    doing,
  });
  return collections[0];
}

/** Addresses that a property holds, as hrefs of collections. */
export function hrefsIn(dav: Dav, { href, own }: Probe, name: XmlName): readonly Href[] {
  const elements = found(own, name)?.children.filter((child) => child.name === '{DAV:}href') ?? [];
  return elements.flatMap(({ text }) => dav.addresses.collection(text.trim(), dav.addresses.url(href)) ?? []);
}

/**
 * What tells where collections are, and whether their changes can be listed. No tokens: a server may read all items for
 * them, and who has just found a collection lists all of it.
 */
export const placeNames = (dav: Dav): readonly XmlName[] => [PRINCIPAL, dav.dialect.homeSet, SUPPORTED_REPORTS];

/** What fails now may be a collection of ours; to go on without it would look as if it were gone (R2). */
function checkMember(response: DavResponse, doing: string): void {
  const { status } = response;
  const type = response.properties.get(RESOURCETYPE.full);
  const failed = [status, type?.status].find((one) => one !== undefined && !isSuccess(one) && !HARMLESS.has(one));
  if (failed !== undefined) throw new RefusedError(refusalIn(response, failed), doing);
}

const isCollection = (dav: Dav, response: DavResponse): boolean => {
  const type = found(response, RESOURCETYPE);
  return type !== undefined && childOf(type, dav.dialect.collectionType.full) !== undefined;
};

function learn(dav: Dav, at: Href, response: DavResponse, date: string | undefined): void {
  const known = factsOf(dav, at);
  const token = known.sync ? foundText(response, SYNC_TOKEN) : undefined;
  const ctag = foundText(response, GETCTAG);
  known.sync = token !== undefined;
  known.timed = isTime(token ?? ctag ?? '');
  known.ctag = ctag === undefined ? undefined : ofCtag(at, ctag, date);
}

function describe(dav: Dav, at: Href, response: DavResponse): Collection {
  const token = factsOf(dav, at).sync ? foundText(response, SYNC_TOKEN) : undefined;
  const version = versionOf(at, token, foundText(response, GETCTAG));
  return {
    href: at,
    id: collectionId(segmentFromEnd(at, dav.idSegment) ?? ''),
    properties: propertiesIn(dav, at, response),
    ...(version === undefined ? {} : { version }),
  };
}

function propertiesIn(dav: Dav, at: Href, response: DavResponse): Collection['properties'] {
  const values: Partial<Record<PropertyName, string>> = {};
  for (const [name, xmlName] of dav.dialect.properties) {
    const value = foundText(response, xmlName);
    if (value !== undefined && !(name === 'displayname' && isMadeUp(value, at))) values[name] = value;
  }
  return values;
}

/** Of a collection that nobody named, servers give the last segment of its address, or several, as its name. */
function isMadeUp(name: string, at: Href): boolean {
  const segments = name.split('/').filter((segment) => segment !== '');
  return segments.length > 0 && segments.reverse().every((segment, index) => segmentFromEnd(at, index + 1) === segment);
}

/** RFC 3253, 3.1.5; whoever supports sync-collection has it there (RFC 6578, 3.2). Xandikos leaves out the element around each. */
function listsChanges(response: DavResponse): boolean {
  const supported = found(response, SUPPORTED_REPORTS)?.children ?? [];
  const named = supported.flatMap(({ children }) => [...children, ...children.flatMap((report) => report.children)]);
  return named.some(({ name }) => name === SYNC_COLLECTION);
}

const SYNC_COLLECTION = fullName(NAMESPACES.d, 'sync-collection');

/** There is nothing, or nothing for this user. */
const HARMLESS: ReadonlySet<number> = new Set([403, 404, 410]);
