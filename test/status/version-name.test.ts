import { expect, test } from 'vitest';
import { versionName } from '../../src/status/version-name.ts';

test('a version has a name of eight digits that no other has, and that stays', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => versionName(index + 1));
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[0-9a-f]{8}$/.test(name))).toBe(true);
  expect([names[0], names[1]]).toEqual(['9e3779b1', '3c6ef362']);
});

test('the first four digits tell the versions of a day apart', () => {
  const beginnings = Array.from({ length: 50 }, (_, index) => versionName(index + 1000).slice(0, 4));
  expect(new Set(beginnings).size).toBe(beginnings.length);
});
