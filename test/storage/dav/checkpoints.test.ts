import { describe, expect, test } from 'vitest';
import { checkpoint, href } from '../../../src/model/names.ts';
import { ofCtag, ofToken, tokenIn, versionOf } from '../../../src/storage/dav/checkpoints.ts';

const work = href('/work/');
const at = (seconds: number): string => new Date(seconds * 1000).toUTCString();

describe('checkpoints', () => {
  test('SL6 a token is the version of its collection, and asked from there only', () => {
    const taken = ofToken(work, 'http://example.com/ns/sync/42', at(1_700_000_000));
    expect(taken).toBe(versionOf(work, 'http://example.com/ns/sync/42', 'other'));
    expect(tokenIn(work, taken)).toBe('http://example.com/ns/sync/42');
    expect(tokenIn(href('/other/'), taken)).toBeUndefined();
  });

  test('SL6 a ctag is a version, and no token', () => {
    const taken = ofCtag(work, '"7"', undefined);
    expect(taken).toBe(versionOf(work, undefined, '"7"'));
    expect(tokenIn(work, taken)).toBeUndefined();
  });

  test.each([
    [1_700_000_000, true],
    [1_700_000_001, true],
    [1_700_000_002, false],
    [1_700_009_999, false],
    [1_600_000_000, true],
  ])('SL6 a time is too young to be trusted at %i: %s', (now, young) => {
    for (const taken of [ofToken(work, '1700000000', at(now)), ofCtag(work, '1700000000', at(now))]) {
      const versions = [versionOf(work, '1700000000', undefined), versionOf(work, undefined, '1700000000')];
      expect(versions.includes(taken)).toBe(!young);
      if (young) expect(tokenIn(work, taken)).toBeUndefined();
    }
  });

  test('SL6 a time is not trusted where the server does not tell its own', () => {
    expect(tokenIn(work, ofToken(work, '1700000000', undefined))).toBeUndefined();
    expect(tokenIn(work, ofToken(work, '-1', at(1_700_000_000)))).toBeUndefined();
  });

  test('what is not ours is no token', () => {
    for (const foreign of ['', 'token', 'token /work/', 'ctag /work/ 1', '{}']) {
      expect(tokenIn(work, checkpoint(foreign))).toBeUndefined();
    }
    expect(tokenIn(work, undefined)).toBeUndefined();
  });
});
