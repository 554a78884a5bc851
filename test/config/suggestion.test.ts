import { describe, expect, it } from 'vitest';
import { closest, didYouMean, editDistance } from '../../src/config/suggestion.ts';

describe('a suggestion', () => {
  it('is the closest name', () => {
    expect(closest('colections', ['collection', 'collections'])).toBe('collections');
    expect(closest('readonly', ['interval', 'read_only'])).toBe('read_only');
    expect(closest('Read-Only', ['read_only'])).toBe('read_only');
  });

  it('is not made where nothing is close', () => {
    expect(closest('frobnicate', ['interval', 'read_only', 'path'])).toBeUndefined();
    expect(closest('c', ['a', 'b'])).toBeUndefined();
    expect(didYouMean('x', [])).toBe('');
  });

  it('ends a message', () => {
    expect(didYouMean('histroy', ['history'])).toBe('; did you mean "history"?');
  });
});

describe('the distance of two words', () => {
  it('counts letters left out, put in, exchanged and swapped', () => {
    const distances = [
      ['url', 'url'],
      ['ulr', 'url'],
      ['ur', 'url'],
      ['urll', 'url'],
      ['uri', 'url'],
      ['', 'url'],
      ['type', 'path'],
    ];
    expect(distances.map(([a = '', b = '']) => editDistance(a, b))).toEqual([0, 1, 1, 1, 1, 3, 4]);
  });
});
