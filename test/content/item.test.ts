import { describe, expect, test } from 'vitest';
import { decodeItem, readItem } from '../../src/content/item.ts';
import type { Item, Kind } from '../../src/model/item.ts';

const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: readonly string[]): readonly string[] => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
const card = (...lines: readonly string[]): string =>
  ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Somebody', ...lines, 'END:VCARD', ''].join('\r\n');
const ZONE = ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'END:VTIMEZONE'];

const itemOf = (text: string, kind: Kind = 'calendar'): Item => {
  const reading = readItem(text, kind);
  if (reading.type !== 'item') throw new Error(reading.reason);
  return reading.item;
};
const reasonOf = (text: string, kind: Kind = 'calendar'): string => {
  const reading = readItem(text, kind);
  return reading.type === 'item' ? 'nothing' : reading.reason;
};

describe('readItem', () => {
  test('SI12 keeps the text as it is', () => {
    const text = `\ufeff${calendar('', ...event('UID:1', 'SUMMARY:a', '  b'))}\n\n`;
    expect(itemOf(text).text).toBe(text);
  });

  test('SI9 the ident is the UID, unfolded and trimmed, its case kept', () => {
    for (const lines of [['UID:An-Id'], ['UID:An', ' -Id'], ['uid;X=1:  An-Id ', 'UID:other'], ['UID:', 'UID:An-Id']]) {
      expect(itemOf(calendar(...event(...lines))).ident).toBe('An-Id');
    }
    expect(itemOf(card('item1.UID:An-Id'), 'address-book').ident).toBe('An-Id');
  });

  test('SI9 an event with overrides, and a task with its time zone, are one item', () => {
    const text = calendar(...ZONE, ...event('UID:1'), ...event('RECURRENCE-ID:20240101', 'UID: 1'));
    expect(itemOf(text).ident).toBe('1');
    expect(itemOf(calendar(...ZONE, 'BEGIN:X-OTHER', 'UID:2', 'END:X-OTHER')).ident).toBe('2');
  });

  test('SI9 the UID of an alarm is not the item’s', () => {
    const alarm = ['BEGIN:VALARM', 'UID:of-the-alarm', 'END:VALARM'];
    expect(itemOf(calendar(...event(...alarm, 'UID:1'))).ident).toBe('1');
    expect(itemOf(calendar(...event(...alarm))).ident).toMatch(/^fingerprint:/);
  });

  test('SI11 an item without UID has its fingerprint as ident', () => {
    const one = itemOf(calendar(...event('SUMMARY:x')));
    expect(one.ident).toBe(`fingerprint:${one.fingerprint}`);
    const person = itemOf(card('UID: '), 'address-book');
    expect(person.ident).toBe(`fingerprint:${person.fingerprint}`);
  });

  test.each<[string, string, Kind]>([
    ['it is empty', '', 'calendar'],
    ['it is empty', ' \r\n\ufeff\n', 'address-book'],
    ['it has NUL characters', calendar(...event('UID:1', 'SUMMARY:a\0b')), 'calendar'],
    ['it has no VCALENDAR', '<html><body>Log in</body></html>', 'calendar'],
    ['it has no VCALENDAR', card('UID:1'), 'calendar'],
    ['it has no VCALENDAR', event('UID:1').join('\n'), 'calendar'],
    ['it has no VCARD', calendar(...event('UID:1')), 'address-book'],
    ['it is cut: a BEGIN has no END (line 4)', calendar(...event('UID:1')).slice(0, -30), 'calendar'],
    ['it has an END without its BEGIN (line 6)', calendar('BEGIN:VEVENT', 'UID:1', 'END:VTODO'), 'calendar'],
    ['it has text before BEGIN or after END (line 8)', `${calendar(...event('UID:1'))}more`, 'calendar'],
    ['it has only time zones', calendar(...ZONE), 'calendar'],
    ['it is a calendar without any entry', calendar(), 'calendar'],
    ['it has more than one VCALENDAR, or something else besides', calendar() + calendar(), 'calendar'],
    ['it has more than one VCARD, or something else besides', card('UID:1') + card('UID:2'), 'address-book'],
    ['it has several items without UID', calendar(...event('SUMMARY:a'), ...event('SUMMARY:b')), 'calendar'],
  ])('SD5 unreadable: %s', (reason, text, kind) => {
    expect(reasonOf(text, kind)).toBe(reason);
  });

  test('SD5 components of several items are unreadable', () => {
    const several = 'it has several items: not all of its components have the same UID';
    expect(reasonOf(calendar(...event('UID:1'), ...event('UID:2')))).toBe(several);
    expect(reasonOf(calendar(...event('UID:case'), ...event('UID:CASE')))).toBe(several);
    expect(reasonOf(calendar(...event('UID:1'), ...event('SUMMARY:x')))).toBe(several);
  });

  test('a quoted-printable contact of version 2.1 is whole', () => {
    const note = ['NOTE;ENCODING=QUOTED-PRINTABLE:first=0D=0A=', 'END:VCARD=0D=0A=', 'UID:no'];
    expect(itemOf(card(...note, 'UID:1'), 'address-book').ident).toBe('1');
  });
});

describe('decodeItem', () => {
  test('SI12 keeps a byte order mark', () => {
    const text = `\ufeff${card('UID:Ä')}`;
    const reading = decodeItem(new TextEncoder().encode(text), 'address-book');
    expect(reading.type === 'item' && reading.item.text).toBe(text);
  });

  test('SD5 what is not UTF-8 is unreadable', () => {
    const latin1 = Buffer.from(card('UID:1', 'NOTE:Ä'), 'latin1');
    expect(decodeItem(latin1, 'address-book')).toEqual({ type: 'unreadable', reason: 'it is not UTF-8' });
  });
});

describe('escapes in a UID', () => {
  test('SI9: servers add and remove them, and the item stays the same', () => {
    for (const written of ['a;b,c\\d', 'a\\;b\\,c\\\\d']) {
      expect(itemOf(calendar(...event(`UID:${written}`))).ident).toBe('a;b,c\\d');
    }
  });
});
