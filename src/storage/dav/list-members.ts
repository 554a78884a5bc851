import type { Href } from '../../model/names.ts';
import type { LookedItem, UnknownItem } from '../storage.ts';
import type { Dav } from './dav.ts';
import { RefusedError, refusalIn } from './dav-error.ts';
import { ForeignCheck, readMembers } from './members.ts';
import { isSuccess } from './multistatus.ts';
import { propfind } from './request-body.ts';
import { CONTENT_TYPE, GETETAG, RESOURCETYPE } from './xml-name.ts';

export interface MemberList {
  readonly items: readonly LookedItem[];
  readonly unknown: readonly UnknownItem[];
  /** Collections within, and what is no item. */
  readonly others: number;
  /** The collection itself was in the answer, and nothing said that there is more. */
  readonly complete: boolean;
}

/** A PROPFIND of everything in a collection, for servers that cannot list changes. */
export async function listMembers(dav: Dav, collection: Href): Promise<MemberList> {
  const { client, addresses } = dav;
  const doing = `list ${collection}`;
  const body = propfind([GETETAG, RESOURCETYPE, CONTENT_TYPE]);
  const url = addresses.url(collection);
  const { parts } = await client.multistatus({ method: 'PROPFIND', url, depth: '1', body }, doing);
  const items = new Map<Href, LookedItem>();
  const unknown = new Map<Href, UnknownItem>();
  const foreign = new ForeignCheck();
  let others = 0;
  let complete = false;
  let cut = false;
  for await (const { responses } of parts) {
    for (const report of readMembers(dav, collection, responses)) {
      foreign.see(report);
      if (report.type === 'item') items.set(report.item.href, report.item);
      if (report.type === 'unknown') unknown.set(report.unknown.href, report.unknown);
      if (report.type === 'other') others += 1;
      if (report.type !== 'itself') continue;
      const { status } = report.response;
      complete = true;
      if (status === 507) cut = true;
      else if (status !== undefined && !isSuccess(status)) {
        throw new RefusedError(refusalIn(report.response, status), client.sentence(doing));
      }
    }
  }
  if (foreign.onlyForeign !== undefined) throw foreignError(dav, doing, foreign.onlyForeign);
  for (const href of unknown.keys()) items.delete(href);
  return { items: [...items.values()], unknown: [...unknown.values()], others, complete: complete && !cut };
}

export const foreignError = (dav: Dav, doing: string, written: string): Error =>
  dav.client.invalid(
    doing,
    `the server's answer is about other places, such as ${JSON.stringify(written.slice(0, 200))}`,
  );
