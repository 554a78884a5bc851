import { closeSync, fstatSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isJournal } from '../../src/system/journal.ts';

describe("the journal's stream", () => {
  test('is told by its device and inode', () => {
    const descriptor = openSync('/dev/null', 'w');
    const { dev, ino } = fstatSync(descriptor);
    expect(isJournal(`${dev}:${ino}`, descriptor)).toBe(true);
    expect(isJournal(`${dev}:${ino + 1}`, descriptor)).toBe(false);
    expect(isJournal(undefined, descriptor)).toBe(false);
    closeSync(descriptor);
    expect(isJournal(`${dev}:${ino}`, descriptor)).toBe(false);
  });
});
