import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { certainlyNotDone, StorageError, type StorageErrorKind } from '../../../src/model/errors.ts';
import { asStorageError } from '../../../src/storage/vdir/file-error.ts';

const failure = (code: string): Error => Object.assign(new Error(`${code}: in words`), { code, syscall: 'write' });
const kindOf = (code: string): StorageErrorKind | undefined => {
  const error = asStorageError(failure(code), 'could not write');
  return error instanceof StorageError ? error.kind : undefined;
};

describe('what a file system refuses', () => {
  test.each([
    ['ENOENT', 'not-found'],
    ['EEXIST', 'already-exists'],
    ['ENOTEMPTY', 'not-empty'],
    ['EACCES', 'unauthorized'],
    ['EROFS', 'unauthorized'],
    ['ENAMETOOLONG', 'rejected'],
    ['ENOSPC', 'unavailable'],
    ['EDQUOT', 'unavailable'],
    ['EIO', 'unavailable'],
    ['EMFILE', 'overloaded'],
  ] as const)('B2 %s is %s', (code, kind) => {
    expect(kindOf(code)).toBe(kind);
  });

  test('B1 a full disk is tried again by a later run, not held against the item', () => {
    expect(certainlyNotDone(kindOf('ENOSPC') ?? 'rejected')).toBe(false);
  });

  test('says what was tried and why it failed, and keeps the cause', () => {
    try {
      readFileSync(join(tmpdir(), 'pimsync-nothing-is-here'));
    } catch (cause) {
      const error = asStorageError(cause, 'could not read x');
      expect(error).toMatchObject({ message: 'could not read x: there is no such file or directory', cause });
    }
  });

  test('leaves alone what is a bug, and what is a storage error already', () => {
    const bug = new TypeError('x is not a function');
    const told = new StorageError('changed', 'another version');
    expect(asStorageError(bug, 'could not write')).toBe(bug);
    expect(asStorageError(told, 'could not write')).toBe(told);
  });
});
