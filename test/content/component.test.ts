import { describe, expect, test } from 'vitest';
import { type Component, readComponents, readUnplaced } from '../../src/content/component.ts';

const componentsOf = (text: string): readonly Component[] => {
  const read = readComponents(text);
  if (read.type === 'broken') throw new Error(read.reason);
  return read.components;
};
const reasonOf = (text: string): string => {
  const read = readComponents(text);
  return read.type === 'broken' ? read.reason : 'nothing';
};

describe('readComponents', () => {
  test('gives components with their lines and verbatim slices', () => {
    const inner = 'begin:vevent \r\nUID:1\r\nX-A:b\r\n c\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT\r\n';
    const text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${inner}END:VCALENDAR\r\n`;
    const [calendar] = componentsOf(text);
    expect(calendar?.lines.map((line) => line.name)).toEqual(['VERSION']);
    const [event] = calendar?.components ?? [];
    expect(event?.name).toBe('VEVENT');
    expect(text.slice(event?.start, event?.end)).toBe(inner);
    expect(event?.lines.map((line) => line.value)).toEqual(['1', 'bc']);
    expect(event?.components.map((component) => component.name)).toEqual(['VALARM']);
  });

  test('gives several components, and none', () => {
    expect(componentsOf('BEGIN:A\nEND:A\n\nBEGIN:B\nEND:B').map((one) => one.name)).toEqual(['A', 'B']);
    expect(componentsOf('\n')).toEqual([]);
  });

  test('SD5 says what is wrong, and where', () => {
    expect(reasonOf('BEGIN:A\r\nBEGIN:B\r\nEND:B\r\n')).toBe('is cut: a BEGIN has no END (line 1)');
    expect(reasonOf('BEGIN:A\nX:1\n 2\nEND:B\n')).toBe('has an END without its BEGIN (line 4)');
    expect(reasonOf('BEGIN:A\nEND:A\nX:1')).toBe('has text before BEGIN or after END (line 3)');
    expect(reasonOf('hello\nBEGIN:A\nEND:A')).toBe('has text before BEGIN or after END (line 1)');
    expect(reasonOf('END:A')).toBe('has text before BEGIN or after END (line 1)');
  });

  test('refuses what is nested without end', () => {
    expect(reasonOf('BEGIN:A\n'.repeat(100_000))).toContain('more than 32');
  });
});

describe('readUnplaced', () => {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Nowhere',
    'BEGIN:STANDARD',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'END:VTIMEZONE',
  ];
  const around = (lines: readonly string[]): string =>
    ['BEGIN:VCALENDAR', ...lines, 'BEGIN:VEVENT', 'UID:1', 'END:VEVENT', 'END:VCALENDAR', ''].join('\n');
  const shapeOf = ({ name, lines, components }: Component): unknown => ({
    name,
    lines: lines.map((line) => [line.group, line.name, line.parameters, line.value]),
    components: components.map(shapeOf),
  });
  const readingOf = (read: ReturnType<typeof readComponents>): unknown =>
    read.type === 'broken' ? read : read.components.map(shapeOf);

  test.each([
    ['a zone', zone],
    ['two zones', [...zone, ...zone]],
    ['a zone without an end', zone.slice(0, -1)],
    ['a zone in a zone', ['BEGIN:VTIMEZONE', ...zone, 'END:VTIMEZONE']],
    ['a zone in an event', ['BEGIN:VEVENT', ...zone, 'END:VEVENT']],
    ['an end in a value', ['BEGIN:VTIMEZONE', 'X-A:', 'END:VTIMEZONE', ' more', ...zone.slice(1)]],
    ['a last line that is continued', [...zone, ' X']],
    [
      'folds, blank lines and lower case',
      [...zone.map((line) => `${line.slice(0, 3)}\n ${line.slice(3).toLowerCase()}\n`)],
    ],
    [
      'deep components in a zone',
      [
        'BEGIN:VTIMEZONE',
        ...'x'
          .repeat(29)
          .split('x')
          .flatMap(() => 'BEGIN:A'),
        'END:VTIMEZONE',
      ],
    ],
  ])('reads the same as readComponents, also the second time: %s', (_, lines) => {
    const text = around(lines);
    const wanted = readingOf(readComponents(text));
    expect(readingOf(readUnplaced(text))).toEqual(wanted);
    expect(readingOf(readUnplaced(text))).toEqual(wanted);
  });
});
