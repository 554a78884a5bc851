import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignUid, uidFrom } from '../../src/content/assign-uid.ts';
import { readItem } from '../../src/content/item.ts';
import type { Kind } from '../../src/model/item.ts';
import { fingerprint } from '../../src/model/names.ts';

const lines = (end: string, ...all: readonly string[]): string => all.map((line) => line + end).join('');

describe('a text', () => {
  test('SI12: of an event gets one line more, with its line ends, and keeps every byte besides', () => {
    for (const end of ['\r\n', '\n', '\r']) {
      const zone = ['BEGIN:VTIMEZONE', 'TZID:Mars', 'END:VTIMEZONE'];
      const event = ['summary;x="a:b":A long ', ' title', '', 'DTSTART:20260101', 'END:VEVENT', 'END:VCALENDAR'];
      const start = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...zone, 'begin:vevent'];
      expect(assignUid(lines(end, ...start, ...event), 'calendar', 'u1')).toBe(
        lines(end, ...start, 'UID:u1', ...event),
      );
    }
  });

  test('of a card gets it after its VERSION, which stays first', () => {
    const card = lines('\r\n', 'BEGIN:VCARD', 'VERSION:4.0', 'FN:Ä', 'END:VCARD');
    expect(assignUid(card, 'address-book', 'u1')).toBe(
      lines('\r\n', 'BEGIN:VCARD', 'VERSION:4.0', 'UID:u1', 'FN:Ä', 'END:VCARD'),
    );
    const late = lines('\n', 'BEGIN:VCARD', 'FN:Ä', 'VERSION:3.0', 'END:VCARD');
    expect(assignUid(late, 'address-book', 'u1')).toBe(
      lines('\n', 'BEGIN:VCARD', 'UID:u1', 'FN:Ä', 'VERSION:3.0', 'END:VCARD'),
    );
  });

  test('loses UIDs without a value, since there may be one only', () => {
    const text = lines(
      '\r\n',
      'BEGIN:VCALENDAR',
      'BEGIN:VTODO',
      'UID:',
      'SUMMARY:x',
      'UID: ',
      'END:VTODO',
      'END:VCALENDAR',
    );
    expect(assignUid(text, 'calendar', 'u1')).toBe(
      lines('\r\n', 'BEGIN:VCALENDAR', 'BEGIN:VTODO', 'UID:u1', 'SUMMARY:x', 'END:VTODO', 'END:VCALENDAR'),
    );
  });

  test('keeps the UID of its alarm to that', () => {
    const alarm = ['BEGIN:VALARM', 'UID:alarm', 'END:VALARM'];
    const text = lines('\r\n', 'BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...alarm, 'END:VEVENT', 'END:VCALENDAR');
    expect(assignUid(text, 'calendar', 'u1')).toBe(
      lines('\r\n', 'BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:u1', ...alarm, 'END:VEVENT', 'END:VCALENDAR'),
    );
  });

  test.each(['calendar', 'address-book'] as const)(
    'SI13: of a %s is the same item as before, with that UID',
    (kind) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...PROPERTIES)), fc.constantFrom('\r\n', '\n'), (properties, end) => {
          const text = wrapped(kind, properties, end);
          const before = readItem(text, kind);
          if (before.type === 'unreadable') throw new Error(before.reason);
          const uid = uidFrom(before.item.fingerprint, 0);
          const after = readItem(assignUid(text, kind, uid), kind);
          expect(after).toMatchObject({ type: 'item', item: { ident: uid, fingerprint: before.item.fingerprint } });
        }),
        { numRuns: 200 },
      );
    },
  );
});

const PROPERTIES = [
  'UID:',
  'UID:  ',
  'SUMMARY:x',
  'NOTE:a\\,b',
  'X-A;B="c;d":e',
  'DESCRIPTION:long ',
  ' folded',
  '',
  'FN:y',
];

function wrapped(kind: Kind, properties: readonly string[], end: string): string {
  const [first, last] =
    kind === 'calendar'
      ? [
          ['BEGIN:VCALENDAR', 'BEGIN:VEVENT'],
          ['END:VEVENT', 'END:VCALENDAR'],
        ]
      : [['BEGIN:VCARD', 'VERSION:4.0'], ['END:VCARD']];
  // A fold needs something to continue.
  return lines(end, ...first, 'X-FIRST:1', ...properties, ...last);
}

test('a UID is a UUID that only the content decides', () => {
  const content = fingerprint('0123456789abcdef'.repeat(4));
  expect(uidFrom(content, 0)).toBe('01234567-89ab-8def-8123-456789abcdef');
  const uids = Array.from({ length: 33 }, (_, attempt) => uidFrom(content, attempt));
  expect(uids.every((uid) => /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uid))).toBe(
    true,
  );
  expect(new Set(uids).size).toBe(16);
});
