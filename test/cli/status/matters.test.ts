import { describe, expect, test } from 'vitest';
import { matterName, wayOn } from '../../../src/cli/status/matters.ts';
import type { KnownWaiting } from '../../../src/status/waiting-list.ts';
import { PAIR } from '../versions/kept-version.ts';

const matter = (more: Partial<KnownWaiting>): KnownWaiting => ({
  type: 'held',
  subject: 'uid-1',
  side: 'b',
  summary: 'Dinner',
  reason: 'it is so',
  versions: { a: undefined, b: undefined },
  collection: 'home',
  since: 0,
  ...more,
});

describe('what waits', () => {
  test.each([
    [{ type: 'conflict' }, '"Dinner" (uid-1)', 'pimsync resolve-conflicts work/home'],
    [
      { type: 'conflict', subject: 'property:color', summary: '' },
      'the property color',
      'pimsync resolve-conflicts work/home',
    ],
    [
      { subject: '', reason: 'all is gone: --allow-empty (or on_empty sync) deletes it' },
      'the collection on server',
      'pimsync sync --allow-empty work/home',
    ],
    [{ subject: '', reason: 'gone: --allow-rollback takes it' }, 'the collection on server', /sync --allow-rollback/],
    [{ subject: '', reason: 'two have this id' }, 'the collection on server', undefined],
    [{ reason: '"server" is read-only', waits: false }, '"Dinner" (uid-1)', undefined],
    [{ type: 'failed' }, '"Dinner" (uid-1) on server', 'pimsync sync work/home'],
    [
      { type: 'failed', subject: 'fingerprint:x' },
      '"Dinner" (without UID) on server',
      'pimsync repair laptop, or, to try again: pimsync sync work/home',
    ],
    [{ type: 'failed', subject: 'home', collection: undefined }, 'the collection home on server', /sync work\/home$/],
    [{ type: 'failed', subject: '', collection: undefined }, 'the pair on server', 'pimsync sync work'],
    [{ type: 'failed', subject: '', collection: undefined, reason: 'no "server"' }, 'the pair', 'pimsync sync work'],
    [
      { type: 'unreadable', subject: 'b:/home/x.ics' },
      'the item at /home/x.ics on server',
      'correct it there, or remove it; then: pimsync sync work/home',
    ],
    [{ type: 'duplicate' }, '"Dinner" (uid-1)', 'pimsync repair -n server'],
  ] as const)('%j is named, with the way on', (more, name, way) => {
    expect(matterName(matter(more), PAIR)).toBe(name);
    const told = wayOn(matter(more), PAIR);
    if (way instanceof RegExp) expect(told).toMatch(way);
    else expect(told).toBe(way);
  });
});
