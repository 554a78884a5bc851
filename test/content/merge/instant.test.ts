import { expect, test } from 'vitest';
import { contentLines } from '../../../src/content/content-line.ts';
import { instantOf } from '../../../src/content/merge/instant.ts';

const instantIn = (text: string): string => {
  for (const line of contentLines(text)) return instantOf(line, line.value);
  throw new Error('there is no line');
};

test.each([
  ['the epoch', 'RECURRENCE-ID:19700101T000000Z', 'at 0'],
  ['a leap day', 'RECURRENCE-ID:20000229T123456Z', `at ${Date.UTC(2000, 1, 29, 12, 34, 56) / 1000}`],
  ['the day after a leap day that was none', 'EXDATE:21000301T000000Z', `at ${Date.UTC(2100, 2, 1) / 1000}`],
  ['before the epoch', 'EXDATE:19291231T235959Z', `at ${Date.UTC(1929, 11, 31, 23, 59, 59) / 1000}`],
  ['winter', 'RECURRENCE-ID;TZID=Europe/Berlin:20240105T100000', `at ${Date.UTC(2024, 0, 5, 9) / 1000}`],
  ['summer', 'RECURRENCE-ID;TZID=Europe/Berlin:20240705T100000', `at ${Date.UTC(2024, 6, 5, 8) / 1000}`],
  ['just before a change', 'EXDATE;TZID=America/New_York:20240310T013000', `at ${Date.UTC(2024, 2, 10, 6, 30) / 1000}`],
  ['just after a change', 'EXDATE;TZID=America/New_York:20240310T033000', `at ${Date.UTC(2024, 2, 10, 7, 30) / 1000}`],
  ['half an hour', 'RECURRENCE-ID;TZID=Asia/Kolkata:20240105T053000', `at ${Date.UTC(2024, 0, 5) / 1000}`],
  ['a zone that is always UTC', 'RECURRENCE-ID;TZID=Etc/UTC:20240105T000000', `at ${Date.UTC(2024, 0, 5) / 1000}`],
  ['an unknown zone', 'RECURRENCE-ID;TZID=Somewhere:20240105T100000', '20240105T100000 Somewhere'],
  ['a time that floats', 'RECURRENCE-ID:20240105t100000', '20240105T100000'],
  ['a date', 'RECURRENCE-ID;VALUE=DATE:20240105', '20240105'],
  ['nonsense', 'RECURRENCE-ID:soon', 'SOON'],
])('SF2 the moment of %s', (_, text, moment) => {
  expect(instantIn(text)).toBe(moment);
});
