import { must } from '../model/errors.ts';
import type { Item } from '../model/item.ts';
import { type FeedPart, readFeedParts } from './feed-parts.ts';
import { readItem } from './item.ts';

/**
 * What a feed holds. `broken` where nothing can be concluded from it: cut, empty, not a calendar (SL1). `unreadable`
 * names, in sentences about "it", components that are there and cannot be used.
 */
export type Feed =
  | { readonly type: 'feed'; readonly items: readonly Item[]; readonly unreadable: readonly string[] }
  | { readonly type: 'broken'; readonly reason: string };

/**
 * Takes a feed apart into items, in the order of the feed: the components of each UID as they are, in a VCALENDAR of
 * their own with those time zones that they refer to. A component without UID is an item by itself. METHOD stays behind:
 * it is about the feed, and servers refuse it. A feed may be several VCALENDARs, and one without components is empty.
 *
 * The text of an item is put together whenever it is asked for, so all items together take little more memory than the
 * feed. Takes linear time.
 */
export function splitFeed(text: string): Feed {
  if (text.trim() === '') return { type: 'broken', reason: 'it is empty' };
  const read = readFeedParts(text);
  if (read.type === 'broken') return { type: 'broken', reason: `it ${read.reason}` };
  const items: Item[] = [];
  const unreadable: string[] = [];
  for (const parts of partsByItem(read.parts)) {
    const reading = readItem(textOf(text, parts), 'calendar');
    if (reading.type === 'unreadable') {
      unreadable.push(reading.reason);
      continue;
    }
    const { ident, fingerprint } = reading.item;
    items.push({
      ident,
      fingerprint,
      get text() {
        return textOf(text, parts);
      },
    });
  }
  return { type: 'feed', items, unreadable };
}

function partsByItem(parts: readonly FeedPart[]): Iterable<readonly FeedPart[]> {
  const partsByKey = new Map<string | FeedPart, FeedPart[]>();
  for (const part of parts) {
    const key = part.uid ?? part;
    const siblings = partsByKey.get(key);
    if (siblings === undefined) partsByKey.set(key, [part]);
    else siblings.push(part);
  }
  return partsByKey.values();
}

function textOf(text: string, parts: readonly FeedPart[]): string {
  const { lineEnd, header } = must(parts[0], 'an item has a component').calendar;
  const zones = new Map(parts.flatMap((part) => [...part.zones].map((tzid) => [tzid, part.calendar.zones.get(tzid)])));
  const slices = [...zones.values(), ...parts].map((slice) => (slice ? text.slice(slice.start, slice.end) : ''));
  return [
    `BEGIN:VCALENDAR${lineEnd}`,
    ...REQUIRED.map(([name, value]) => header.get(name) ?? `${name}:${value}${lineEnd}`),
    header.get('CALSCALE') ?? '',
    // A component that a feed has twice is one.
    ...new Set(slices),
    `END:VCALENDAR${lineEnd}`,
  ].join('');
}

/** Servers refuse a VCALENDAR without these; where the feed has none, it is us who wrote this one. */
const REQUIRED = [
  ['VERSION', '2.0'],
  ['PRODID', '-//pimsync//EN'],
] as const;
