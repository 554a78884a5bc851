import { describe, expect, test } from 'vitest';
import { printTo } from '../../../src/cli/print.ts';
import { jsonReporter } from '../../../src/cli/reporters/json.ts';
import { href, ident } from '../../../src/model/names.ts';
import type { SyncEvent } from '../../../src/sync/events.ts';
import { fakeOutside } from '../fake-outside.ts';
import { done, NAMES, nothing, planned, summary } from './told.ts';

function told(...events: readonly SyncEvent[]): readonly unknown[] {
  const outside = fakeOutside([]);
  const tell = jsonReporter({ print: printTo(outside, 'auto', {}), level: 'info', namesOf: () => NAMES });
  for (const event of events) tell(event);
  expect(outside.texts.stderr).toBe('');
  return outside.texts.stdout
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
}

const ITEM = { subject: 'item', uid: 'u1', summary: 'Dentist' };
const ON_SERVER = { pair: 'calendars', collection: 'work', side: 'b', storage: 'server' };

describe('a run for programs', () => {
  test('has a plan, an object an action', () => {
    const nameless = planned({ subject: { type: 'item', ident: ident('fingerprint:abc'), summary: () => '' } });
    const actions = [planned(), nameless];
    expect(told({ type: 'plan', pair: 'calendars', actions: () => actions })).toEqual([
      { type: 'plan', v: 1, ...ON_SERVER, verb: 'create', ...ITEM, reason: null, waits: false },
      expect.objectContaining({ subject: 'item', uid: null }),
    ]);
  });

  test('has each action as it ended', () => {
    const action = planned();
    const error = { kind: 'rejected', message: 'too large', hint: undefined } as const;
    const ended = (outcome: Extract<SyncEvent, { type: 'action' }>['outcome']): SyncEvent => ({
      type: 'action',
      pair: 'calendars',
      action,
      outcome,
    });
    const common = { type: 'action', v: 1, ...ON_SERVER, verb: 'create', ...ITEM, reason: null, waits: false };
    expect(told(done(), ended({ type: 'failed', error }), ended({ type: 'held', reason: 'why', waits: true }))).toEqual(
      [
        { ...common, outcome: 'done' },
        { ...common, outcome: 'failed', kind: 'rejected', message: 'too large', hint: null },
        { ...common, outcome: 'held', reason: 'why', waits: true },
      ],
    );
  });

  test('has conflicts, failures, waits, logs and a summary', () => {
    const { subject } = planned();
    const versions = { a: '/a/u1.ics', b: '/b/u1.ics' };
    const error = { kind: 'unavailable', message: 'no answer', hint: 'wait' } as const;
    expect(
      told(
        { type: 'run-begins', pair: 'calendars' },
        { type: 'conflict', pair: 'calendars', conflict: { collection: 'work', subject, reason: 'why', versions } },
        { type: 'failure', pair: 'calendars', collection: undefined, side: 'b', error },
        { type: 'lock-waits', pair: 'calendars', holder: undefined },
        { type: 'log', level: 'info', pair: undefined, message: 'm' },
        { type: 'log', level: 'debug', pair: undefined, message: 'm' },
        summary(),
      ),
    ).toEqual([
      { type: 'conflict', v: 1, pair: 'calendars', collection: 'work', ...ITEM, reason: 'why', versions },
      {
        type: 'failure',
        v: 1,
        ...ON_SERVER,
        collection: null,
        kind: 'unavailable',
        message: 'no answer',
        hint: 'wait',
      },
      { type: 'lock-waits', v: 1, pair: 'calendars', holder: null },
      { type: 'log', v: 1, level: 'info', pair: null, message: 'm' },
      { type: 'summary', v: 1, pair: 'calendars', ...nothing },
    ]);
  });

  test('names what is no item', () => {
    const subjects = [
      { type: 'unidentified', href: href('/x') },
      { type: 'property', name: 'color' },
      { type: 'collection', items: 3 },
    ] as const;
    expect(told(...subjects.map((subject) => done({ subject })))).toMatchObject([
      { subject: 'unidentified', uid: null, href: '/x' },
      { subject: 'property', uid: null, property: 'color' },
      { subject: 'collection', uid: null, items: 3 },
    ]);
  });
});
