import { describe, expect, test } from 'vitest';
import type { PropertyName } from '../../src/model/collection.ts';
import { sameValue } from '../../src/reconcile/property-value.ts';

describe('SI5 the same', () => {
  test.each<[PropertyName, string | undefined, string | undefined]>([
    ['displayname', 'Work', ' Work\n'],
    ['displayname', undefined, undefined],
    ['displayname', undefined, ' '],
    ['description', '', undefined],
    ['color', '', undefined],
    ['color', '#abc', '#AABBCC'],
    ['color', '#abc', '#aabbccff'],
    ['color', '#abcf', '#aabbcc'],
    ['color', '#abc8', '#AABBCC88'],
    ['color', ' #aabbcc ', '#AABBCC'],
    ['color', 'Red', '#f00'],
    ['color', 'rebeccapurple', '#663399'],
    ['color', 'grey', 'gray'],
    ['color', '#Red', 'red'],
    ['color', 'no colour', ' no colour'],
    ['order', '1', '01'],
    ['order', '1', '+1'],
    ['order', '-1', '-01'],
    ['order', 'first', ' first '],
  ])('%s %j and %j', (name, x, y) => {
    expect(sameValue(name, x, y)).toBe(true);
    expect(sameValue(name, y, x)).toBe(true);
  });
});

describe('SI6 different', () => {
  test.each<[PropertyName, string | undefined, string | undefined]>([
    ['displayname', 'Work', 'work'],
    ['displayname', 'Work', undefined],
    ['displayname', 'my work', 'my  work'],
    ['displayname', 'red', '#ff0000'],
    ['displayname', '1', '01'],
    ['description', '#abc', '#aabbcc'],
    ['color', '#aabbcc', '#aabbcd'],
    ['color', '#aabbcc', '#aabbcc00'],
    ['color', '#aabbcc80', '#aabbcc88'],
    ['color', '#aabbcc', undefined],
    ['color', 'red', 'blue'],
    ['color', 'No colour', 'no colour'],
    ['color', '#ab', '#aabb'],
    ['color', '#abcde', '#abcdef'],
    ['order', '1', '10'],
    ['order', '1', '-1'],
    ['order', '0', undefined],
    ['order', '1', '1.5'],
    ['order', '12345678901234567', '12345678901234568'],
  ])('%s %j and %j', (name, x, y) => {
    expect(sameValue(name, x, y)).toBe(false);
    expect(sameValue(name, y, x)).toBe(false);
  });
});

test.each(['toString', 'constructor', '__proto__'])('SI6 %s is the name of no colour', (word) => {
  expect(sameValue('color', word, undefined)).toBe(false);
  expect(sameValue('color', word, '#000000')).toBe(false);
});
