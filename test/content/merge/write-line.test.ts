import { describe, expect, test } from 'vitest';
import { writeLine } from '../../../src/content/merge/write-line.ts';

const SUMMARY = { group: '', name: 'SUMMARY' };

describe('SF2 a line that a merge writes', () => {
  test('has its group and its parameters', () => {
    expect(writeLine({ group: 'ITEM1', name: 'TEL' }, 'TYPE=HOME', '1', '\n')).toBe('ITEM1.TEL;TYPE=HOME:1\n');
  });

  test('is folded to 75 octets, never within a character', () => {
    const text = writeLine(SUMMARY, '', `${'a'.repeat(67)}bc${'ü'.repeat(40)}${'😀'.repeat(40)}`, '\r\n');
    const lines = text.split('\r\n').slice(0, -1);
    expect(lines.map((line) => Buffer.byteLength(line))).toEqual([75, 75, 73, 73, 25]);
    expect(lines.slice(1).every((line) => line.startsWith(' '))).toBe(true);
    expect(text).not.toContain('\uFFFD');
    expect(text.replaceAll('\r\n ', '')).toContain(`${'a'.repeat(67)}bcü`);
  });

  test('counts the space in front of what continues it', () => {
    const lines = writeLine(SUMMARY, '', 'a'.repeat(200), '\n').split('\n');
    expect(lines.map((line) => line.length)).toEqual([75, 75, 60, 0]);
  });

  test('is whole where it is quoted-printable', () => {
    const value = '=C3=A9'.repeat(40);
    expect(writeLine(SUMMARY, 'ENCODING=QUOTED-PRINTABLE', value, '\n')).toBe(
      `SUMMARY;ENCODING=QUOTED-PRINTABLE:${value}\n`,
    );
  });
});
