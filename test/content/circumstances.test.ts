import { describe, expect, it } from 'vitest';
import { circumstancesOf } from '../../src/content/circumstances.ts';

const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: readonly string[]): readonly string[] => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'];

describe('the circumstances of an item', () => {
  it.each([
    ['DTSTART:20260601T100000Z', 'DTEND:20260601T113000Z', '2026-06-01 10:00 – 11:30 UTC'],
    ['DTSTART:20260601T220000Z', 'DTEND:20260602T010000Z', '2026-06-01 22:00 UTC – 2026-06-02 01:00 UTC'],
    [
      'DTSTART;TZID=Europe/Vienna:20260601T100000',
      'DTEND;TZID=Europe/Sofia:20260601T140000',
      '2026-06-01 10:00 Europe/Vienna – 2026-06-01 14:00 Europe/Sofia',
    ],
    ['DTSTART;VALUE=DATE:20260601', 'DTEND;VALUE=DATE:20260603', '2026-06-01 – 2026-06-03'],
    ['DTSTART;VALUE=DATE:20260601', 'RRULE:FREQ=YEARLY', '2026-06-01, repeats (FREQ=YEARLY)'],
    ['SUMMARY:x', 'SUMMARY:y', undefined],
  ])('%s and %s are when it is', (start, end, when) => {
    expect(circumstancesOf(calendar(...event(start, end)), 'calendar').when).toBe(when);
  });

  it('are those of the series, and where', () => {
    const override = event('RECURRENCE-ID:20260602T100000Z', 'DTSTART:20260602T120000Z', 'LOCATION:There');
    const series = event('DTSTART:20260601T100000Z', 'LOCATION:Here\\, upstairs');
    expect(circumstancesOf(calendar(...override, ...series), 'calendar')).toEqual({
      when: '2026-06-01 10:00 UTC',
      where: 'Here, upstairs',
    });
    expect(circumstancesOf(calendar(...override), 'calendar').where).toBe('There');
  });

  it('of a task are when it is due', () => {
    const task = calendar('BEGIN:VTODO', 'UID:1', 'DUE;VALUE=DATE:20260601', 'END:VTODO');
    expect(circumstancesOf(task, 'calendar').when).toBe('due 2026-06-01');
  });

  it('are none of contacts, and of what cannot be read', () => {
    const none = { when: undefined, where: undefined };
    expect(circumstancesOf('BEGIN:VCARD\r\nUID:1\r\nFN:x\r\nEND:VCARD\r\n', 'address-book')).toEqual(none);
    expect(circumstancesOf('BEGIN:VCALENDAR', 'calendar')).toEqual(none);
  });
});
