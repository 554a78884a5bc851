import { expect, test } from 'vitest';
import { localTime } from '../../../src/cli/local-time.ts';
import { versionLine, versionMembers } from '../../../src/cli/versions/shown-version.ts';
import { keptVersion, PAIR } from './kept-version.ts';

test('a version is a line with its name, when, which run, where, why and what', () => {
  const version = keptVersion(1, 'uid-1');
  expect(versionLine(version, PAIR.storages)).toBe(
    `9e3779b1  ${localTime(version.time)}  run 7    server  deleted: "Dinner" (uid-1), in home`,
  );
  const unnamed = keptVersion(1, 'fingerprint:abc', { run: undefined, summary: '', reason: 'restored' });
  expect(versionLine(unnamed, PAIR.storages)).toContain(
    '  -        server  replaced by restore: an item (without UID), in home',
  );
});

test('a version has all its members in JSON, and null where it has none', () => {
  expect(versionMembers('work', keptVersion(1, 'fingerprint:abc', { run: undefined }), PAIR.storages)).toEqual({
    id: '9e3779b1',
    pair: 'work',
    collection: 'home',
    uid: null,
    side: 'b',
    storage: 'server',
    href: '/home/fingerprint:abc.ics',
    time: '2026-11-22T00:00:00.000Z',
    reason: 'deleted',
    run: null,
    summary: 'Dinner',
  });
});
