import { expect, test } from 'vitest';
import { matchesGlob } from '../../src/reconcile/glob.ts';

test.each([
  ['work', 'work'],
  ['work', '*'],
  ['', '*'],
  ['', ''],
  ['work', 'w*k'],
  ['work', 'work*'],
  ['work', '*work'],
  ['work', '**'],
  ['work', 'w??k'],
  ['work', '????'],
  ['a-b-c', '*-c'],
  ['aab', '*ab'],
  ['abcabd', '*ab?'],
  ['a*b', 'a*b'],
  ['a?b', 'a?b'],
  ['süß', 's?ß'],
  ['a\u{1f4c5}b', 'a?b'],
  ['[ab].c+', '[ab].c+'],
])('exclude: %j fits %j', (text, glob) => {
  expect(matchesGlob(text, glob)).toBe(true);
});

test.each([
  ['work', 'wor'],
  ['work', 'ork'],
  ['work', 'Work'],
  ['work', 'w?k'],
  ['work', 'work?'],
  ['work', '*x*'],
  ['work', ''],
  ['', '?'],
  ['a', '[a]'],
  ['ab', 'a.'],
  ['aab', '*aa'],
  ['a*', 'a?b'],
])('exclude: %j does not fit %j', (text, glob) => {
  expect(matchesGlob(text, glob)).toBe(false);
});

test('exclude: many stars take no time that grows beyond the product of the lengths', () => {
  expect(matchesGlob('a'.repeat(2000), `${'*a'.repeat(200)}*b`)).toBe(false);
});
