import { describe, expect, test } from 'vitest';
import { certainlyNotDone, StorageError } from '../../src/model/errors.ts';
import { storageErrorFrom } from '../../src/storage/http-error.ts';
import { HttpError } from '../../src/system/http-failure.ts';

describe('a failed request as a failure of a storage', () => {
  test('says what could not be done, keeps the hint and the cause', () => {
    const cause = new HttpError('origin', 'the server leads to https://b.example', { hint: 'add it' });
    const error = storageErrorFrom(cause, 'list "work" on storage "remote"');
    expect(error.message).toBe('could not list "work" on storage "remote": the server leads to https://b.example');
    expect(error).toMatchObject({ kind: 'denied', hint: 'add it', cause });
  });

  test.each([
    'refused',
    'unresolved',
    'no-name-server',
    'timeout',
    'cut',
    'certificate',
    'other',
    'too-large',
    'redirect',
  ] as const)('SR4 after %s a write may have been done', (reason) => {
    expect(certainlyNotDone(storageErrorFrom(new HttpError(reason, 'x'), 'write').kind)).toBe(false);
  });

  test('a failure of a storage stays as it is, and a bug stays a bug', () => {
    const known = new StorageError('changed', 'x');
    expect(storageErrorFrom(known, 'write')).toBe(known);
    expect(() => storageErrorFrom(new TypeError('bug'), 'write')).toThrow(TypeError);
  });
});
