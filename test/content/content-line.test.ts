import { describe, expect, test } from 'vitest';
import { type ContentLine, contentLines, parametersOf, withCrlf } from '../../src/content/content-line.ts';

const linesOf = (text: string): readonly ContentLine[] => [...contentLines(text)];
const valuesOf = (text: string): readonly string[] => linesOf(text).map((line) => `${line.name}=${line.value}`);
const onlyLine = (text: string): ContentLine => {
  const [line, ...more] = linesOf(text);
  if (line === undefined || more.length > 0) throw new Error(`not one line, but ${more.length + (line ? 1 : 0)}`);
  return line;
};

describe('contentLines', () => {
  test('SI9 reads every kind of line end, and unfolds', () => {
    for (const end of ['\r\n', '\n', '\r']) {
      const text = ['BEGIN:X', 'SUMMARY:one', '  two', '\tthree', 'END:X', ''].join(end);
      expect(valuesOf(text)).toEqual(['BEGIN=X', 'SUMMARY=one twothree', 'END=X']);
    }
  });

  test('reads a text without a line end at its end', () => {
    expect(valuesOf('A:1\r\nB:2')).toEqual(['A=1', 'B=2']);
  });

  test('reads mixed line ends', () => {
    expect(valuesOf('A:1\nB:2\r\nC:3\rD:4\n\r\n')).toEqual(['A=1', 'B=2', 'C=3', 'D=4']);
  });

  test('passes over byte order marks and blank lines', () => {
    expect(valuesOf('\ufeff\ufeff\r\n  \r\nA:1\r\n\r\n\r\nB:2\r\n')).toEqual(['A=1', 'B=2']);
  });

  test('unfolds where each line end was written twice', () => {
    expect(valuesOf('A:1\r\r\n 2\r\r\nB:3\r\r\n')).toEqual(['A=12', 'B=3']);
  });

  test('unfolds within names and parameters', () => {
    const line = onlyLine('SUM\r\n MARY;LANG\r\n UAGE=en:x');
    expect(line).toMatchObject({ name: 'SUMMARY', parameters: 'LANGUAGE=en', value: 'x' });
  });

  test('gives offsets whose slices are the whole text', () => {
    const text = '\ufeffA:1\r\n folded\r\n\r\nB:2\nC:3';
    const slices = linesOf(text).map((line) => text.slice(line.start, line.end));
    expect(slices).toEqual(['A:1\r\n folded\r\n', 'B:2\n', 'C:3']);
  });

  test('takes groups and names in any case', () => {
    expect(onlyLine('item1.X-ABLabel:Home')).toMatchObject({ group: 'ITEM1', name: 'X-ABLABEL', value: 'Home' });
    expect(onlyLine('a.b.TEL:1')).toMatchObject({ group: 'A.B', name: 'TEL' });
    expect(onlyLine('TEL:1')).toMatchObject({ group: '', name: 'TEL' });
  });

  test('finds the colon after quoted parameters', () => {
    const line = onlyLine('ATTENDEE;CN="a:b;c";DIR="ldap://x":mailto:x@example.com');
    expect(line).toMatchObject({ name: 'ATTENDEE', value: 'mailto:x@example.com' });
    expect(onlyLine('ATTENDEE;CN="open:mailto:x').value).toBe('mailto:x');
    expect(onlyLine('A;B="x:";C="y:":1:"2"').value).toBe('1:"2"');
  });

  test('keeps what is no property as it is', () => {
    for (const text of ['no colon here', 'two words: and a colon', ':', ';X=1:2', 'A;B=1']) {
      expect(onlyLine(text)).toMatchObject({ name: '', value: text });
    }
  });

  test('joins the soft line breaks of quoted-printable, and of nothing else', () => {
    expect(valuesOf('NOTE;ENCODING=QUOTED-PRINTABLE:a=\r\nb: c=\r\nd\r\nFN:x')).toEqual(['NOTE=ab: cd', 'FN=x']);
    expect(valuesOf('NOTE;CHARSET=UTF-8;QUOTED-PRINTABLE:a=\nb')).toEqual(['NOTE=ab']);
    expect(valuesOf('KEY;ENCODING=b:QQ==\r\nFN:x')).toEqual(['KEY=QQ==', 'FN=x']);
    expect(valuesOf('NOTE:;QUOTED-PRINTABLE:=\nFN:x')).toEqual(['NOTE=;QUOTED-PRINTABLE:=', 'FN=x']);
  });

  test.each([
    ['folds', `A:${'\r\n x'.repeat(300_000)}`],
    ['soft line breaks', `A;QUOTED-PRINTABLE:${'x=\r\n'.repeat(300_000)}`],
    ['blank lines', `A:1${'\r\n'.repeat(500_000)}B:2`],
    ['lines without CR', 'A:1\n'.repeat(300_000)],
    ['lines without LF', 'A:1\r'.repeat(300_000)],
    ['quotes', `A;B=${'"'.repeat(1_000_000)}:x`],
  ])('takes linear time and no stack for many %s', (_, text) => {
    expect(linesOf(text).length).toBeGreaterThan(0);
  });
});

describe('parametersOf', () => {
  test('splits names and values outside of quotes', () => {
    expect(parametersOf(onlyLine('TEL;type=home,"a,b";X="c;d";PREF:1'))).toEqual([
      { name: 'TYPE', values: ['home', 'a,b'] },
      { name: 'X', values: ['c;d'] },
      { name: '', values: ['PREF'] },
    ]);
    expect(parametersOf(onlyLine('TEL:1'))).toEqual([]);
    expect(parametersOf(onlyLine('TEL;;A=:1'))).toEqual([{ name: 'A', values: [''] }]);
  });
});

test('SI12 withCrlf changes only line ends', () => {
  expect(withCrlf('a\nb\r\nc\rd')).toBe('a\r\nb\r\nc\r\nd');
});
