import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/content/summary.ts';

const ofEvent = (...lines: readonly string[]): string =>
  summarize(['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n'), 'calendar');
const ofCard = (...lines: readonly string[]): string =>
  summarize(['BEGIN:VCARD', ...lines, 'END:VCARD'].join('\r\n'), 'address-book');

describe('summarize', () => {
  test('takes the SUMMARY of an entry, not of an alarm or a calendar', () => {
    const alarm = ['BEGIN:VALARM', 'SUMMARY:Wake up', 'END:VALARM'];
    expect(ofEvent(...alarm, 'SUMMARY;LANGUAGE=en:Mee', ' ting')).toBe('Meeting');
    expect(ofEvent('DESCRIPTION:About it', ...alarm)).toBe('About it');
    expect(ofEvent('UID:1')).toBe('');
  });

  test('takes the name of a contact, or what comes next to it', () => {
    expect(ofCard('N:Doe;Jane;;;', 'FN:Jane Doe')).toBe('Jane Doe');
    expect(ofCard('EMAIL:jane@example.com', 'N:Doe;Jane;;;')).toBe('Doe Jane');
    expect(ofCard('item1.EMAIL:jane@example.com', 'FN:')).toBe('jane@example.com');
  });

  test('undoes escapes, and is one line', () => {
    expect(ofEvent('SUMMARY:a\\, b\\; c\\\\d\\n\\Ne\tf')).toBe('a, b; c\\d e f');
  });

  test('reads quoted-printable names where they are UTF-8', () => {
    expect(ofCard('FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg 100%')).toBe('Jörg 100%');
    expect(ofCard('FN;ENCODING=QUOTED-PRINTABLE:J=F6rg')).toBe('J=F6rg');
  });

  test('is at most 80 characters long, and cuts none in two', () => {
    expect(ofEvent(`SUMMARY:${'x'.repeat(80)}`)).toBe('x'.repeat(80));
    expect(ofEvent(`SUMMARY:${'🎉'.repeat(200_000)}`)).toBe(`${'🎉'.repeat(79)}…`);
  });

  test('does not fail on what is no item', () => {
    for (const text of ['', 'END:X\nSUMMARY:a', 'BEGIN:VCALENDAR\nBEGIN:VEVENT', '\0']) {
      expect(summarize(text, 'calendar')).toBe('');
    }
  });
});
