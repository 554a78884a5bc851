import { unreachable } from '../../model/errors.ts';
import type { Sides } from '../../model/sides.ts';
import type { ErrorReport, LogLevel, Outcome, PlannedAction, SyncEvent } from '../../sync/events.ts';
import { visibleJson } from '../escape.ts';
import type { Print } from '../print.ts';
import { logs } from './log.ts';
import { uidOf } from './sentences.ts';

/** The version of all that is printed as JSON. What has it only ever gains members and types. */
const VERSION = 1;

/** One object on a line of standard output; a member that has no value is null. */
export function printJson(print: Print, type: string, members: Readonly<Record<string, unknown>>): void {
  print.result(jsonObject(type, members));
}

export const jsonObject = (type: string, members: Readonly<Record<string, unknown>>): string =>
  visibleJson({ type, v: VERSION, ...members });

export interface JsonTerms {
  readonly print: Print;
  readonly level: LogLevel;
  /** What the storages of a pair are called. */
  readonly namesOf: (pair: string) => Sides<string>;
}

/** A run for programs. The shape is part of the interface, and described in pimsync(1). */
export function jsonReporter({ print, level, namesOf }: JsonTerms): (event: SyncEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'run-begins':
      case 'collection-begins':
        return;
      case 'lock-waits':
        printJson(print, 'lock-waits', { pair: event.pair, holder: event.holder ?? null });
        return;
      case 'plan':
        for (const action of event.actions()) printJson(print, 'plan', plannedMembers(event.pair, action, namesOf));
        return;
      case 'action': {
        const { outcome } = event;
        printJson(print, 'action', {
          ...plannedMembers(event.pair, event.action, namesOf),
          outcome: outcome.type,
          ...outcomeMembers(outcome),
        });
        return;
      }
      case 'conflict': {
        const { collection, reason, versions } = event.conflict;
        const members = { pair: event.pair, collection, ...subjectMembers(event.conflict.subject), reason, versions };
        printJson(print, 'conflict', members);
        return;
      }
      case 'failure': {
        const { pair, collection, side, error } = event;
        const storage = side === undefined ? null : namesOf(pair)[side];
        const where = { pair, collection: collection ?? null, side: side ?? null, storage };
        printJson(print, 'failure', { ...where, ...errorMembers(error) });
        return;
      }
      case 'log':
        if (!logs(level, event.level)) return;
        printJson(print, 'log', { level: event.level, pair: event.pair ?? null, message: event.message });
        return;
      case 'summary':
        printJson(print, 'summary', { pair: event.pair, ...event.summary });
        return;
      default:
        unreachable(event);
    }
  };
}

function outcomeMembers(outcome: Outcome): Readonly<Record<string, unknown>> {
  switch (outcome.type) {
    case 'done':
      return {};
    case 'held':
      return { reason: outcome.reason, waits: outcome.waits };
    case 'postponed':
      return { reason: outcome.reason };
    case 'failed':
      return errorMembers(outcome.error);
    default:
      return unreachable(outcome);
  }
}

export const errorMembers = ({ kind, message, hint }: ErrorReport): Readonly<Record<string, unknown>> => ({
  kind,
  message,
  hint: hint ?? null,
});

function plannedMembers(
  pair: string,
  action: PlannedAction,
  namesOf: JsonTerms['namesOf'],
): Readonly<Record<string, unknown>> {
  const { collection, side, verb, reason, waits } = action;
  const storage = side === undefined ? null : namesOf(pair)[side];
  const where = { pair, collection, side: side ?? null, storage };
  return { ...where, verb, ...subjectMembers(action.subject), reason: reason ?? null, waits };
}

/** `uid` is null of what has none, and of what is no item. */
function subjectMembers(subject: PlannedAction['subject']): Readonly<Record<string, unknown>> {
  switch (subject.type) {
    case 'item':
      return { subject: 'item', uid: uidOf(subject.ident) ?? null, summary: subject.summary() };
    case 'unidentified':
      return { subject: 'unidentified', uid: null, href: subject.href };
    case 'property':
      return { subject: 'property', uid: null, property: subject.name };
    case 'collection':
      return { subject: 'collection', uid: null, items: subject.items };
    default:
      return unreachable(subject);
  }
}
