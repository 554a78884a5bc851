import { describe, expect, test } from 'vitest';
import { printTo } from '../../../src/cli/print.ts';
import { textReporter } from '../../../src/cli/reporters/text.ts';
import { href, ident } from '../../../src/model/names.ts';
import type { LogLevel, SyncEvent } from '../../../src/sync/events.ts';
import { fakeOutside } from '../fake-outside.ts';
import { done, NAMES, planned, summary } from './told.ts';

function told(events: readonly SyncEvent[], more: { level?: LogLevel; dryRun?: boolean } = {}) {
  const outside = fakeOutside([]);
  const print = printTo(outside, 'never', {});
  const tell = textReporter({ print, level: 'warn', dryRun: false, namesOf: () => NAMES, ...more });
  for (const event of events) tell(event);
  return outside.texts;
}

const ended = (outcome: Extract<SyncEvent, { type: 'action' }>['outcome'], more = {}): SyncEvent => ({
  type: 'action',
  pair: 'calendars',
  action: planned(more),
  outcome,
});

describe('a run for people', () => {
  test('that did nothing is one line', () => {
    const texts = told([{ type: 'run-begins', pair: 'calendars' }, done({ verb: 'record' }), summary()]);
    expect(texts).toEqual({ stdout: 'calendars: nothing to do\n', stderr: '' });
  });

  test('names each change, and sums up', () => {
    const written = { a: { created: 0, updated: 1, deleted: 1 }, b: { created: 1, updated: 0, deleted: 0 } };
    const { stdout, stderr } = told([
      done(),
      done({ verb: 'update', side: 'a', reason: 'why' }),
      done({
        verb: 'delete',
        side: 'a',
        subject: { type: 'item', ident: ident('fingerprint:abc'), summary: () => '' },
      }),
      done({ verb: 'update', subject: { type: 'property', name: 'color' } }),
      done({ subject: { type: 'collection', items: 0 } }),
      summary({ written, collections: 1, properties: 1 }),
    ]);
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      'calendars/work: created "Dentist" (u1) on server',
      'calendars/work: updated "Dentist" (u1) on laptop (why)',
      'calendars/work: deleted an item (without UID) from laptop',
      'calendars/work: updated the property color on server',
      'calendars/work: created the collection on server',
      'calendars: 1 updated, 1 deleted on laptop; 1 created on server; 1 collection, 1 property',
      '',
    ]);
  });

  test('says once what failed, and where', () => {
    const message = 'could not create /work/u1.ics on storage "server": too large';
    const error = { kind: 'rejected', message, reason: 'too large', hint: undefined } as const;
    const { stderr } = told([
      ended({ type: 'failed', error }),
      { type: 'failure', pair: 'calendars', collection: 'work', side: 'b', error },
      { type: 'failure', pair: 'calendars', collection: 'work', side: 'a', error: { ...error, message: 'no root' } },
    ]);
    expect(stderr.split('\n')).toEqual([
      'calendars/work: could not create "Dentist" (u1) on server: too large',
      `calendars/work: ${message}`,
      'calendars/work: laptop: no root',
      '',
    ]);
  });

  test('shows what failed on standard error, with what to do', () => {
    const error = { kind: 'rejected', message: 'too large', hint: 'make it smaller' } as const;
    const failure = { type: 'failure', pair: 'calendars', collection: undefined, side: 'b', error } as const;
    const { stdout, stderr } = told([
      ended({ type: 'failed', error }),
      failure,
      summary({ outcome: 'failed', failed: 2 }),
    ]);
    expect(stdout).toBe('calendars: 2 failed\n');
    expect(stderr.split('\n')).toEqual([
      'calendars/work: could not create "Dentist" (u1) on server: too large',
      '  make it smaller',
      'calendars: server: too large',
      '  make it smaller',
      '',
    ]);
  });

  test('shows what waits for a person, and how to go on', () => {
    const { subject } = planned();
    const versions = { a: '/a/u1.ics', b: '/b/u1.ics' };
    const reason = 'changed differently on both sides; merge: both changed SUMMARY';
    const held = { verb: 'hold', side: 'b', subject: { type: 'unidentified', href: href('/b/x.ics') } } as const;
    const { stdout } = told([
      { type: 'conflict', pair: 'calendars', conflict: { collection: 'work', subject, reason, versions } },
      ended({ type: 'held', reason: 'it is empty', waits: true }, held),
      ended({ type: 'held', reason: '"server" is read-only', waits: false }, { verb: 'hold' }),
      ended({ type: 'postponed', reason: 'it was changed meanwhile' }),
      summary({ outcome: 'waiting', conflicts: 1, held: 2 }),
    ]);
    expect(stdout.split('\n')).toEqual([
      'calendars/work: conflict: "Dentist" (u1): changed differently on both sides; merge: both changed SUMMARY',
      '  laptop: /a/u1.ics',
      '  server: /b/u1.ics',
      '  "pimsync resolve-conflicts calendars" settles it',
      'calendars/work: held the item at /b/x.ics: it is empty',
      'calendars/work: left "Dentist" (u1) for the next run: it was changed meanwhile',
      'calendars: 1 conflict, 2 held',
      '',
    ]);
  });

  test('shows what is held as configured to who wants to know more', () => {
    const held = ended({ type: 'held', reason: '"server" is read-only', waits: false }, { verb: 'hold' });
    expect(told([held], { level: 'info' }).stdout).toBe('calendars/work: held "Dentist" (u1): "server" is read-only\n');
    expect(told([summary()], { level: 'info' }).stderr).toBe('info: calendars: 5 ms; requests: 1 and 1\n');
  });

  test('shows a plan only where nothing else is done', () => {
    const actions = [
      planned(),
      planned({ verb: 'record', side: undefined }),
      planned({ verb: 'conflict', reason: 'why' }),
    ];
    const plan: SyncEvent = { type: 'plan', pair: 'calendars', actions: () => actions };
    expect(told([plan]).stdout).toBe('');
    const dry = told([plan, summary({ dryRun: true, conflicts: 1 })], { dryRun: true });
    expect(dry.stdout.split('\n')).toEqual([
      'calendars/work: would create "Dentist" (u1) on server',
      'calendars/work: conflict: "Dentist" (u1): why',
      'calendars: dry run, nothing was written; 1 conflict',
      '',
    ]);
  });

  test('says for whom it waits, and that it was broken off', () => {
    const { stderr } = told([{ type: 'lock-waits', pair: 'calendars', holder: 7 }]);
    expect(stderr).toBe('calendars: waiting for process 7, which runs this pair\n');
    expect(told([summary({ outcome: 'interrupted' })]).stdout).toBe('calendars: interrupted\n');
  });
});
