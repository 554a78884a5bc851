import { StorageError, type StorageErrorKind } from '../../model/errors.ts';
import type { Href } from '../../model/names.ts';
import { forEachAtOnce } from '../../system/pool.ts';
import { type Dav, factsOf } from './dav.ts';
import { isGone, type Read } from './get-item.ts';
import { readMembers } from './members.ts';
import { askWhetherGone, batchesOf, isPlain, readBatch, readData } from './multiget.ts';
import { query } from './request-body.ts';
import { GETETAG } from './xml-name.ts';

/** Each asked item once, in any order. A whole collection comes by one query, anything less in batches. */
export async function* fetchItems(dav: Dav, collection: Href, hrefs: readonly Href[]): AsyncGenerator<Read> {
  const asked = new Set(hrefs);
  const { size } = factsOf(dav, collection);
  if (asked.size > QUERY_FROM_ITEMS && size !== undefined && asked.size >= size * QUERY_FROM_SHARE) {
    yield* queryAll(dav, collection, asked);
  }
  const batches = batchesOf(dav, collection, asked);
  const limit = Math.min(dav.connections, BATCHES_AT_ONCE);
  const underWay: Promise<readonly Read[]>[] = [];
  for (const batch of batches) {
    const reading = readBatch(dav, collection, batch);
    // Awaited below, in turn; until then a failure has to wait without being taken for one that nobody handles.
    reading.catch(() => undefined);
    underWay.push(reading);
    if (underWay.length >= limit) yield* await first(underWay);
  }
  while (underWay.length > 0) yield* await first(underWay);
}

/** Those that the server, asked for them now, says are not there: many at once where they are, one by one otherwise (SL3). */
export async function confirmGone(dav: Dav, collection: Href, hrefs: readonly Href[]): Promise<ReadonlySet<Href>> {
  const gone = new Set<Href>();
  const oneByOne = hrefs.filter((href) => !isPlain(href));
  for (const batch of batchesOf(dav, collection, new Set(hrefs.filter(isPlain)))) {
    const answer = await askWhetherGone(dav, collection, batch);
    for (const href of answer.gone) gone.add(href);
    oneByOne.push(...answer.open);
  }
  await forEachAtOnce(new Set(oneByOne), dav.connections, async (href) => {
    if (await isGone(dav, collection, href)) gone.add(href);
  });
  return gone;
}

/** Takes what it reads from `asked`; what the answer does not have, or a failure leaves over, is read in batches. */
async function* queryAll(dav: Dav, collection: Href, asked: Set<Href>): AsyncGenerator<Read> {
  const { client, addresses, dialect } = dav;
  const body = query(dialect.query, [GETETAG, dialect.data], dialect.queryFilter);
  const request = { method: 'REPORT', url: addresses.url(collection), depth: '1', body } as const;
  try {
    const { parts } = await client.multistatus(request, `read all items of ${collection}`);
    for await (const { responses } of parts) {
      for (const report of readMembers(dav, collection, responses)) {
        const read = report.type === 'item' ? readData(dav, report.item, report.response) : undefined;
        if (read !== undefined && asked.delete(read.href)) yield read;
      }
    }
  } catch (error) {
    if (!(error instanceof StorageError) || NOT_TO_BE_TRIED_OTHERWISE.has(error.kind)) throw error;
    dav.log('debug', `reading in batches: ${error.message}`);
  }
}

async function first(underWay: Promise<readonly Read[]>[]): Promise<readonly Read[]> {
  return (await underWay.shift()) ?? [];
}

const NOT_TO_BE_TRIED_OTHERWISE: ReadonlySet<StorageErrorKind> = new Set(['unauthorized', 'denied', 'overloaded']);
const QUERY_FROM_ITEMS = 100;
const QUERY_FROM_SHARE = 0.8;
const BATCHES_AT_ONCE = 4;
