import type { Kind } from '../../../src/model/item.ts';
import type { Pick } from './random-edit.ts';

/** An item with something of everything that a merge has to understand. */
export function generateItem(kind: Kind, pick: Pick): string {
  const lines = kind === 'calendar' ? calendarLines(pick) : cardLines(pick);
  return lines.map((line) => `${line}\r\n`).join('');
}

function calendarLines(pick: Pick): readonly string[] {
  const name = pick(3) === 0 ? 'VTODO' : 'VEVENT';
  const isSeries = pick(2) === 0;
  const overrides = isSeries ? pick(3) : 0;
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//example//test//EN',
    ...(pick(2) === 0 ? ZONE : []),
    ...entry(name, pick, [
      'DTSTART;TZID=Somewhere:20240105T090000',
      ...(isSeries ? ['RRULE:FREQ=WEEKLY'] : []),
      ...(pick(3) === 0 ? ['EXDATE;TZID=Somewhere:20240112T090000'] : []),
    ]),
    ...Array.from({ length: overrides }, (_, at) => {
      const day = ['20240119', '20240126', '20240202'][at];
      return entry(name, pick, [`RECURRENCE-ID;TZID=Somewhere:${day}T090000`, `DTSTART;TZID=Somewhere:${day}T100000`]);
    }).flat(),
    'END:VCALENDAR',
  ];
}

const ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Somewhere',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'END:VTIMEZONE',
];

function entry(name: string, pick: Pick, times: readonly string[]): readonly string[] {
  const optional = (...lines: readonly string[]): readonly string[] => (pick(2) === 0 ? [] : lines);
  return [
    `BEGIN:${name}`,
    'UID:generated',
    'DTSTAMP:20240101T000000Z',
    ...times,
    'SUMMARY:Summary',
    ...optional('LOCATION:Location\\, with a comma'),
    ...optional('DESCRIPTION:A description that is long enough to be folded in any', '  case\\nand has lines'),
    ...optional('CATEGORIES:One,Two', 'CATEGORIES:Three'),
    ...optional('ORGANIZER:mailto:boss@example.org', 'ATTENDEE;CN=Ann;PARTSTAT=NEEDS-ACTION:mailto:ann@example.org'),
    ...optional('ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.org', 'COMMENT:A comment', 'COMMENT:Another'),
    ...optional('X-SINGLE:1', 'SEQUENCE:2'),
    ...optional('STATUS:CONFIRMED'),
    ...optional('BEGIN:VALARM', 'UID:alarm', 'ACTION:DISPLAY', 'DESCRIPTION:Alarm', 'TRIGGER:-PT5M', 'END:VALARM'),
    ...optional('BEGIN:VALARM', 'ACTION:AUDIO', 'TRIGGER:-PT15M', 'END:VALARM'),
    `END:${name}`,
  ];
}

function cardLines(pick: Pick): readonly string[] {
  const optional = (...lines: readonly string[]): readonly string[] => (pick(2) === 0 ? [] : lines);
  return [
    'BEGIN:VCARD',
    `VERSION:${pick(2) === 0 ? '3.0' : '4.0'}`,
    'UID:generated',
    'N:Example;Ann;;;',
    'FN:Ann Example',
    ...optional('ORG:Org;Unit', 'TITLE:Title'),
    ...optional('EMAIL;TYPE=HOME:ann@example.org', 'EMAIL;TYPE=WORK:ann@example.com'),
    ...optional('TEL;TYPE=CELL:1', 'TEL;TYPE=HOME:2', 'TEL:3'),
    ...optional('item1.ADR;TYPE=HOME:;;Street 1;Town;;;Land', 'item1.X-ABADR:de', 'item1.X-ABLabel:Home'),
    ...optional('item2.URL:https://example.org/', 'item2.X-ABLabel:_$!<HomePage>!$_'),
    ...optional('BDAY:19800102', 'CATEGORIES:One,Two'),
    ...optional('NOTE:A note', 'X-SINGLE:1'),
    ...optional('PHOTO;ENCODING=b;TYPE=JPEG:aGVsbG8gd29ybGQ=', 'REV:20240101T000000Z'),
    'END:VCARD',
  ];
}
