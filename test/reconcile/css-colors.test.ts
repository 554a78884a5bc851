import { expect, test } from 'vitest';
import { cssColors } from '../../src/reconcile/css-colors.ts';

test('there are the 148 names of CSS, lower-case, each with six digits', () => {
  expect(cssColors.size).toBe(148);
  for (const [name, value] of cssColors) {
    expect(name).toMatch(/^[a-z]+$/);
    expect(value).toMatch(/^#[0-9a-f]{6}$/);
  }
});

test('both spellings of grey, and both names of two colours, are one', () => {
  for (const [name, value] of cssColors) {
    if (name.includes('gray')) expect(cssColors.get(name.replace('gray', 'grey')), name).toBe(value);
  }
  expect(cssColors.get('cyan')).toBe(cssColors.get('aqua'));
  expect(cssColors.get('magenta')).toBe(cssColors.get('fuchsia'));
});
