import { describe, expect, test } from 'vitest';
import { describeDifferences } from '../../../src/content/merge/describe-differences.ts';
import type { Difference } from '../../../src/content/merge/difference.ts';
import type { Kind } from '../../../src/model/item.ts';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
const event = (...lines: readonly string[]): string =>
  text('BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT', 'END:VCALENDAR');
const card = (...lines: readonly string[]): string =>
  text('BEGIN:VCARD', 'VERSION:3.0', 'UID:1', ...lines, 'END:VCARD');

/** `component of occurrence, property: a | b`. */
const shown = ({ component, property, a, b }: Difference): string => {
  const occurrence = component.recurrenceId === undefined ? '' : ` of ${component.recurrenceId}`;
  return `${component.type}${occurrence}, ${property}: ${a ?? '-'} | ${b ?? '-'}`;
};
const between = (kind: Kind, a: string, b: string): readonly string[] => describeDifferences(kind, a, b).map(shown);
const betweenEvents = (a: readonly string[], b: readonly string[]): readonly string[] =>
  between('calendar', event(...a), event(...b));
const betweenCards = (a: readonly string[], b: readonly string[]): readonly string[] =>
  between('address-book', card(...a), card(...b));

describe('SF1 what two events have different', () => {
  test('is said in words that can be read', () => {
    const differences = betweenEvents(
      [
        'SUMMARY:Lunch\\, then',
        '  a walk\\nat the lake',
        'DTSTART;TZID=Europe/Berlin:20240105T100000',
        'DURATION:PT1H30M',
        'RRULE:FREQ=DAILY',
      ],
      ['SUMMARY:Lunch', 'DTSTART;VALUE=DATE:20240105', 'RRULE:FREQ=WEEKLY', 'LOCATION:Bar'],
    );
    expect(differences).toEqual([
      'VEVENT, SUMMARY: Lunch, then a walk\nat the lake | Lunch',
      'VEVENT, DTSTART: 2024-01-05 10:00 Europe/Berlin | 2024-01-05',
      'VEVENT, DURATION: 1 h 30 min | -',
      'VEVENT, RRULE: FREQ=DAILY | FREQ=WEEKLY',
      'VEVENT, LOCATION: - | Bar',
    ]);
  });

  test('is nothing where only stamps, order and layout differ', () => {
    expect(
      betweenEvents(
        ['SUMMARY:Lunch', 'DTSTAMP:20240101T000000Z', 'CATEGORIES:a,b', 'CLASS:PUBLIC'],
        ['CATEGORIES:b', 'CATEGORIES:a', 'SUM', ' MARY:Lunch', 'DTSTAMP:20240102T000000Z', 'PRODID:x'],
      ),
    ).toEqual([]);
  });

  test('is told of each value of its own', () => {
    const differences = betweenEvents(
      ['ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org', 'ATTENDEE:mailto:bob@example.org', 'CATEGORIES:a,b\\,c'],
      ['ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org', 'ATTENDEE:mailto:cat@example.org', 'CATEGORIES:a'],
    );
    expect(differences).toEqual([
      'VEVENT, ATTENDEE: ann@example.org (PARTSTAT ACCEPTED) | ann@example.org (PARTSTAT DECLINED)',
      'VEVENT, ATTENDEE: bob@example.org | -',
      'VEVENT, ATTENDEE: - | cat@example.org',
      'VEVENT, CATEGORIES: a, b,c | a',
    ]);
  });

  test('is told of alarms and occurrences with their place', () => {
    const alarm = (trigger: string): readonly string[] => ['BEGIN:VALARM', 'UID:2', `TRIGGER:${trigger}`, 'END:VALARM'];
    const occurrence = ['END:VEVENT', 'BEGIN:VEVENT', 'UID:1', 'RECURRENCE-ID:20240112T090000Z'];
    expect(
      betweenEvents(
        [...alarm('-PT15M'), ...occurrence, 'SUMMARY:Late'],
        [...alarm('PT0S'), ...occurrence, 'SUMMARY:Early'],
      ),
    ).toEqual([
      'VALARM, TRIGGER: 15 min before | at the time itself',
      'VEVENT of 2024-01-12 09:00 UTC, SUMMARY: Late | Early',
    ]);
    expect(betweenEvents(alarm('-P1W2D'), occurrence)).toEqual([
      'VALARM, VALARM: 1 week 2 days before | -',
      'VEVENT of 2024-01-12 09:00 UTC, VEVENT: - | ',
    ]);
  });

  test('is said by raw parameters where only those differ', () => {
    expect(betweenEvents(['ATTACH;FMTTYPE=a/b:x'], ['ATTACH;FMTTYPE=a/c:x'])).toEqual([
      'VEVENT, ATTACH: FMTTYPE=a/b:x | FMTTYPE=a/c:x',
    ]);
  });
});

describe('SF1 what two contacts have different', () => {
  test('is said with its label and type', () => {
    expect(
      betweenCards(
        ['N:Example;Ann;;;', 'item1.TEL;TYPE=CELL:1', 'item1.X-ABLabel:_$!<Mobile>!$_', 'BDAY:19800102'],
        ['N:Example;Anna', 'item7.TEL;TYPE=CELL:1', 'item7.X-ABLabel:Boat', 'BDAY:1981-01-02'],
      ),
    ).toEqual([
      'VCARD, N: Example, Ann | Example, Anna',
      'VCARD, TEL: 1 (CELL), Mobile | 1 (CELL), Boat',
      'VCARD, BDAY: 1980-01-02 | 1981-01-02',
    ]);
  });

  test('is short, however large a picture is', () => {
    const photo = (end: string): string => `PHOTO;ENCODING=b:${'A'.repeat(100_000)}${end}`;
    expect(betweenCards([photo('BB'), 'NOTE;ENCODING=QUOTED-PRINTABLE:Caf=C3=A9'], [photo('CC'), 'NOTE:Café'])).toEqual(
      [
        `VCARD, PHOTO: …${'A'.repeat(30)}BB | …${'A'.repeat(30)}CC`,
        'VCARD, NOTE: ENCODING=QUOTED-PRINTABLE:Caf=… | Café',
      ],
    );
    expect(betweenCards([photo('')], ['PHOTO;VALUE=uri:https://example.org/1'])).toEqual([
      'VCARD, PHOTO: binary data, about 75000 bytes | https://example.org/1',
    ]);
  });

  test('is nothing of a text that is broken', () => {
    expect(describeDifferences('address-book', 'BEGIN:VCARD', card('FN:Ann'))).toEqual([]);
  });
});
