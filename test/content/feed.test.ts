import { describe, expect, test } from 'vitest';
import { type Feed, splitFeed } from '../../src/content/feed.ts';
import { readItem } from '../../src/content/item.ts';
import type { Item } from '../../src/model/item.ts';

const HEADER = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//EN'];
const feedOf = (...lines: readonly string[]): string => [...HEADER, ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: readonly string[]): readonly string[] => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
const zone = (tzid: string): readonly string[] => ['BEGIN:VTIMEZONE', `TZID:${tzid}`, 'X-A:b', ' c', 'END:VTIMEZONE'];
const split = (text: string): Extract<Feed, { readonly type: 'feed' }> => {
  const feed = splitFeed(text);
  if (feed.type === 'broken') throw new Error(feed.reason);
  return feed;
};
const textsOf = (text: string): readonly string[] => split(text).items.map((item) => item.text);
const reasonOf = (text: string): string => {
  const feed = splitFeed(text);
  return feed.type === 'broken' ? feed.reason : 'nothing';
};

describe('splitFeed', () => {
  test('SI12 wraps the components of each UID as they are, with the zones that they refer to', () => {
    const master = event('UID:1', 'DTSTART;TZID="Europe/Berlin":20240101T100000', 'SUMMARY:fol', '  ded');
    const other = event('DTSTART;TZID=Custom:20240101T100000', 'UID:2');
    const override = event('UID: 1', 'RECURRENCE-ID;TZID=Other:20240101T100000');
    const feed = feedOf(
      'METHOD:PUBLISH',
      'X-WR-CALNAME:Feed',
      ...zone('Custom'),
      ...zone('Europe/Berlin'),
      ...master,
      ...other,
      ...override,
      ...zone('Other'),
      ...zone('Unused'),
    );
    expect(textsOf(feed)).toEqual([
      feedOf(...zone('Europe/Berlin'), ...zone('Other'), ...master, ...override),
      feedOf(...zone('Custom'), ...other),
    ]);
  });

  test('gives items that read the same by themselves', () => {
    const { items } = split(feedOf(...zone('Custom'), ...event('UID:1', 'DTSTART;TZID=Custom:2024'), ...event('A:b')));
    for (const item of items) {
      const reading = readItem(item.text, 'calendar');
      expect(reading).toEqual({ type: 'item', item: { ...item } satisfies Item });
    }
    expect(items.map((item) => item.ident)).toEqual(['1', expect.stringMatching(/^fingerprint:/)]);
  });

  test('takes the UID of an entry, not of its alarm', () => {
    const alarm = ['BEGIN:VALARM', 'UID:of-the-alarm', 'END:VALARM'];
    const feed = split(feedOf(...event(...alarm, 'UID:1'), ...event('UID:1'), ...event(...alarm, 'UID:2')));
    expect(feed.items.map((item) => item.ident)).toEqual(['1', '2']);
  });

  test('takes the first of header lines and zones that are there twice', () => {
    const dated = event('UID:1', 'DTSTART;TZID=Custom:2024');
    const second = ['BEGIN:VTIMEZONE', 'TZID:Custom', 'END:VTIMEZONE'];
    const feed = feedOf('VERSION:1.0', 'PRODID:other', ...zone('Custom'), ...second, ...dated);
    expect(textsOf(feed)).toEqual([feedOf(...zone('Custom'), ...dated)]);
  });

  test('SI11 each component without UID is an item', () => {
    expect(textsOf(feedOf(...event('SUMMARY:a'), ...event('SUMMARY:b'), ...event('UID:')))).toHaveLength(3);
  });

  test('keeps CALSCALE, and line ends', () => {
    const text = [
      'BEGIN:VCALENDAR',
      'CALSCALE:GREGORIAN',
      'VERSION:2.0',
      'PRODID:x',
      ...event('UID:1'),
      'END:VCALENDAR',
    ];
    const [item] = textsOf(text.join('\n'));
    expect(item).toBe(
      ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'CALSCALE:GREGORIAN', ...event('UID:1'), 'END:VCALENDAR', ''].join(
        '\n',
      ),
    );
  });

  test('adds the VERSION and PRODID that servers insist on', () => {
    const [item] = textsOf(['BEGIN:VCALENDAR', ...event('UID:1'), 'END:VCALENDAR'].join('\r\n'));
    expect(item).toContain('VERSION:2.0\r\nPRODID:-//pimsync//EN\r\nBEGIN:VEVENT');
  });

  test('reads several calendars as one feed, each with its own zones', () => {
    const calendar = (line: string, uid: string) =>
      feedOf(
        'BEGIN:VTIMEZONE',
        'TZID:Custom',
        line,
        'END:VTIMEZONE',
        ...event(`UID:${uid}`, 'DTSTART;TZID=Custom:2024'),
      );
    const one = calendar('X-A:1', '1');
    const two = calendar('X-A:2', '2');
    expect(textsOf(one + two)).toEqual([one, two]);
  });

  test('SI10 a component that is there twice is one', () => {
    expect(textsOf(feedOf(...event('UID:1'), ...event('UID:1')))).toEqual([feedOf(...event('UID:1'))]);
  });

  test('passes over text around the calendars', () => {
    expect(textsOf(`Warning: old\n${feedOf(...event('UID:1'))}X-COMMENT:cached\n`)).toHaveLength(1);
  });

  test('SL1 a calendar without components is an empty feed', () => {
    expect(split(feedOf())).toEqual({ type: 'feed', items: [], unreadable: [] });
    expect(split(feedOf(...zone('Custom'))).items).toEqual([]);
  });

  test.each([
    ['it is empty', ''],
    ['it is empty', ' \r\n\ufeff'],
    ['it has no VCALENDAR', '<!DOCTYPE html><html><body>Log in</body></html>'],
    ['it has no VCALENDAR', 'Not Found'],
    ['it has no VCALENDAR', event('UID:1').join('\n')],
    ['it is cut: a BEGIN has no END (line 1)', feedOf(...event('UID:1')).replace('END:VCALENDAR', '')],
    ['it is cut: a BEGIN has no END (line 4)', feedOf(...event('UID:1')).slice(0, -30)],
    ['it has an END without its BEGIN (line 6)', feedOf('BEGIN:VEVENT', 'UID:1', 'END:VTODO')],
    ['it has something else besides VCALENDAR', `${feedOf()}BEGIN:VCARD\nEND:VCARD\n`],
  ])('SL1 broken: %s', (reason, text) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test('SD5 a component that cannot be used leaves the others', () => {
    const feed = split(feedOf(...event('UID:1', 'SUMMARY:a\0'), ...event('UID:2')));
    expect(feed.items.map((item) => item.ident)).toEqual(['2']);
    expect(feed.unreadable).toEqual(['it has NUL characters']);
  });

  test('takes linear time for many items of one UID, many without, and many zones', () => {
    const many = (lines: (index: number) => readonly string[]) =>
      Array.from({ length: 5000 }, (_, index) => lines(index)).flat();
    expect(split(feedOf(...many(() => event('UID:1', 'A:b')))).items).toHaveLength(1);
    expect(split(feedOf(...many((index) => event(`SUMMARY:${index}`)))).items).toHaveLength(5000);
    const zones = many((index) => [...zone(`Z${index}`), ...event(`UID:${index}`, `DTSTART;TZID=Z${index}:2024`)]);
    expect(split(feedOf(...zones)).items).toHaveLength(5000);
  });
});
