import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withCrlf } from '../../src/content/content-line.ts';
import { readItem } from '../../src/content/item.ts';
import type { Kind } from '../../src/model/item.ts';
import type { Fingerprint } from '../../src/model/names.ts';

const fingerprintIn = (text: string, kind: Kind): Fingerprint => {
  const reading = readItem(text, kind);
  if (reading.type !== 'item') throw new Error(reading.reason);
  return reading.item.fingerprint;
};
const inCalendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const inEvent = (...lines: readonly string[]): string =>
  inCalendar('BEGIN:VEVENT', 'UID:1', 'DTSTART;TZID=Europe/Berlin:20240101T100000', ...lines, 'END:VEVENT');
const inCard = (...lines: readonly string[]): string => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');
const ofCalendar = (...lines: readonly string[]): Fingerprint => fingerprintIn(inCalendar(...lines), 'calendar');
const ofEvent = (...lines: readonly string[]): Fingerprint => fingerprintIn(inEvent(...lines), 'calendar');
const ofCard = (...lines: readonly string[]): Fingerprint => fingerprintIn(inCard(...lines), 'address-book');
const EVENT = ['BEGIN:VEVENT', 'SUMMARY:x', 'DTSTART;TZID=Custom:20240101T100000', 'END:VEVENT'];
const zone = (tzid: string, offset = '+0100'): readonly string[] => [
  'BEGIN:VTIMEZONE',
  `TZID:${tzid}`,
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  `TZOFFSETTO:${offset}`,
  'END:STANDARD',
  'END:VTIMEZONE',
];

describe('SI13 the fingerprint of a calendar item stays', () => {
  test('whatever servers stamp', () => {
    const stamps = ['DTSTAMP:20240101T000000Z', 'CREATED:20240101T000000Z', 'LAST-MODIFIED:20240101T000000Z'];
    expect(ofEvent('ATTENDEE;SCHEDULE-STATUS="2.0":mailto:a')).toBe(ofEvent('ATTENDEE:mailto:a'));
    expect(ofEvent('SUMMARY:x', ...stamps, 'X-RADICALE-NAME:a.ics', 'CLASS:PUBLIC')).toBe(ofEvent('SUMMARY:x'));
    const header = ['VERSION:2.0', 'PRODID:-//a//b', 'METHOD:PUBLISH', 'CALSCALE:gregorian', 'X-WR-CALNAME:Feed'];
    expect(ofCalendar(...header, ...EVENT)).toBe(ofCalendar(...EVENT));
  });

  test('whatever the UID is, since the ident has it', () => {
    expect(ofCalendar('BEGIN:VEVENT', 'UID:1', 'END:VEVENT')).toBe(ofCalendar('BEGIN:VEVENT', 'UID:2', 'END:VEVENT'));
  });

  test('whatever the order of properties, components and parameters', () => {
    const a = ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:x', 'LOCATION;A=1;B=2:y', 'END:VEVENT'];
    const b = [
      'BEGIN:VEVENT',
      'UID:1',
      'RECURRENCE-ID:20240101',
      'BEGIN:VALARM',
      'TRIGGER:-PT5M',
      'END:VALARM',
      'END:VEVENT',
    ];
    const reordered = ['BEGIN:VEVENT', 'LOCATION;B=2;A=1:y', 'SUMMARY:x', 'UID:1', 'END:VEVENT'];
    expect(ofCalendar(...a, ...b)).toBe(ofCalendar(...b, ...reordered));
  });

  test('whatever the case of names and of the words of the standard', () => {
    expect(ofEvent('ATTENDEE;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:a')).toBe(
      ofEvent('attendee;rsvp=true;partstat=Accepted:mailto:a'),
    );
    expect(ofEvent('RRULE:FREQ=DAILY;COUNT=2')).toBe(ofEvent('RRULE:count=2;freq=daily'));
  });

  test('whether a list is one line or several, and in which order', () => {
    expect(ofEvent('CATEGORIES:a,b\\,c')).toBe(ofEvent('CATEGORIES:b\\,c', 'CATEGORIES:a'));
    expect(ofEvent('EXDATE:20240102,20240101')).toBe(ofEvent('EXDATE:20240101', 'EXDATE:20240102'));
  });

  test('whether quotes and escapes are needed or not', () => {
    expect(ofEvent('ATTENDEE;CN="Ann":mailto:a')).toBe(ofEvent('ATTENDEE;CN=Ann:mailto:a'));
    expect(ofEvent('SUMMARY:a\\, b\\; c\\nd')).toBe(ofEvent('SUMMARY:a, b; c\\Nd'));
    expect(ofEvent('DTEND;VALUE=DATE-TIME:20240101T110000')).toBe(ofEvent('DTEND:20240101T110000'));
  });

  test('whether the definition of a known zone, or one that is not used, is there', () => {
    const known = ['Europe/Berlin', 'US/Eastern', 'Etc/UTC', 'Asia/Kolkata'];
    for (const tzid of known) {
      const event = ['BEGIN:VEVENT', `DTSTART;TZID=${tzid}:20240101T100000`, 'END:VEVENT'];
      expect(ofCalendar(...zone(tzid), ...event)).toBe(ofCalendar(...event));
    }
    expect(ofCalendar(...zone('Another'), ...EVENT)).toBe(ofCalendar(...EVENT));
  });
});

describe('SI13 the fingerprint of a calendar item changes', () => {
  test.each([
    ['a text', ['SUMMARY:a'], ['SUMMARY:A']],
    ['white space in a text', ['SUMMARY:a b'], ['SUMMARY:a  b']],
    ['an escaped backslash before N', ['SUMMARY:C:\\\\New'], ['SUMMARY:C:\\\\new']],
    ['a property that is unknown', ['X-A:1'], ['X-A:2']],
    ['the case of an unknown value', ['X-A;B=c:1'], ['X-A;B=C:1']],
    ['a name', ['X-A:1'], ['X-B:1']],
    ['a group in a calendar', ['X-A.B:1'], ['X-C.B:1']],
    ['a property that is given twice', ['COMMENT:a'], ['COMMENT:a', 'COMMENT:a']],
    ['SEQUENCE', ['SEQUENCE:1'], ['SEQUENCE:2']],
    ['CLASS', ['CLASS:PRIVATE'], ['CLASS:PUBLIC']],
    ['the zone of a date', ['DTEND;TZID=Europe/Berlin:20240101T110000'], ['DTEND;TZID=Europe/Paris:20240101T110000']],
    ['the type of a value', ['DTEND;VALUE=DATE:20240101'], ['DTEND:20240101']],
    ['a name in an address', ['ATTENDEE;CN=Ann:mailto:a'], ['ATTENDEE;CN=Anne:mailto:a']],
    ['one category', ['CATEGORIES:a,b'], ['CATEGORIES:a\\,b']],
    ['an alarm', ['BEGIN:VALARM', 'TRIGGER:-PT5M', 'END:VALARM'], []],
    ['the UID of an alarm', ['BEGIN:VALARM', 'UID:1', 'END:VALARM'], ['BEGIN:VALARM', 'UID:2', 'END:VALARM']],
    ['a text that was broken without folding', ['DESCRIPTION:a', 'second line'], ['DESCRIPTION:a', 'third line']],
    ['the order of such a text', ['DESCRIPTION:a', 'b b', 'c c'], ['DESCRIPTION:a', 'c c', 'b b']],
    ['what follows a stamp that way', ['DTSTAMP:1', 'second line'], ['DTSTAMP:1', 'third line']],
  ])('with %s', (_, before, after) => {
    expect(ofEvent(...before)).not.toBe(ofEvent(...after));
  });

  test('with a zone that only the item defines', () => {
    expect(ofCalendar(...zone('Custom', '+0100'), ...EVENT)).not.toBe(ofCalendar(...zone('Custom', '+0200'), ...EVENT));
    expect(ofCalendar(...zone('Custom'), ...EVENT)).not.toBe(ofCalendar(...EVENT));
  });

  test('with which component a property stands in', () => {
    const a = ['BEGIN:VEVENT', 'X-A:1', 'BEGIN:VALARM', 'X-B:1', 'END:VALARM', 'END:VEVENT'];
    const b = ['BEGIN:VEVENT', 'X-B:1', 'BEGIN:VALARM', 'X-A:1', 'END:VALARM', 'END:VEVENT'];
    expect(ofCalendar(...a)).not.toBe(ofCalendar(...b));
  });
});

describe('SI13 the fingerprint of a contact', () => {
  test('stays whatever servers stamp', () => {
    expect(ofCard('FN:A', 'REV:20240101T000000Z', 'PRODID:x', 'UID:1')).toBe(ofCard('UID:2', 'FN:A'));
  });

  test('stays with the case and the names of groups', () => {
    const lower = ['item1.TEL:1', 'item1.X-ABLabel:Home', 'item2.TEL:2', 'item2.X-ABLabel:Work'];
    const upper = ['ITEM1.X-ABLABEL:Work', 'ITEM1.TEL:2', 'ITEM7.TEL:1', 'ITEM7.X-ABLABEL:Home'];
    expect(ofCard(...lower)).toBe(ofCard(...upper));
  });

  test('changes when a label moves to another group', () => {
    const before = ['item1.TEL:1', 'item1.X-ABLabel:Home', 'item2.TEL:2', 'item2.X-ABLabel:Work'];
    const after = ['item1.TEL:1', 'item1.X-ABLabel:Work', 'item2.TEL:2', 'item2.X-ABLabel:Home'];
    expect(ofCard(...before)).not.toBe(ofCard(...after));
  });

  test('stays with every way to write types', () => {
    const ways = ['TEL;TYPE=home,voice:1', 'TEL;type=VOICE;type=HOME:1', 'TEL;HOME;VOICE:1', 'TEL;TYPE="voice,home":1'];
    expect(new Set(ways.map((way) => ofCard(way))).size).toBe(1);
    expect(ofCard('TEL;TYPE=home:1')).not.toBe(ofCard('TEL;TYPE=work:1'));
  });

  test('stays with empty parts at the end, and changes with those before', () => {
    expect(ofCard('N:Doe;John;;;')).toBe(ofCard('N:Doe;John'));
    expect(ofCard('N:Doe;;John')).not.toBe(ofCard('N:Doe;John'));
    expect(ofCard('N:Doe\\;;')).toBe(ofCard('N:Doe\\;'));
    expect(ofCard('N:Doe\\;')).not.toBe(ofCard('N:Doe\\'));
    expect(ofCard('NOTE:a;')).not.toBe(ofCard('NOTE:a'));
  });

  test('changes with a card within the card', () => {
    const agent = (name: string) => ofCard('FN:A', 'BEGIN:VCARD', `FN:${name}`, 'UID:1', 'END:VCARD');
    expect(agent('B')).not.toBe(agent('C'));
  });
});

const NAMES = ['SUMMARY', 'DESCRIPTION', 'LOCATION', 'COMMENT', 'URL', 'X-NOTE', 'ATTENDEE', 'GEO', 'STATUS', 'DUE'];
const property = fc.record({
  name: fc.constantFrom(...NAMES),
  parameters: fc.dictionary(fc.constantFrom('X-P', 'CN', 'ALTREP'), fc.stringMatching(/^[A-Za-z0-9 :]{1,12}$/), {
    maxKeys: 3,
  }),
  // A word of letters only: other characters may be escaped in more than one way.
  value: fc.stringMatching(/^[A-Za-zÄéß日 ]{1,200}$/),
});
type Property = typeof property extends fc.Arbitrary<infer T> ? T : never;
const lineOf = ({ name, parameters, value }: Property): string =>
  `${name}${Object.entries(parameters)
    .map(([key, text]) => `;${key}="${text}"`)
    .join('')}:${value}`;
const folded = (line: string, width: number): string =>
  line.match(new RegExp(`.{1,${width}}`, 'gs'))?.join('\r\n ') ?? '';

describe('SI13 whatever a person wrote', () => {
  test('shuffling and folding it does not change the fingerprint', () => {
    fc.assert(
      fc.property(
        fc
          .array(property, { maxLength: 8 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        fc.integer({ min: 1, max: 80 }),
        ([list, shuffled], width) => {
          const reversed = shuffled.map((one) => ({
            ...one,
            parameters: Object.fromEntries(Object.entries(one.parameters).reverse()),
          }));
          const other = inEvent(...reversed.map((one) => folded(lineOf(one), width))).replaceAll('\r\n', '\n');
          expect(fingerprintIn(other, 'calendar')).toBe(ofEvent(...list.map(lineOf)));
          expect(fingerprintIn(withCrlf(other), 'calendar')).toBe(ofEvent(...list.map(lineOf)));
        },
      ),
    );
  });

  test('changing any one value of it changes the fingerprint', () => {
    fc.assert(
      fc.property(
        fc.array(property, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.stringMatching(/^[a-z]{1,5}$/),
        (list, at, more) => {
          const edited = list.map((one, index) =>
            index === at % list.length ? { ...one, value: one.value + more } : one,
          );
          expect(ofEvent(...edited.map(lineOf))).not.toBe(ofEvent(...list.map(lineOf)));
        },
      ),
    );
  });

  test('removing or adding any one line of it changes the fingerprint', () => {
    fc.assert(
      fc.property(fc.array(property, { minLength: 1, maxLength: 8 }), fc.nat(), (list, at) => {
        const fewer = list.filter((_, index) => index !== at % list.length);
        expect(ofEvent(...fewer.map(lineOf))).not.toBe(ofEvent(...list.map(lineOf)));
      }),
    );
  });
});
