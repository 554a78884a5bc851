import { detached } from '../../content/detached.ts';
import { etag, type Href } from '../../model/names.ts';
import type { LookedItem, UnknownItem } from '../storage.ts';
import type { Dav } from './dav.ts';
import { type DavResponse, found, foundText, isSuccess } from './multistatus.ts';
import { CONTENT_TYPE, GETETAG, RESOURCETYPE } from './xml-name.ts';

/** What a response of a listing says of one member (SL1). */
export type MemberReport =
  | { readonly type: 'item'; readonly item: LookedItem; readonly response: DavResponse }
  | { readonly type: 'unknown'; readonly unknown: UnknownItem }
  | { readonly type: 'gone'; readonly href: Href }
  /** The collection's own. */
  | { readonly type: 'itself'; readonly response: DavResponse }
  /** A collection within, or something that is no item. */
  | { readonly type: 'other' }
  | { readonly type: 'foreign'; readonly written: string };

export function readMembers(dav: Dav, collection: Href, responses: readonly DavResponse[]): readonly MemberReport[] {
  const reports: MemberReport[] = [];
  for (const response of responses) {
    for (const href of response.hrefs) {
      const written = detached(href);
      const member = dav.addresses.member(collection, written);
      if (member.type === 'foreign') reports.push({ type: 'foreign', written });
      else if (member.type === 'itself') reports.push({ type: 'itself', response });
      else if (member.type === 'below') reports.push({ type: 'other' });
      else reports.push(reportOf(dav, member.href, written, response));
    }
  }
  return reports;
}

/** An answer of which nothing lies in the collection speaks of another place: a proxy rewrote the paths (E16). */
export class ForeignCheck {
  #own = 0;
  #foreign: string | undefined;

  see(report: MemberReport): void {
    if (report.type === 'foreign') this.#foreign = report.written;
    else this.#own += 1;
  }

  /** A path from the answer, if all of them were foreign. */
  get onlyForeign(): string | undefined {
    return this.#own === 0 ? this.#foreign : undefined;
  }
}

function reportOf(dav: Dav, href: Href, written: string, response: DavResponse): MemberReport {
  const { status } = response;
  if (status === 404 || status === 410) return { type: 'gone', href };
  if (status !== undefined && !isSuccess(status)) {
    return { type: 'unknown', unknown: { href, reason: `the server answered ${status} for it` } };
  }
  if (isOther(dav, written, response)) return { type: 'other' };
  const version = foundText(response, GETETAG);
  if (version === undefined || version.includes('\ufffd')) {
    return { type: 'unknown', unknown: { href, reason: 'the server gives no etag for it' } };
  }
  return { type: 'item', item: { href, etag: etag(detached(version)) }, response };
}

function isOther(dav: Dav, written: string, response: DavResponse): boolean {
  if (written.endsWith('/')) return true;
  if ((found(response, RESOURCETYPE)?.children ?? []).some((type) => type.name === '{DAV:}collection')) return true;
  const type = foundText(response, CONTENT_TYPE);
  return type !== undefined && !dav.dialect.itemTypes.test(type);
}
