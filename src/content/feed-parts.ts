import { walk } from './component.ts';
import type { ContentLine } from './content-line.ts';
import { timeZoneOf } from './time-zone.ts';

/** Offsets in the feed. */
interface Slice {
  readonly start: number;
  readonly end: number;
}

/** A component right in a VCALENDAR of the feed, but no VTIMEZONE. */
export interface FeedPart extends Slice {
  readonly calendar: FeedCalendar;
  readonly uid: string | undefined;
  /** The TZIDs that it refers to. */
  readonly zones: ReadonlySet<string>;
}

/** What all components of one VCALENDAR share. */
export interface FeedCalendar {
  readonly lineEnd: string;
  /** The first VERSION, PRODID and CALSCALE as they stand there, with their line ends. */
  readonly header: ReadonlyMap<string, string>;
  readonly zones: ReadonlyMap<string, Slice>;
}

export type FeedParts =
  | { readonly type: 'parts'; readonly parts: readonly FeedPart[] }
  | { readonly type: 'broken'; readonly reason: string };

/** The components of a feed, in its order. `reason` may follow "it". Text around the VCALENDARs is passed over. */
export function readFeedParts(text: string): FeedParts {
  const parts: FeedPart[] = [];
  const roots = new Set<string>();
  let depth = 0;
  let calendar = openCalendar('\n');
  let part = openPart(0);
  const reason = walk(text, {
    begin(name, line) {
      if (depth === 0) {
        roots.add(name);
        calendar = openCalendar(text.startsWith('\r\n', line.end - 2) ? '\r\n' : '\n');
      } else if (depth === 1) part = openPart(line.start);
      depth++;
    },
    property(line) {
      if (depth === 1) readHeader(text, calendar.header, line);
      else readProperty(part, line, depth);
    },
    end(name, line) {
      depth--;
      if (depth !== 1) return;
      if (name !== 'VTIMEZONE')
        parts.push({ calendar, start: part.start, end: line.end, uid: part.uid, zones: part.zones });
      else if (!calendar.zones.has(part.tzid)) calendar.zones.set(part.tzid, { start: part.start, end: line.end });
    },
    outside: () => undefined,
  });
  if (reason !== undefined) return { type: 'broken', reason };
  if (!roots.has('VCALENDAR')) return { type: 'broken', reason: 'has no VCALENDAR' };
  if (roots.size > 1) return { type: 'broken', reason: 'has something else besides VCALENDAR' };
  return { type: 'parts', parts };
}

interface OpenCalendar {
  readonly lineEnd: string;
  readonly header: Map<string, string>;
  readonly zones: Map<string, Slice>;
}

interface OpenPart {
  readonly start: number;
  uid: string | undefined;
  /** Of a VTIMEZONE. */
  tzid: string;
  zones: ReadonlySet<string>;
}

function openCalendar(lineEnd: string): OpenCalendar {
  return { lineEnd, header: new Map(), zones: new Map() };
}

function openPart(start: number): OpenPart {
  return { start, uid: undefined, tzid: '', zones: NO_ZONES };
}

/** Shared, since most components of a feed refer to none; never added to. */
const NO_ZONES: ReadonlySet<string> = new Set();

function readHeader(text: string, header: Map<string, string>, line: ContentLine): void {
  const { name, start, end } = line;
  if ((name === 'VERSION' || name === 'PRODID' || name === 'CALSCALE') && !header.has(name)) {
    header.set(name, text.slice(start, end));
  }
}

function readProperty(part: OpenPart, line: ContentLine, depth: number): void {
  if (depth === 2 && line.name === 'UID') part.uid ??= line.value.trim() || undefined;
  if (depth === 2 && line.name === 'TZID') part.tzid ||= line.value.trim();
  const zone = timeZoneOf(line);
  if (zone !== undefined && !part.zones.has(zone)) part.zones = new Set([...part.zones, zone]);
}
