import { expect, test } from 'vitest';
import { isoTime, localTime, timeAgo } from '../../src/cli/local-time.ts';

test('a moment is told in the time zone of its reader', () => {
  expect(localTime(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05');
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
});

test.each([
  [0, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [3599, '59 minutes ago'],
  [3600, '1 hour ago'],
  [86_399, '23 hours ago'],
  [200_000, '2 days ago'],
  [-5, 'in the future'],
])('%i seconds are told as %s', (seconds, text) => {
  expect(timeAgo(1_000_000, 1_000_000 + seconds * 1000)).toBe(text);
});
