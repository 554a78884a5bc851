import { readItem } from '../../content/item.ts';
import type { Item } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import type { Look, LookedItem, Take, UnknownItem } from '../storage.ts';
import { isTime, ofToken } from './checkpoints.ts';
import { type Dav, factsOf } from './dav.ts';
import { RefusedError, refusalIn } from './dav-error.ts';
import { foreignError } from './list-members.ts';
import { ForeignCheck, readMembers } from './members.ts';
import { readData } from './multiget.ts';
import { type DavResponse, found, isSuccess } from './multistatus.ts';
import { syncCollection } from './request-body.ts';
import { textFromXml } from './text-from-xml.ts';
import { CONTENT_TYPE, GETETAG } from './xml-name.ts';

/** Everything, by a sync-collection from an empty token; its removed members are old news. Undefined: no token came. */
export async function syncEverything(dav: Dav, collection: Href, take: Take | undefined): Promise<Look | undefined> {
  const given = take && ((item: LookedItem, response: DavResponse) => handOver(dav, item, response, take));
  const answer = await sync(dav, collection, '', given);
  if (answer === undefined) return undefined;
  const { items, unknown, token, date } = answer;
  return {
    type: 'all',
    items: [...items.values()],
    unknown: [...unknown.values()],
    complete: true,
    checkpoint: ofToken(collection, token, date),
  };
}

/** The changes since `token`, with their content where the server gives it. Undefined: the answer is no list of changes. */
export async function syncChanges(dav: Dav, collection: Href, token: string): Promise<Look | undefined> {
  let kept = 0;
  const answer = await sync(dav, collection, token, (looked, response) => {
    // What comes with it need not be fetched, as long as it does not become too much to keep.
    const item = kept > MAX_KEPT_LENGTH ? undefined : itemIn(dav, response);
    kept += item?.text.length ?? 0;
    return item === undefined ? looked : { ...looked, item };
  });
  if (answer === undefined) return undefined;
  return {
    type: 'changes',
    changed: [...answer.items.values()],
    unknown: [...answer.unknown.values()],
    gone: [...answer.gone],
    checkpoint: ofToken(collection, answer.token, answer.date),
  };
}

interface Answer {
  readonly items: Map<Href, LookedItem>;
  readonly unknown: Map<Href, UnknownItem>;
  readonly gone: Set<Href>;
  token: string;
  date: string | undefined;
}

/** What becomes of an entry whose content was asked for. */
type WithContent = (looked: LookedItem, response: DavResponse) => LookedItem;

/** Page by page: a 507 of the collection itself says that there is more from the new token on (RFC 6578, 3.6). */
async function sync(
  dav: Dav,
  collection: Href,
  from: string,
  withContent: WithContent | undefined,
): Promise<Answer | undefined> {
  const answer: Answer = {
    items: new Map(),
    unknown: new Map(),
    gone: new Set(),
    token: from,
    date: undefined,
  };
  for (let page = 0; page < MAX_PAGES; page++) {
    const before = answer.token;
    const end = await readPage(dav, collection, answer, withContent);
    if (end === 'no token') return undefined;
    if (end === 'whole') return answer;
    if (answer.token === before) break;
  }
  throw dav.client.invalid(
    `list ${collection}`,
    'the server says again and again that there is more, and gives no more',
  );
}

async function readPage(
  dav: Dav,
  collection: Href,
  answer: Answer,
  withContent: WithContent | undefined,
): Promise<'whole' | 'more' | 'no token'> {
  const { client, addresses, dialect } = dav;
  const doing = `list ${collection}`;
  const names = [GETETAG, CONTENT_TYPE, ...(withContent === undefined ? [] : [dialect.data])];
  const body = syncCollection(answer.token, names);
  const url = addresses.url(collection);
  const { parts, date } = await client.multistatus({ method: 'REPORT', url, depth: '0', body }, doing);
  const foreign = new ForeignCheck();
  let more = false;
  let next: string | undefined;
  for await (const { responses, syncToken } of parts) {
    next = syncToken;
    for (const report of readMembers(dav, collection, responses)) {
      foreign.see(report);
      if (report.type === 'gone') {
        forget(answer, report.href);
        answer.gone.add(report.href);
      } else if (report.type === 'unknown') {
        forget(answer, report.unknown.href);
        answer.unknown.set(report.unknown.href, report.unknown);
      } else if (report.type === 'item') {
        forget(answer, report.item.href);
        const { item, response } = report;
        answer.items.set(item.href, withContent === undefined ? item : withContent(item, response));
      } else if (report.type === 'itself') {
        const { status } = report.response;
        if (status === 507) more = true;
        else if (status !== undefined && !isSuccess(status)) {
          throw new RefusedError(refusalIn(report.response, status), client.sentence(doing));
        }
      }
    }
  }
  if (foreign.onlyForeign !== undefined) throw foreignError(dav, doing, foreign.onlyForeign);
  if (next === undefined) return 'no token';
  factsOf(dav, collection).timed = isTime(next);
  answer.token = next;
  answer.date = date;
  return more ? 'more' : 'whole';
}

/** What a later entry says replaces what an earlier one said. */
function forget(answer: Answer, href: Href): void {
  answer.items.delete(href);
  answer.unknown.delete(href);
  answer.gone.delete(href);
}

function handOver(dav: Dav, looked: LookedItem, response: DavResponse, take: Take): LookedItem {
  const read = readData(dav, looked, response);
  if (read !== undefined) take(read);
  return looked;
}

function itemIn(dav: Dav, response: DavResponse): Item | undefined {
  const text = textFromXml(found(response, dav.dialect.data)?.text ?? '');
  const reading = text === undefined ? undefined : readItem(text, dav.dialect.kind);
  return reading?.type === 'item' ? reading.item : undefined;
}

const MAX_PAGES = 10_000;
const MAX_KEPT_LENGTH = 4 * 1024 * 1024;
