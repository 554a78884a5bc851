import { describe, expect, it } from 'vitest';
import { linesOf, placesOf, renderMistake } from '../../src/config/mistake.ts';

const render = (text: string, line: number, column: number, length: number): readonly string[] =>
  renderMistake({ at: { line, column, length }, message: 'wrong' }, 'F', linesOf(text)).split('\n');

describe('a mistake', () => {
  it('is shown with its line and a caret', () => {
    expect(render('a\nb cde', 2, 3, 3)).toEqual(['F:2:3: wrong', '  b cde', '    ^^^']);
  });

  it('has its caret in the right place behind tabs', () => {
    expect(render('\ta\tbc', 1, 4, 2)).toEqual(['F:1:4: wrong', '  \ta\tbc', '  \t \t^^']);
  });

  it('is shown in a part of a very long line', () => {
    const [, line = '', caret = ''] = render(`${'x'.repeat(500)}HERE${'y'.repeat(500)}`, 1, 501, 4);
    expect(line.length).toBeLessThan(200);
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('does nothing to the terminal', () => {
    expect(render('a\u001b[31mb\u202e', 1, 1, 1)[1]).toBe('  a\ufffd[31mb\ufffd');
  });

  it('at the end of the file has a place, and no line', () => {
    expect(render('a\n', 2, 1, 1)).toEqual(['F:2:1: wrong']);
  });
});

describe('a place', () => {
  it('counts lines by any line end, and stays in its line', () => {
    const placeOf = placesOf('ab\r\ncd\re\nf');
    expect([placeOf(0, 2), placeOf(5, 9), placeOf(7, 8), placeOf(9, 9)]).toEqual([
      { line: 1, column: 1, length: 2 },
      { line: 2, column: 2, length: 1 },
      { line: 3, column: 1, length: 1 },
      { line: 4, column: 1, length: 1 },
    ]);
  });
});
