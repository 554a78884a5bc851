import { describe, expect, test } from 'vitest';
import { findingLines, findingMembers } from '../../../src/cli/reporters/shown-finding.ts';
import type { Difference } from '../../../src/content/merge/difference.ts';
import { collectionId, etag, fingerprint, href, ident } from '../../../src/model/names.ts';
import type { Outcome } from '../../../src/sync/events.ts';
import type { Finding, SeenItem } from '../../../src/sync/repair/repair-findings.ts';

const item = (at: string, summary: string): SeenItem => ({
  href: href(at),
  etag: etag('1'),
  ident: ident('uid-1'),
  fingerprint: fingerprint('x'),
  summary,
});

const found = (finding: Finding, outcome?: Outcome, differences: readonly Difference[] = []) => ({
  type: 'finding' as const,
  collection: { href: href('/home/'), id: collectionId('home'), properties: {} },
  finding,
  outcome,
  differences: new Map([[href('b.ics'), differences]]),
});

const surplus: Finding = { type: 'surplus', item: item('b.ics', 'Dinner'), kept: item('a.ics', 'Dinner') };
const unnamed: Finding = {
  type: 'without-uid',
  item: { ...item('c.ics', 'Lunch'), ident: ident('fingerprint:x') },
  uid: 'new-uid',
};
const different: Finding = {
  type: 'different',
  ident: ident('uid-1'),
  items: [item('a.ics', 'Dinner'), item('b.ics', 'Supper')],
};
const unreadable: Finding = { type: 'unreadable', href: href('d.ics'), reason: 'it is empty' };
const failed: Outcome = { type: 'failed', error: { kind: 'denied', message: 'not you', hint: undefined } };

describe('a finding', () => {
  test.each([
    [surplus, { type: 'done' }, 'removed the copy of "Dinner" (uid-1) at b.ics; a.ics is equal and stays'],
    [surplus, undefined, 'would remove the copy of "Dinner" (uid-1) at b.ics; a.ics is equal and stays'],
    [unnamed, { type: 'done' }, 'gave the UID new-uid to "Lunch" (without UID) at c.ics'],
    [unnamed, failed, 'could not give the UID new-uid to "Lunch" (without UID) at c.ics: not you'],
    [unnamed, { type: 'postponed', reason: 'it changed' }, /could not give .*: it changed$/],
    [unreadable, undefined, 'the item at d.ics cannot be used: it is empty'],
  ] as const)('is told with what was done about it: %j', (finding, outcome, text) => {
    const lines = findingLines('laptop', found(finding, outcome)).map((line) => line.text);
    expect(lines).toHaveLength(1);
    const told = lines[0]?.replace(/^laptop\/home: /, '');
    if (text instanceof RegExp) expect(told).toMatch(text);
    else expect(told).toBe(text);
  });

  test('SI10: of different items shows them below each other, and the way on', () => {
    const differences = [
      { component: { type: 'VEVENT', recurrenceId: undefined }, property: 'SUMMARY', a: 'Dinner', b: 'Supper' },
      { component: { type: 'VEVENT', recurrenceId: '2026-06-01' }, property: 'NOTE', a: undefined, b: 'x'.repeat(99) },
    ];
    expect(findingLines('laptop', found(different, undefined, differences)).map(({ text }) => text)).toEqual([
      'laptop/home: 2 different items have the UID uid-1:',
      '  a.ics: "Dinner"',
      '  b.ics: "Supper"',
      '    VEVENT SUMMARY: "Supper", not "Dinner"',
      `    VEVENT NOTE of 2026-06-01: "${'x'.repeat(59)}…", not nothing`,
      '  keep one of them, or give the others another UID',
    ]);
  });

  test('has all its members in JSON', () => {
    const common = { storage: 'laptop', collection: 'home' };
    expect(findingMembers('laptop', found(surplus, { type: 'done' }))).toEqual({
      ...common,
      finding: 'surplus',
      href: 'b.ics',
      uid: 'uid-1',
      summary: 'Dinner',
      kept: 'a.ics',
      outcome: 'done',
    });
    expect(findingMembers('laptop', found(unnamed, failed))).toEqual({
      ...common,
      finding: 'without-uid',
      href: 'c.ics',
      uid: 'new-uid',
      summary: 'Lunch',
      outcome: 'failed',
      kind: 'denied',
      message: 'not you',
      hint: null,
    });
    expect(findingMembers('laptop', found(different))).toMatchObject({
      uid: 'uid-1',
      items: [{ href: 'a.ics', summary: 'Dinner' }, { href: 'b.ics' }],
      outcome: null,
    });
    expect(findingMembers('laptop', found(unreadable))).toMatchObject({ href: 'd.ics', reason: 'it is empty' });
  });
});
