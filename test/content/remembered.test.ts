import { expect, test } from 'vitest';
import { remembered } from '../../src/content/remembered.ts';

test('answers each short text once, and long ones each time', () => {
  const asked: number[] = [];
  const lengthOf = remembered((text) => {
    asked.push(text.length);
    return `${text.length}`;
  });
  const long = 'x'.repeat(100_000);
  expect(['a', 'bc', 'a', '', '', long, long].map(lengthOf)).toEqual(['1', '2', '1', '0', '0', '100000', '100000']);
  expect(asked).toEqual([1, 2, 0, 100_000, 100_000]);
});

test('forgets rather than growing without end', () => {
  let asked = 0;
  const answer = remembered((text) => {
    asked++;
    return text;
  });
  for (let number = 0; number < 100_000; number++) expect(answer(`text ${number}`)).toBe(`text ${number}`);
  answer('text 0');
  expect(asked).toBe(100_001);
});
