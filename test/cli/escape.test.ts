import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible, visibleJson } from '../../src/cli/escape.ts';

const HOSTILE = [
  ['an escape sequence', '\u001b[2Jx', '\\x1b[2Jx'],
  ['a line that is not ours', 'a\nerror: b\rc', 'a\\nerror: b\\rc'],
  ['C1', 'a\u009b31mb', 'a\\x9b31mb'],
  ['DEL', 'a\u007fb', 'a\\x7fb'],
  ['a change of direction', 'a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
  ['a separator of lines', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
] as const;

describe('visible', () => {
  test.each(HOSTILE)('S15: shows %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test('leaves what people write', () => {
    const text = 'Zahnärztin\t– 歯医者 👩‍⚕️ "x" \\n שלום';
    expect(visible(text)).toBe(text);
  });
});

describe('visibleJson', () => {
  test.each(HOSTILE)('S15: holds %s, and nothing of it on the line', (_, text) => {
    const line = visibleJson({ text });
    expect(line).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(line)).toEqual({ text });
  });

  test('S15: reads back as what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = visibleJson(text);
        expect(JSON.parse(line)).toBe(text);
        expect(visible(line)).toBe(line);
      }),
    );
  });
});
