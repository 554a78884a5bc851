import { describe, expect, it } from 'vitest';
import { hasMarks, markDifferences } from '../../src/content/mark-differences.ts';

const NAMES = { a: 'laptop', b: 'server' };
const text = (end: string, ...lines: readonly string[]): string =>
  ['BEGIN:VCARD', ...lines, 'END:VCARD'].map((line) => `${line}${end}`).join('');

describe('marked differences', () => {
  it('stand where they are, in the line ends of A', () => {
    const a = text('\r\n', 'UID:1', 'FN:Mira', 'NOTE:a');
    const b = text('\n', 'UID:1', 'FN:Mira Novak', 'TEL:1', 'NOTE:a');
    const marked = markDifferences({ a, b }, NAMES);
    expect(marked).toBe(
      'BEGIN:VCARD\r\nUID:1\r\n<<<<<<< a: laptop\r\nFN:Mira\r\n=======\r\nFN:Mira Novak\nTEL:1\n>>>>>>> b: server\r\n' +
        'NOTE:a\r\nEND:VCARD\r\n',
    );
    expect(hasMarks(marked)).toBe(true);
    expect([a, b].some(hasMarks)).toBe(false);
  });

  it('are not how a line is folded, nor stamps', () => {
    const a = text('\r\n', 'UID:1', 'REV:20260101T000000Z', 'FN:Mira Novak');
    const b = text('\n', 'UID:1', 'REV:20260202T000000Z', 'FN:Mira N\n ovak');
    expect(markDifferences({ a, b }, NAMES)).toBe(a);
  });

  it.each(['=======\n', 'FN:a\n>>>>>>> b: server\n', '<<<<<<< a: laptop\r\nFN:a\r\n'])(
    'left in %j are seen',
    (left) => {
      expect(hasMarks(left)).toBe(true);
    },
  );

  it('do not hang together with a last line that has no end', () => {
    const marked = markDifferences({ a: 'BEGIN:VCARD\nEND:VCARD', b: 'BEGIN:VCARD\nFN:x\nEND:VCARD' }, NAMES);
    expect(marked).toBe('BEGIN:VCARD\n<<<<<<< a: laptop\n=======\nFN:x\n>>>>>>> b: server\nEND:VCARD\n');
  });
});
