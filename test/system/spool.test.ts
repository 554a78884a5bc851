import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSpool, type Spool } from '../../src/system/spool.ts';

function withSpool(memoryBytes: number, work: (spool: Spool) => void, blockBytes = 16): void {
  const spool = openSpool(memoryBytes, blockBytes);
  try {
    work(spool);
  } finally {
    spool.close();
  }
}

test('gives every text back exactly, from memory and from the file, in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 60 })),
      fc.nat(80),
      fc.nat(80),
      (texts, memoryBytes, blockBytes) => {
        const gives = (spool: Spool): void => {
          const handles = texts.map((text) => spool.put(text));
          expect(handles.map((handle) => spool.get(handle))).toEqual(texts);
          expect([...handles].reverse().map((handle) => spool.get(handle))).toEqual([...texts].reverse());
        };
        withSpool(memoryBytes, gives, blockBytes);
      },
    ),
    { numRuns: 200 },
  );
});

test('counts bytes, not characters: what is over the limit goes to the file', () => {
  withSpool(4, (spool) => {
    const texts = ['\ufeffä', '€', 'x', '', '🎂'.repeat(100_000), '\0\r\n'];
    const handles = texts.map((text) => spool.put(text));
    expect(handles.map((handle) => spool.get(handle))).toEqual(texts);
  });
});

test('ST6: leaves no file and no directory behind, not even while it is open', () => {
  const ours = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('.pimsync-'));
  const before = ours();
  withSpool(0, (spool) => {
    spool.put('text');
    expect(ours()).toEqual(before);
  });
});

test('gives nothing after it was closed', () => {
  const spool = openSpool(0);
  const handle = spool.put('text');
  spool.close();
  expect(() => spool.get(handle)).toThrow('the spool has no text');
});
