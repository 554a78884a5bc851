import { describe, expect, test } from 'vitest';
import { logLineOf } from '../../../src/cli/reporters/daemon-log.ts';
import type { ErrorReport, SyncEvent } from '../../../src/sync/events.ts';
import { done, NAMES, nothing, planned, summary } from './told.ts';

const refused: ErrorReport = { kind: 'rejected', message: 'too large', hint: 'make it smaller' };
/** It says itself what was being done, and where. */
const told: ErrorReport = {
  kind: 'denied',
  message: 'could not create /u1.ics on storage "server": no room',
  reason: 'no room',
  hint: undefined,
};
const away: ErrorReport = { kind: 'unavailable', message: 'no answer', hint: undefined };
const pair = 'calendars';
const wrote = { a: nothing.written.a, b: { created: 2, updated: 0, deleted: 1 } };

const LINES: readonly (readonly [SyncEvent, string | undefined])[] = [
  [{ type: 'run-begins', pair }, undefined],
  [{ type: 'collection-begins', pair, collection: 'work', total: 3 }, undefined],
  [{ type: 'plan', pair, actions: () => [planned()] }, undefined],
  [{ type: 'lock-waits', pair, holder: 12 }, 'info calendars: waits for process 12, which runs this pair'],
  [{ type: 'lock-waits', pair, holder: undefined }, 'info calendars: waits for another process, which runs this pair'],
  [done(), 'info calendars/work: created "Dentist" (u1) on server'],
  [done({ verb: 'update', reason: 'why' }), 'info calendars/work: updated "Dentist" (u1) on server (why)'],
  [done({ verb: 'delete' }), 'info calendars/work: deleted "Dentist" (u1) from server'],
  [done({ verb: 'record', side: undefined }), undefined],
  [
    { type: 'action', pair, action: planned({ verb: 'hold' }), outcome: { type: 'held', reason: 'cut', waits: true } },
    'warn calendars/work: held "Dentist" (u1): cut',
  ],
  [
    { type: 'action', pair, action: planned(), outcome: { type: 'postponed', reason: 'it changed' } },
    'info calendars/work: left "Dentist" (u1) for the next run: it changed',
  ],
  [
    { type: 'action', pair, action: planned(), outcome: { type: 'failed', error: refused } },
    'error calendars/work: could not create "Dentist" (u1) on server: too large; make it smaller',
  ],
  [
    { type: 'action', pair, action: planned(), outcome: { type: 'failed', error: away } },
    'warn calendars/work: could not create "Dentist" (u1) on server: no answer',
  ],
  [
    {
      type: 'conflict',
      pair,
      conflict: {
        collection: 'work',
        subject: planned().subject,
        reason: 'both changed',
        versions: { a: '9:00', b: '10:00' },
      },
    },
    'warn calendars/work: conflict: "Dentist" (u1): both changed (laptop: 9:00; server: 10:00)',
  ],
  [
    { type: 'action', pair, action: planned(), outcome: { type: 'failed', error: told } },
    'error calendars/work: could not create "Dentist" (u1) on server: no room',
  ],
  [
    { type: 'failure', pair, collection: undefined, side: 'b', error: told },
    'error calendars: could not create /u1.ics on storage "server": no room',
  ],
  [{ type: 'failure', pair, collection: undefined, side: 'b', error: away }, 'warn calendars: server: no answer'],
  [
    { type: 'failure', pair, collection: 'work', side: undefined, error: refused },
    'error calendars/work: too large; make it smaller',
  ],
  [{ type: 'log', level: 'debug', pair, message: 'GET' }, 'debug calendars: GET'],
  [{ type: 'log', level: 'warn', pair: undefined, message: 'hm' }, 'warn hm'],
  [summary(), 'debug calendars: nothing written (5 ms, requests: 1 and 1)'],
  [summary({ written: wrote, held: 3 }), 'info calendars: 2 created, 1 deleted on server (5 ms, requests: 1 and 1)'],
];

describe('the log of the daemon', () => {
  test.each(LINES)('of %j', (event, expected) => {
    const line = logLineOf(event, NAMES);
    expect(line && `${line.level} ${line.text}`).toBe(expected);
  });
});
