import { withCrlf } from '../../content/content-line.ts';
import type { StorageErrorKind } from '../../model/errors.ts';
import type { Item, ItemRef } from '../../model/item.ts';
import { etag, type Href } from '../../model/names.ts';
import type { HttpResponse } from '../../system/http.ts';
import type { Written } from '../storage.ts';
import { type Dav, factsOf } from './dav.ts';
import type { Condition } from './dav-client.ts';
import { isAboutContent, kindOf, type Refusal, RefusedError } from './dav-error.ts';
import { currentEtag, isGone } from './get-item.ts';
import { describeCollection } from './probe.ts';
import { refusalInWrite } from './write-answer.ts';

/** Only where nothing is (SD7). */
export async function createItem(dav: Dav, collection: Href, href: Href, item: Item): Promise<Written> {
  const doing = `create ${href}`;
  if ((await isTimed(dav, collection)) && !(await isGone(dav, collection, href))) {
    throw dav.client.failure('already-exists', doing, 'something is there');
  }
  const { response, refusal } = await put(dav, collection, {
    href,
    text: item.text,
    condition: { type: 'absent' },
    doing,
  });
  if (refusal !== undefined) throw await refusedPut(dav, collection, refusal, doing, 'already-exists');
  const facts = factsOf(dav, collection);
  if (facts.size !== undefined) facts.size += 1;
  return written(dav, collection, href, response);
}

/** Only what was seen (SD8). */
export async function updateItem(dav: Dav, collection: Href, target: ItemRef, item: Item): Promise<Written> {
  const { href } = target;
  const doing = `update ${href}`;
  const condition = await conditionFor(dav, collection, target, doing);
  if (condition === 'gone') throw dav.client.failure('not-found', doing, 'it is gone');
  const { response, refusal } = await put(dav, collection, { href, text: item.text, condition, doing });
  if (refusal === undefined) return written(dav, collection, href, response);
  const isMissing = refusal.status === 404 || refusal.status === 410;
  if (isMissing && (await isGone(dav, collection, href)))
    throw new RefusedError(refusal, dav.client.sentence(doing), 'not-found');
  throw await refusedPut(dav, collection, refusal, doing, 'changed');
}

/** Only what was seen; done where nothing is there. */
export async function deleteItem(dav: Dav, collection: Href, target: ItemRef): Promise<void> {
  const { href } = target;
  const doing = `delete ${href}`;
  const condition = await conditionFor(dav, collection, target, doing);
  if (condition === 'gone') return;
  const response = await dav.client.delete(dav.addresses.itemUrl(collection, href), condition, doing);
  const refusal = await refusalInWrite(dav, response, doing);
  if (refusal === undefined || refusal.status === 404 || refusal.status === 410) return;
  // Nothing matches a condition where nothing is.
  if (refusal.status === 412 && (await isGone(dav, collection, href))) return;
  throw new RefusedError(refusal, dav.client.sentence(doing), kindOfItemRefusal(refusal, 'changed'));
}

/**
 * A strong etag is the server's to compare. Where it has weak ones or compares nothing, the item is looked at just
 * before, which leaves a moment in which another may write; no write goes without the one or the other (SR3, E8).
 */
async function conditionFor(dav: Dav, collection: Href, target: ItemRef, doing: string): Promise<Condition | 'gone'> {
  const isStrong = /^"[\x20\x21\x23-\x7e]*"$/.test(target.etag);
  if (isStrong && !(await isTimed(dav, collection))) return { type: 'etag', etag: target.etag };
  const now = await currentEtag(dav, collection, target.href);
  if (now === 'gone') return 'gone';
  if (now === undefined || bare(now) !== bare(target.etag))
    throw dav.client.failure('changed', doing, 'it has changed');
  return isStrong ? { type: 'etag', etag: target.etag } : { type: 'checked' };
}

/** Asked, where nothing has told yet. */
async function isTimed(dav: Dav, collection: Href): Promise<boolean> {
  const facts = factsOf(dav, collection);
  if (facts.timed === undefined) await describeCollection(dav, collection);
  return facts.timed === true;
}

/** For a comparison by a look: a server may write one etag with and without quotes, weak and strong. */
const bare = (version: string): string => version.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');

interface Put {
  readonly href: Href;
  readonly text: string;
  readonly condition: Condition;
  readonly doing: string;
}

async function put(
  dav: Dav,
  collection: Href,
  { href, text, condition, doing }: Put,
): Promise<{ readonly response: HttpResponse; readonly refusal: Refusal | undefined }> {
  const { client, addresses, dialect } = dav;
  const url = addresses.itemUrl(collection, href);
  const response = await client.put(url, withCrlf(text), dialect.contentType, condition, doing);
  return { response, refusal: await refusalInWrite(dav, response, doing) };
}

/** What a server stores is its own affair, whatever its etag suggests: the text has to be read again to be known (SI14). */
function written(dav: Dav, collection: Href, href: Href, response: HttpResponse): Written {
  const version = response.header('etag')?.trim();
  const location = response.header('location');
  const moved = location === undefined ? undefined : dav.addresses.member(collection, location);
  return {
    href: moved?.type === 'item' ? moved.href : href,
    etag: version === undefined || version === '' ? undefined : etag(version),
    holds: 'unknown',
  };
}

async function refusedPut(
  dav: Dav,
  collection: Href,
  refusal: Refusal,
  doing: string,
  onPrecondition: StorageErrorKind,
): Promise<RefusedError> {
  // A 404 is about the collection, or about data that the server does not take (SOGo, iCloud; E11).
  if (refusal.status === 404 || refusal.status === 410) await describeCollection(dav, collection);
  return new RefusedError(refusal, dav.client.sentence(doing), kindOfItemRefusal(refusal, onPrecondition));
}

/** What is refused for its content stays refused (SI16); a failed precondition may have another name than 412 says. */
function kindOfItemRefusal(refusal: Refusal, onPrecondition: StorageErrorKind): StorageErrorKind {
  const { status, conditions } = refusal;
  if (status === 412) return isAboutContent(conditions) ? 'rejected' : onPrecondition;
  if (status === 404 || status === 410 || status === 405) return 'rejected';
  return kindOf(refusal);
}
