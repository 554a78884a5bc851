import { beforeEach, describe, expect, test } from 'vitest';
import { Troubles } from '../../../src/cli/reporters/news.ts';
import { ident } from '../../../src/model/names.ts';
import type { SyncEvent } from '../../../src/sync/events.ts';
import { done, planned, summary } from './told.ts';

const failure = (collection: string | undefined, message: string): SyncEvent => ({
  type: 'failure',
  pair: 'calendars',
  collection,
  side: 'b',
  error: { kind: 'unavailable', message, hint: undefined },
});
const held = (reason: string, uid = 'u1', waits = true): SyncEvent => ({
  type: 'action',
  pair: 'calendars',
  action: planned({ verb: 'hold', subject: { type: 'item', ident: ident(uid), summary: () => 'Dentist' } }),
  outcome: { type: 'held', reason, waits },
});
const conflict = (a: string, b: string): SyncEvent => ({
  type: 'conflict',
  pair: 'calendars',
  conflict: { collection: 'work', subject: planned().subject, reason: 'both changed', versions: { a, b } },
});

describe('J8 of what is as it should not be', () => {
  let told: string[];
  let troubles: Troubles;
  const shown = (event: SyncEvent): string => {
    if (event.type === 'failure') return event.error.message;
    if (event.type === 'action' && event.outcome.type === 'held') return event.outcome.reason;
    return event.type;
  };
  /** A run in which this is told; answers what is told of it. */
  const run = (events: readonly SyncEvent[], only?: ReadonlySet<string>, whole = true): readonly string[] => {
    told.length = 0;
    troubles.beginRun();
    troubles.about(only);
    for (const event of events) troubles.tell(event);
    troubles.endRun(whole);
    return [...told];
  };

  beforeEach(() => {
    told = [];
    const tell = (event: SyncEvent): void => void told.push(shown(event));
    troubles = new Troubles({ tell, tellOver: (event) => void told.push(`over: ${shown(event)}`) });
  });

  test('it tells what is new, what changes its reason, and what is over', () => {
    expect(run([failure(undefined, 'no answer')], undefined, false)).toEqual(['no answer']);
    expect(run([failure(undefined, 'no answer')], undefined, false)).toEqual([]);
    expect(run([failure(undefined, 'no such host')], undefined, false)).toEqual(['no such host']);
    expect(troubles.count).toBe(1);
    expect(run([summary()])).toEqual(['summary', 'over: no such host']);
    expect(troubles.count).toBe(0);
    expect(run([failure(undefined, 'no answer')], undefined, false)).toEqual(['no answer']);
  });

  test('it tells each conflict, hold and failure by itself', () => {
    expect(run([conflict('A', 'B'), held('unreadable', 'u2')])).toEqual(['conflict', 'unreadable']);
    expect(run([conflict('A', 'B'), held('unreadable', 'u2')])).toEqual([]);
    expect(run([conflict('A', 'C'), held('unreadable', 'u2')])).toEqual(['conflict']);
    expect(run([held('unreadable', 'u2'), held('unreadable', 'u3')])).toEqual(['unreadable', 'over: conflict']);
  });

  test('nothing is over that was not looked at', () => {
    run([conflict('A', 'B')]);
    expect(run([], new Set(['home']))).toEqual([]);
    expect(run([failure(undefined, 'no answer')], undefined, false)).toEqual(['no answer']);
    expect(run([failure('work', 'no list')])).toEqual(['no list', 'over: no answer']);
    expect(run([], new Set(['work']))).toEqual(['over: conflict', 'over: no list']);
  });

  test('it tells nothing of what is left alone on purpose, and all that is done', () => {
    expect(run([held('read-only', 'u1', false), done(), done()])).toEqual(['action', 'action']);
    expect(troubles.count).toBe(0);
  });

  test('it asks what an item is called only while its run goes on', () => {
    let isRunning = true;
    const summaryOf = (): string => {
      if (!isRunning) throw new Error('its texts are gone');
      return 'Dentist';
    };
    const over: string[] = [];
    troubles = new Troubles({
      tell: () => undefined,
      tellOver: (event) => {
        if (event.type === 'conflict' && event.conflict.subject.type === 'item')
          over.push(event.conflict.subject.summary());
      },
    });
    const subject = { type: 'item', ident: ident('u1'), summary: summaryOf } as const;
    run([
      {
        type: 'conflict',
        pair: 'p',
        conflict: { collection: 'work', subject, reason: 'both changed', versions: { a: 'A', b: 'B' } },
      },
    ]);
    isRunning = false;
    run([]);
    expect(over).toEqual(['Dentist']);
  });
});
