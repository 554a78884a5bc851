import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StatusError } from '../../src/model/errors.ts';
import { href } from '../../src/model/names.ts';
import { momentOf } from '../../src/status/known-sound.ts';
import { openStatus } from '../../src/status/open-status.ts';
import { agreement, fillStatus } from '../support/status-builders.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

let directory: string;
let path: string;
let record: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pimsync-status-'));
  path = join(directory, 'work.status');
  record = `${path}.sound`;
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** How many agreements it holds at a time, or what was thrown. */
function count(now: number, mode: 'read-write' | 'dry-run' = 'read-write'): unknown {
  try {
    const status = openStatus(directory, 'work', mode, () => now);
    try {
      return status.mapping('work', { a: href('/a/'), b: href('/b/') }).count();
    } finally {
      status.close();
    }
  } catch (error) {
    return error;
  }
}

function makeLargeStatus(): void {
  const status = openStatus(directory, 'work', 'read-write', () => NOW);
  const agreements = Array.from({ length: 3000 }, (_, index) => agreement(`uid-${index}@example.org`));
  status
    .mapping('work', { a: href('/a/'), b: href('/b/') })
    .commit(agreements.map((each) => ({ type: 'agree', agreement: each, base: undefined })));
  status.close();
}

/** A change that only a comparison of all rows with their indexes finds. */
function flipSomething(): void {
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf('b-content-1');
  bytes.write('x', at);
  writeFileSync(path, bytes);
}

/** As if nobody had changed the file since it was found sound. */
const pretend = (checkedAt: number): void => writeFileSync(record, `${momentOf(path)} checked ${checkedAt}`);

test('ST4: a file that was changed after it was closed is checked, and so is its copy', () => {
  makeLargeStatus();
  expect(existsSync(record)).toBe(true);
  expect(statSync(record).mode & 0o777).toBe(0o600);
  flipSomething();
  expect(count(NOW + HOUR, 'dry-run')).toBeInstanceOf(StatusError);
  expect(count(NOW + HOUR)).toBeInstanceOf(StatusError);
  expect(count(NOW + HOUR)).toBe(0);
});

test('one that is just as it was closed is not checked again within a day', () => {
  makeLargeStatus();
  const moment = readFileSync(record, 'utf8');
  expect(count(NOW + HOUR, 'dry-run')).toBe(3000);
  expect(readFileSync(record, 'utf8')).toBe(moment);
  flipSomething();
  pretend(NOW);
  expect(count(NOW + HOUR, 'dry-run')).toBe(3000);
  expect(count(NOW + HOUR)).toBe(3000);
  expect(readFileSync(record, 'utf8')).toBe(`${momentOf(path)} checked ${NOW}`);
});

test.each([
  ['a day later', () => pretend(NOW - 24 * HOUR)],
  ['with a clock that was set back', () => pretend(NOW + 1)],
  ['without the record of it', () => rmSync(record)],
  ['with a record of something else', () => writeFileSync(record, 'x')],
  ['with a record that was cut off', () => truncateSync(record, statSync(record).size - 5)],
  ['with a log that somebody left', () => writeFileSync(`${path}-wal`, '')],
])('ST4: %s it is checked all the same', (_, change) => {
  makeLargeStatus();
  flipSomething();
  pretend(NOW);
  change();
  expect(count(NOW)).toBeInstanceOf(StatusError);
});

test('ST4: after a failure nothing is believed', () => {
  makeLargeStatus();
  rmSync(record);
  const status = openStatus(directory, 'work', 'read-write', () => NOW);
  const mapping = status.mapping('work', { a: href('/a/'), b: href('/b/') });
  // Refused by SQLite.
  const { sides, ident } = agreement('uid-1@example.org');
  const broken = { ident, sides: { ...sides, a: { ...sides.a, etag: null } } };
  expect(() => mapping.commit([{ type: 'agree', agreement: broken as never, base: undefined }])).toThrow(StatusError);
  status.close();
  expect(existsSync(record)).toBe(false);
});

test('a small one is checked each time, and nothing is kept of that', () => {
  const status = openStatus(directory, 'work', 'read-write', () => NOW);
  fillStatus(status);
  status.close();
  expect(existsSync(record)).toBe(false);
});
