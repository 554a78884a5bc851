/**
 * How the lines of one property are merged (SF2).
 *
 * - `time` and `progress`: all lines of that rule in a component are one, whatever their names. The times of an event make
 *   sense only together, and so do COMPLETED, STATUS and PERCENT-COMPLETE of a task (RFC 5545 3.8.2.1).
 * - `stamp`: programs write it at each save; the later or larger is as good as the other.
 * - `list`: the values between the commas are merged, however they are split over lines.
 * - `each`: every line is one by its value.
 * - `whole`: all lines of that name are one.
 * - `unknown`: one of the last two; it depends on how many lines there are.
 */
export type PropertyRule = 'time' | 'progress' | 'stamp' | 'list' | 'each' | 'whole' | 'unknown';

/** `name` and `component` in upper case. */
export function ruleOf(name: string, component: string): PropertyRule {
  if (STAMPS.has(name)) return 'stamp';
  if (component === 'VCARD') {
    if (name === 'CATEGORIES') return 'list';
    if (CARD_WHOLE.has(name)) return 'whole';
    return CARD_EACH.has(name) ? 'each' : 'unknown';
  }
  if (component === 'VALARM' ? ALARM_TIMES.has(name) : TIMES.has(name)) return 'time';
  if (component === 'VTODO' && PROGRESS.has(name)) return 'progress';
  if (CALENDAR_LISTS.has(name)) return 'list';
  return CALENDAR_EACH.has(name) ? 'each' : 'unknown';
}

/** Of a series: they say which occurrences there are. */
export const SERIES_TIMES: ReadonlySet<string> = new Set(['DTSTART', 'RRULE', 'RDATE', 'EXRULE']);

const TIMES: ReadonlySet<string> = new Set([...SERIES_TIMES, 'DTEND', 'DUE', 'DURATION', 'EXDATE', 'RECURRENCE-ID']);
/** RFC 5545 3.6.6: DURATION and REPEAT stand together, and count from the TRIGGER. */
const ALARM_TIMES: ReadonlySet<string> = new Set(['TRIGGER', 'DURATION', 'REPEAT']);
const PROGRESS: ReadonlySet<string> = new Set(['COMPLETED', 'STATUS', 'PERCENT-COMPLETE']);

/** The UID is one and the same in an item; that of an alarm is made up by some servers at each save. */
const STAMPS: ReadonlySet<string> = new Set([
  'ACKNOWLEDGED',
  'CREATED',
  'DTSTAMP',
  'LAST-MODIFIED',
  'METHOD',
  'PRODID',
  'REFRESH-INTERVAL',
  'REV',
  'SEQUENCE',
  'UID',
  'X-LIC-ERROR',
  'X-MICROSOFT-CDO-APPT-SEQUENCE',
  'X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE',
  'X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE',
  'X-MOZ-GENERATION',
  'X-MOZ-LASTACK',
  'X-PUBLISHED-TTL',
  'X-RADICALE-NAME',
  'X-WR-ALARMUID',
  'X-WR-CALDESC',
  'X-WR-CALNAME',
  'X-WR-RELCALID',
]);

const CALENDAR_LISTS: ReadonlySet<string> = new Set(['CATEGORIES', 'RESOURCES']);

/** RFC 5545 3.6 and 3.8.8, RFC 7986, RFC 9073, RFC 9253: may occur more than once. */
const CALENDAR_EACH: ReadonlySet<string> = new Set([
  'ATTACH',
  'ATTENDEE',
  'COMMENT',
  'CONCEPT',
  'CONFERENCE',
  'CONTACT',
  'FREEBUSY',
  'IMAGE',
  'LINK',
  'REFID',
  'RELATED-TO',
  'REQUEST-STATUS',
  'STRUCTURED-DATA',
  'STYLED-DESCRIPTION',
]);

/** What a person has one of. RFC 6350 lets some of them occur more than once, for other languages or sources. */
const CARD_WHOLE: ReadonlySet<string> = new Set([
  'ANNIVERSARY',
  'BDAY',
  'BIRTHPLACE',
  'CLASS',
  'DEATHDATE',
  'DEATHPLACE',
  'FN',
  'GENDER',
  'GEO',
  'GRAMGENDER',
  'KIND',
  'LOGO',
  'MAILER',
  'N',
  'NAME',
  'NICKNAME',
  'ORG',
  'PHOTO',
  'PROFILE',
  'ROLE',
  'SORT-STRING',
  'SOUND',
  'TITLE',
  'TZ',
  'VERSION',
  'X-ADDRESSBOOKSERVER-KIND',
]);

const CARD_EACH: ReadonlySet<string> = new Set([
  'ADR',
  'CALADRURI',
  'CALURI',
  'CLIENTPIDMAP',
  'EMAIL',
  'FBURL',
  'IMPP',
  'KEY',
  'LABEL',
  'LANG',
  'MEMBER',
  'RELATED',
  'SOURCE',
  'TEL',
  'URL',
  'X-ABDATE',
  'X-ABRELATEDNAMES',
  'X-ADDRESSBOOKSERVER-MEMBER',
  'X-SOCIALPROFILE',
]);
