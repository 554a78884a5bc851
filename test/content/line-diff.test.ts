import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretchesOf } from '../../src/content/line-diff.ts';

const letters = (text: string): readonly string[] => [...text];
const shown = (a: string, b: string): readonly string[] =>
  stretchesOf(letters(a), letters(b), (letter) => letter).map((part) =>
    part.same ? part.a.join('') : `${part.a.join('')}|${part.b.join('')}`,
  );

describe('a diff', () => {
  it.each([
    ['', '', []],
    ['abc', 'abc', ['abc']],
    ['', 'x', ['|x']],
    ['abc', 'axc', ['a', 'b|x', 'c']],
    ['abc', 'abcd', ['abc', '|d']],
    ['xabc', 'abcy', ['x|', 'abc', '|y']],
    ['abcd', 'acbd', ['a', 'b|', 'c', '|b', 'd']],
    ['aa', 'aaa', ['aa', '|a']],
  ])('of %j and %j is %j', (a, b, parts) => {
    expect(shown(a, b)).toEqual(parts);
  });

  it('holds both lists, in their order, and calls the same what is', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const parts = stretchesOf(a, b, (value) => value);
        expect(parts.flatMap((part) => part.a)).toEqual(a);
        expect(parts.flatMap((part) => part.b)).toEqual(b);
        for (const part of parts) {
          if (part.same) expect(part.a).toEqual(part.b);
          expect(part.a.length + part.b.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('of lists that differ far too much ends soon', () => {
    const list = (name: string): readonly string[] => Array.from({ length: 10_000 }, (_, index) => `${name}${index}`);
    const parts = stretchesOf(['x', ...list('a'), 'y'], ['x', ...list('b'), 'y'], (value) => value);
    expect(parts.map(({ same }) => same)).toEqual([true, false, true]);
  });
});
