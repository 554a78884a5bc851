import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withPairLock } from '../../../src/cli/pairs/pair-lock.ts';
import { printTo } from '../../../src/cli/print.ts';
import { endingOfState, type PairReport, reportPair } from '../../../src/cli/status/pair-report.ts';
import { showReport } from '../../../src/cli/status/show-report.ts';
import { collectionId, href } from '../../../src/model/names.ts';
import { openStatus } from '../../../src/status/open-status.ts';
import type { PairStatus } from '../../../src/status/pair-status.ts';
import type { RunEnding, Waiting } from '../../../src/status/status.ts';
import { agreement } from '../../support/status-builders.ts';
import { fakeOutside } from '../fake-outside.ts';
import { PAIR } from '../versions/kept-version.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pimsync-report-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const HREFS = { a: href('/a/'), b: href('/b/') };
const NOW = 10_000_000;

function remember(work: (status: PairStatus) => void): void {
  const status = openStatus(directory, 'work', 'read-write', () => NOW);
  try {
    work(status);
  } finally {
    status.close();
  }
}

const ran = (status: PairStatus, outcome: RunEnding['outcome'], details = '{}'): void =>
  status.endRun(status.beginRun(), { outcome, details });

const conflict: Waiting = {
  type: 'conflict',
  subject: 'uid-1',
  side: undefined,
  summary: 'Dinner',
  reason: 'changed differently on both sides',
  versions: { a: undefined, b: undefined },
};

const report = (): PairReport => reportPair(directory, PAIR);

function shown(most = 10): readonly string[] {
  const outside = fakeOutside([]);
  showReport(report(), { print: printTo(outside, 'never', {}), now: NOW + 120_000, most });
  return outside.texts.stdout.trimEnd().split('\n');
}

describe('a pair', () => {
  test('that was never synced is told so, and what the configuration names of it', () => {
    expect(report()).toMatchObject({ state: 'never-synced', collections: [] });
    expect(shown()).toEqual(['work: never synced', '  to go on: pimsync sync work']);
    const id = { type: 'id', id: collectionId('home') } as const;
    const named = { ...PAIR, rules: { ...PAIR.rules, mappings: [{ name: 'home', sides: { a: id, b: id } }] } };
    expect(reportPair(directory, named).collections).toEqual([{ name: 'home', items: undefined }]);
  });

  test('that is in sync has its counts', () => {
    remember((status) => {
      const home = status.mapping('home', HREFS);
      home.commit([{ type: 'agree', agreement: agreement('1'), base: undefined }]);
      status.mapping('a longer name', { ...HREFS, b: href('/c/') });
      ran(status, 'done');
    });
    const lines = shown();
    expect(lines[0]).toMatch(/^work: in sync; last run 2 minutes ago \(\d{4}-/);
    expect(lines.slice(1)).toEqual(['  a longer name  0 items', '  home           1 item']);
  });

  test('with an open conflict waits, also when a later run of another collection went well', () => {
    remember((status) => {
      status.mapping('home', HREFS).wait([conflict]);
      ran(status, 'done');
    });
    expect(report().state).toBe('waiting');
    const lines = shown();
    expect(lines[0]).toContain('work: something waits for you; last run');
    expect(lines[2]).toMatch(/^ {4}conflict: "Dinner" \(uid-1\): changed differently on both sides \(since \d{4}-/);
    expect(lines[3]).toBe('      to go on: pimsync resolve-conflicts work/home');
  });

  test('SG4: that holds only what the configuration wants held is in sync', () => {
    remember((status) => {
      status
        .mapping('home', HREFS)
        .wait([{ ...conflict, type: 'held', reason: '"server" is read-only', waits: false }]);
      ran(status, 'done');
    });
    expect(report().state).toBe('in-sync');
    expect(shown().join('\n')).toContain('held: "Dinner" (uid-1): "server" is read-only');
  });

  test('of which much waits shows the beginning, and each way once', () => {
    remember((status) => {
      status.mapping('home', HREFS).wait([1, 2, 3, 4].map((each) => ({ ...conflict, subject: `uid-${each}` })));
      ran(status, 'waiting');
    });
    expect(shown(2).slice(-3)).toEqual([
      expect.stringContaining('conflict: "Dinner" (uid-2)'),
      '    and 2 more; -v info shows all',
      '      to go on: pimsync resolve-conflicts work/home',
    ]);
  });

  test('that failed says why', () => {
    remember((status) => {
      status.wait([{ ...conflict, type: 'failed', subject: '', side: 'b', summary: '', reason: 'no answer' }]);
      ran(status, 'failed');
    });
    expect(report().state).toBe('failed');
    expect(shown().slice(1)).toEqual([
      expect.stringMatching(/^ {4}failed: the pair on server: no answer \(since /),
      '      to go on: pimsync sync work',
    ]);
    remember((status) => ran(status, 'failed', 'the disk is full'));
    expect(shown()[0]).toMatch(/^work: failed; last run .*: the disk is full$/);
  });

  test('whose last run was broken off, or told to end, says so', () => {
    remember((status) => {
      ran(status, 'done');
      status.beginRun();
    });
    expect(report().state).toBe('broken-off');
    expect(shown()[0]).toContain('was broken off (killed, or a crash)');
    remember((status) => ran(status, 'interrupted'));
    expect(report().state).toBe('interrupted');
    expect(shown().at(-1)).toBe('  to go on: pimsync sync work');
  });

  test('that runs at this moment is as its last run left it', async () => {
    remember((status) => {
      ran(status, 'done');
      status.beginRun();
    });
    await withPairLock(directory, 'work', { waitMs: 0, onWait: () => undefined }, async () => {
      // In this process the lock is held, but the file that names its holder says by whom.
      expect(report()).toMatchObject({ state: 'in-sync', running: { pid: process.pid } });
      expect(shown()[1]).toBe(`  process ${process.pid} runs it now`);
    });
  });

  test('ST4: whose status is damaged says so, and what to do; the file stays', async () => {
    remember((status) => ran(status, 'done'));
    await truncate(join(directory, 'work.status'), 5000);
    const before = report();
    expect(before).toMatchObject({ state: 'unusable', error: { name: 'StatusError' } });
    expect(shown()).toEqual([
      expect.stringMatching(/^work: the status .* is damaged$/),
      expect.stringMatching(/^ {2}Move/),
    ]);
    expect(report()).toEqual(before);
  });
});

test.each([
  ['in-sync', 'done'],
  ['waiting', 'waiting'],
  ['never-synced', 'waiting'],
  ['failed', 'failed'],
  ['interrupted', 'failed'],
  ['broken-off', 'failed'],
  ['unusable', 'failed'],
] as const)('a monitor is told of a pair that is %s: %s', (state, ending) => {
  expect(endingOfState(state)).toBe(ending);
});
