import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compress, expand } from '../../src/status/compressed-text.ts';

test('ST2: a text comes back exactly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expand(compress(text)) === text));
  const long = 'DESCRIPTION:äöü\u{1f382}\r\n'.repeat(100_000);
  expect(expand(compress(long))).toBe(long);
  expect(compress(long).length).toBeLessThan(long.length / 20);
});

test('ST4: a flipped bit anywhere is noticed, or changes nothing', () => {
  const text = 'BEGIN:VCARD\r\nFN:Somebody\r\nNOTE:aaaaaaaaaaaaaaaaaaaaaaa\r\nEND:VCARD\r\n';
  const bytes = compress(text);
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    let found: string | undefined;
    try {
      found = expand(flipped);
    } catch (error) {
      expect(error).toHaveProperty('code');
    }
    if (found !== undefined) expect(found, `bit ${bit}`).toBe(text);
  }
});
