import type { ContentLine } from '../content-line.ts';
import { isKnownTimeZone, timeZoneOf } from '../time-zone.ts';

/**
 * One form for all values of a line that name the same moment, to compare RECURRENCE-IDs and EXDATEs: programs write them
 * in the zone of the series or in UTC. A date, a time that floats, and one of a zone that the system does not know stay
 * as they are written.
 */
export function instantOf(line: ContentLine, value: string): string {
  const text = value.trim().toUpperCase();
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$/.exec(text);
  if (found === null) return text;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  if (found[7] === 'Z') return `at ${seconds}`;
  const zone = timeZoneOf(line);
  if (zone === undefined) return text;
  return isKnownTimeZone(zone) ? `at ${inUtc(seconds, zone)}` : `${text} ${zone}`;
}

/** In the Gregorian calendar, which years of 400 and those that begin in March make simple. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((153 * months + 2) / 5) + day - 719_469;
}

/** The offset at a moment that is a few hours off is mostly the right one; the second look makes sure. */
function inUtc(local: number, zone: string): number {
  const format = formatIn(zone);
  return local - offsetAt(local - offsetAt(local, format), format);
}

/** Making one takes longer than using it a hundred times, and a series may have thousands of exceptions in one zone. */
function formatIn(zone: string): Intl.DateTimeFormat {
  const remembered = formats.get(zone);
  if (remembered !== undefined) return remembered;
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  if (formats.size < MOST_REMEMBERED) formats.set(zone, format);
  return format;
}

const MOST_REMEMBERED = 100;
const formats = new Map<string, Intl.DateTimeFormat>();

/** In seconds, from `GMT+05:30`; plain `GMT` has none. */
function offsetAt(seconds: number, format: Intl.DateTimeFormat): number {
  const name = format.formatToParts(seconds * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, rest] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
  return sign === '-' ? -size : size;
}
