import { readItem } from '../../content/item.ts';
import { StorageError } from '../../model/errors.ts';
import type { Href } from '../../model/names.ts';
import type { LookedItem } from '../storage.ts';
import type { Dav } from './dav.ts';
import { RefusedError } from './dav-error.ts';
import { asRead, getItem, type Read } from './get-item.ts';
import { type MemberReport, readMembers } from './members.ts';
import { type DavResponse, found } from './multistatus.ts';
import { describeCollection } from './probe.ts';
import { multiget } from './request-body.ts';
import { textFromXml } from './text-from-xml.ts';
import { GETETAG } from './xml-name.ts';

/** So many in one request, and addresses of so many characters: servers bear it, and memory. */
export function batchesOf(dav: Dav, collection: Href, hrefs: Iterable<Href>): readonly (readonly Href[])[] {
  const batches: Href[][] = [];
  let length = 0;
  for (const href of hrefs) {
    const own = dav.addresses.itemPath(collection, href).length;
    const last = batches.at(-1);
    if (last === undefined || last.length >= BATCH_ITEMS || length + own > BATCH_LENGTH) {
      batches.push([href]);
      length = own;
    } else {
      last.push(href);
      length += own;
    }
  }
  return batches;
}

/**
 * The items of a batch. What the answer leaves out, and what XML cannot hold, is got one by one; what is gone is left
 * out. A server that refuses the whole because of one of them is asked for halves.
 */
export async function readBatch(dav: Dav, collection: Href, hrefs: readonly Href[]): Promise<readonly Read[]> {
  const rest = new Set(hrefs);
  const read: Read[] = [];
  try {
    for await (const { href, report } of askFor(dav, collection, hrefs, true)) {
      const outcome = outcomeOf(dav, href, report);
      if (outcome === 'ask again' || !rest.delete(href)) continue;
      if (outcome !== 'gone') read.push(outcome);
    }
  } catch (error) {
    if (!isAboutBatch(error)) throw error;
    if (error instanceof RefusedError && hrefs.length > 1) {
      if (error.refusal.status === 404) await describeCollection(dav, collection);
      const half = Math.ceil(hrefs.length / 2);
      const first = await readBatch(dav, collection, hrefs.slice(0, half));
      return [...first, ...(await readBatch(dav, collection, hrefs.slice(half)))];
    }
  }
  for (const href of rest) {
    const alone = await getItem(dav, collection, href);
    if (alone !== undefined) read.push(alone);
  }
  return read;
}

/** Those of a batch that the server says are not there, and those of which it says nothing. */
export async function askWhetherGone(
  dav: Dav,
  collection: Href,
  hrefs: readonly Href[],
): Promise<{ readonly gone: readonly Href[]; readonly open: readonly Href[] }> {
  const open = new Set(hrefs);
  const gone: Href[] = [];
  try {
    for await (const { href, report } of askFor(dav, collection, hrefs, false)) {
      if (open.delete(href) && report.type === 'gone') gone.push(href);
    }
  } catch (error) {
    if (!isAboutBatch(error)) throw error;
    return { gone: [], open: hrefs };
  }
  return { gone, open: [...open] };
}

/** A name that needs escapes is not found by every multiget that is asked for it (Xandikos). */
export const isPlain = (href: Href): boolean => !href.slice(href.lastIndexOf('/')).includes('%');

/** As it came within XML; undefined where it has to be got by itself. */
export function readData(dav: Dav, looked: LookedItem, response: DavResponse): Read | undefined {
  const text = textFromXml(found(response, dav.dialect.data)?.text ?? '');
  return text === undefined ? undefined : asRead(looked.href, looked.etag, readItem(text, dav.dialect.kind));
}

function outcomeOf(dav: Dav, href: Href, report: MemberReport): Read | 'gone' | 'ask again' {
  if (report.type === 'gone') return isPlain(href) ? 'gone' : 'ask again';
  return report.type === 'item' ? (readData(dav, report.item, report.response) ?? 'ask again') : 'ask again';
}

/** What a multiget answers about the items that were asked for; anything else in it is not ours to believe (D11). */
async function* askFor(
  dav: Dav,
  collection: Href,
  hrefs: readonly Href[],
  withData: boolean,
): AsyncGenerator<{ readonly href: Href; readonly report: MemberReport }> {
  const { client, addresses, dialect } = dav;
  const paths = hrefs.map((href) => addresses.itemPath(collection, href));
  const body = multiget(dialect.multiget, withData ? [GETETAG, dialect.data] : [GETETAG], paths);
  const url = addresses.url(collection);
  const { parts } = await client.multistatus(
    { method: 'REPORT', url, depth: '1', body },
    `read items of ${collection}`,
  );
  const asked = new Set(hrefs);
  for await (const { responses } of parts) {
    for (const report of readMembers(dav, collection, responses)) {
      const href = hrefOf(report);
      if (href !== undefined && asked.has(href)) yield { href, report };
    }
  }
}

function hrefOf(report: MemberReport): Href | undefined {
  if (report.type === 'item') return report.item.href;
  if (report.type === 'unknown') return report.unknown.href;
  return report.type === 'gone' ? report.href : undefined;
}

/** Something in the batch is at fault, or the batch is too much; its parts may do. */
function isAboutBatch(error: unknown): boolean {
  if (error instanceof RefusedError) return BATCH_FAILURES.has(error.refusal.status);
  return error instanceof StorageError && error.kind === 'invalid-data';
}

const BATCH_FAILURES: ReadonlySet<number> = new Set([400, 404, 409, 413, 414, 422, 500, 507]);
const BATCH_ITEMS = 100;
const BATCH_LENGTH = 64 * 1024;
