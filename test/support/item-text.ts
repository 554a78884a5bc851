import type { Kind } from '../../src/model/item.ts';

/** A small item with this UID; `title` is its SUMMARY or FN. Lines are folded where they are long. */
export function itemText(kind: Kind, uid: string, title: string): string {
  const lines =
    kind === 'calendar'
      ? [
          'BEGIN:VCALENDAR',
          'VERSION:2.0',
          'PRODID:-//example//test//EN',
          'BEGIN:VEVENT',
          `UID:${uid}`,
          'DTSTAMP:20260101T000000Z',
          'DTSTART:20260601T100000Z',
          'DTEND:20260601T110000Z',
          `SUMMARY:${title}`,
          'END:VEVENT',
          'END:VCALENDAR',
        ]
      : ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${title}`, `N:${title};;;;`, 'END:VCARD'];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** 18 characters are 72 bytes at most, and a line may have 75. */
const folded = (line: string): string =>
  Buffer.byteLength(line) <= 75 ? line : (line.match(/.{1,18}/gsu) ?? []).join('\r\n ');
