import { describe, expect, it } from 'vitest';
import { conflictLines, conflictMembers } from '../../../src/cli/conflicts/shown-conflict.ts';
import { ident } from '../../../src/model/names.ts';
import type { OpenConflict, OpenItemConflict } from '../../../src/sync/conflict-settler.ts';

const NAMES = { a: 'laptop', b: 'server' };

const event = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join(
    '\r\n',
  );

const conflict = (a: string, b: string, base?: string) =>
  ({
    type: 'item' as const,
    pair: 'work',
    collection: 'home',
    ident: ident('one'),
    kind: 'calendar' as const,
    texts: { a, b },
    base,
  }) satisfies OpenItemConflict & OpenConflict;

const shown = (open: OpenConflict): readonly string[] => conflictLines(open, NAMES).map(({ text }) => text);

const START = 'DTSTART:20260601T100000Z';

describe('a conflict', () => {
  it('is shown with what is common, and what differs', () => {
    const open = conflict(event(START, 'SUMMARY:Mine', 'LOCATION:Here'), event(START, 'SUMMARY:Theirs'));
    expect(conflictLines(open, NAMES)).toEqual([
      { text: 'work/home: "Mine" (one)', style: 'bold' },
      { text: '  when: 2026-06-01 10:00 UTC', style: 'plain' },
      { text: '  a: laptop, b: server', style: 'faint' },
      { text: '  SUMMARY', style: 'plain' },
      { text: '    a  Mine', style: 'a' },
      { text: '    b  Theirs', style: 'b' },
      { text: '  LOCATION', style: 'plain' },
      { text: '    a  Here', style: 'a' },
      { text: '    b  (not there)', style: 'b' },
    ]);
  });

  it('of long texts is shown line by line, with some around', () => {
    const note = (...lines: readonly string[]): string => event('SUMMARY:x', `DESCRIPTION:${lines.join('\\n')}`);
    const lines = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const open = conflict(note(...lines), note('1', '2', '3', 'four', '5', '6', '7', '8', '9', '10'));
    expect(shown(open).slice(3)).toEqual([
      '       …',
      '       2',
      '       3',
      '    a  4',
      '    b  four',
      '       5',
      '       6',
      '       …',
      '       8',
      '       9',
      '    b  10',
    ]);
  });

  it('in an alarm, or in one of a series, is shown as such', () => {
    const alarm = (trigger: string): string =>
      event('RECURRENCE-ID:20260608T100000Z', 'BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${trigger}`, 'END:VALARM');
    const lines = shown(conflict(alarm('-PT5M'), alarm('-PT9M')));
    expect(lines.filter((line) => /VALARM/.test(line))).not.toEqual([]);
    for (const line of lines.filter((each) => /VALARM/.test(each))) expect(line).toContain('(of 2026-06-08 10:00 UTC)');
  });

  it('of a very long line is shown in part', () => {
    const lines = shown(conflict(event(`SUMMARY:${'x'.repeat(10_000)}`), event('SUMMARY:y')));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(550);
    expect(lines.join('\n')).toContain('… (10000 characters)');
  });

  it('of a property is shown by both values', () => {
    const open = {
      type: 'property',
      pair: 'work',
      collection: 'home',
      name: 'color',
      values: { a: '#ff0000', b: undefined },
    } as const;
    expect(shown(open)).toEqual([
      'work/home: the property color',
      '  a: laptop, b: server',
      '    a  #ff0000',
      '    b  not set',
    ]);
    expect(conflictMembers(open)).toMatchObject({
      subject: 'property',
      uid: null,
      property: 'color',
      versions: { a: '#ff0000', b: 'not set' },
      merges: false,
      differences: [{ property: 'color', a: '#ff0000', b: null }],
    });
  });

  it('is told to programs with its differences, and whether it merges', () => {
    const base = event(START, 'SUMMARY:One');
    const open = conflict(event(START, 'SUMMARY:One', 'LOCATION:Here'), event(START, 'SUMMARY:Two'), base);
    expect(conflictMembers(open)).toEqual({
      pair: 'work',
      collection: 'home',
      subject: 'item',
      uid: 'one',
      summary: 'One',
      reason: 'changed differently on both sides',
      versions: { a: 'One', b: 'Two' },
      merges: true,
      differences: [
        { component: 'VEVENT', occurrence: null, property: 'SUMMARY', a: 'One', b: 'Two' },
        { component: 'VEVENT', occurrence: null, property: 'LOCATION', a: 'Here', b: null },
      ],
    });
    expect(conflictMembers({ ...open, base: undefined })).toMatchObject({ merges: false });
  });
});
