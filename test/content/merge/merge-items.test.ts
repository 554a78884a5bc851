import { describe, expect, test } from 'vitest';
import { mergeItems } from '../../../src/content/merge/merge-items.ts';
import { goldenCases, outcomeOf } from './golden.ts';
import { holdForTwoSides } from './laws.ts';

describe('SF2 the table of merges', () => {
  const cases = goldenCases();

  test('has at least 60 cases, each with a title of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(new Set(cases.map(({ file, title }) => `${file} ${title}`)).size).toBe(cases.length);
  });

  test.each(cases)('$file: $title', (each) => {
    expect(outcomeOf(each)).toBe(each.outcome);
    if (outcomeOf(each).startsWith('--- impossible')) return;
    holdForTwoSides(each.kind, each.base, each.a, each.b);
  });
});

describe('SF2 the merged text', () => {
  const event = (lines: string): string =>
    `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART:20240105T090000Z\n${lines}END:VEVENT\nEND:VCALENDAR\n`;
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

  test('has the line ends of A', () => {
    const base = event('SUMMARY:Lunch\n');
    const a = event('SUMMARY:Dinner\n');
    const b = event(
      'SUMMARY:Lunch\nDESCRIPTION:folded\n  here\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n',
    );
    const merged = event(
      'SUMMARY:Dinner\nDESCRIPTION:folded\n  here\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n',
    );
    expect(mergeItems('calendar', base, a, crlf(b))).toEqual({ type: 'merged', text: merged });
    expect(mergeItems('calendar', base, crlf(a), b)).toEqual({ type: 'merged', text: crlf(merged) });
    expect(mergeItems('calendar', crlf(base), a, b)).toEqual({ type: 'merged', text: merged });
  });

  test.each(['\r', '\r\n'])('can have line ends %j and a byte order mark, which strict parsers mind', (lineEnd) => {
    const card = (lines: string): string =>
      `\uFEFFBEGIN:VCARD\nVERSION:3.0\nUID:1\nN:Ann\nFN:Ann\n${lines}END:VCARD\n`.replaceAll('\n', lineEnd);
    expect(mergeItems('address-book', card(''), card('TEL:1\n'), card('EMAIL:2\n'))).toEqual({
      type: 'merged',
      text: card('EMAIL:2\nTEL:1\n'),
    });
  });

  test('keeps a byte order mark, blank lines and a missing line end of A', () => {
    const base = event('SUMMARY:Lunch\n');
    const a = `\uFEFF${event('\nSUMMARY:Dinner\n\n')}`.replace(/\n$/, '');
    const b = event('SUMMARY:Lunch\nLOCATION:Bar\n');
    const merged = `\uFEFF${event('\nSUMMARY:Dinner\nLOCATION:Bar\n\n')}`.replace(/\n$/, '');
    expect(mergeItems('calendar', base, a, b)).toEqual({ type: 'merged', text: merged });
  });

  test('folds the lines that it writes anew, never within a character', () => {
    const long = 'ü'.repeat(60);
    const base = event('CATEGORIES:One\n');
    const a = event(`CATEGORIES:One,${long}\n`);
    const b = event('CATEGORIES:One,Two\n');
    const result = mergeItems('calendar', base, a, b);
    const lines = result.type === 'merged' ? result.text.split('\n') : [];
    expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect(lines.join('\n').replaceAll('\n ', '')).toContain(`CATEGORIES:One,${long},Two\n`);
  });

  test('leaves a line as it is that has what both sides changed', () => {
    const base = event('ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ann@example.org\n');
    const a = event('attendee;cn=Ann;PARTSTAT="ACCEPTED":mailto:ann\n @example.org\n');
    const b = event('ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Ann:mailto:ann@example.org\n');
    expect(mergeItems('calendar', base, a, b)).toEqual({ type: 'merged', text: a });
  });

  test('takes a moment, whatever the size of the item', () => {
    const attendees = (answer: string, from: number): string =>
      Array.from({ length: 2000 }, (_, at) => {
        const is = at % 2 === from ? answer : 'NEEDS-ACTION';
        return `ATTENDEE;PARTSTAT=${is}:mailto:${at}@example.org\n`;
      }).join('');
    const alarms = 'BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n'.repeat(2000);
    const dates = Array.from({ length: 2000 }, (_, at) => `EXDATE:2024${String(at + 1000)}T090000Z\n`).join('');
    const [base, a, b] = [attendees('', 2), attendees('ACCEPTED', 0), attendees('DECLINED', 1)].map((lines, at) =>
      event(dates + lines + alarms + (at === 2 ? 'EXDATE:20250101T090000Z\n' : '')),
    );
    const result = mergeItems('calendar', base ?? '', a ?? '', b ?? '');
    expect(result.type === 'merged' && result.text.match(/ACCEPTED|DECLINED/g)).toHaveLength(2000);
  });
});
