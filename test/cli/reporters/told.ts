import { ident } from '../../../src/model/names.ts';
import type { PlannedAction, Summary, SyncEvent } from '../../../src/sync/events.ts';

/** An action on an item, created on b if nothing else is said. */
export function planned(more: Partial<PlannedAction> = {}): PlannedAction {
  return {
    collection: 'work',
    subject: { type: 'item', ident: ident('u1'), summary: () => 'Dentist' },
    verb: 'create',
    side: 'b',
    reason: undefined,
    waits: false,
    ...more,
  };
}

export const done = (more: Partial<PlannedAction> = {}): SyncEvent => ({
  type: 'action',
  pair: 'calendars',
  action: planned(more),
  outcome: { type: 'done' },
});

export const nothing: Summary = {
  outcome: 'done',
  dryRun: false,
  written: { a: { created: 0, updated: 0, deleted: 0 }, b: { created: 0, updated: 0, deleted: 0 } },
  collections: 0,
  properties: 0,
  merged: 0,
  conflicts: 0,
  held: 0,
  failed: 0,
  requests: { a: 1, b: 1 },
  bytesSent: { a: 10, b: 10 },
  bytesReceived: { a: 10, b: 10 },
  milliseconds: 5,
};

export const summary = (more: Partial<Summary> = {}): SyncEvent => ({
  type: 'summary',
  pair: 'calendars',
  summary: { ...nothing, ...more },
});

export const NAMES = { a: 'laptop', b: 'server' };
