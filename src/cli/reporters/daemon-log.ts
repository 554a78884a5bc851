import { unreachable } from '../../model/errors.ts';
import type { Sides } from '../../model/sides.ts';
import type { ErrorReport, LogLevel, Outcome, PlannedAction, SyncEvent } from '../../sync/events.ts';
import { actionText, failureText, isWriting, nameOf, placeOf, restText, writtenText } from './sentences.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** What of an event belongs into the log of a daemon: one line, or none. `names`: what the storages are called. */
export function logLineOf(event: SyncEvent, names: Sides<string>): LogLine | undefined {
  switch (event.type) {
    case 'run-begins':
    case 'collection-begins':
    case 'plan':
      return undefined;
    case 'lock-waits': {
      const holder = event.holder === undefined ? 'another process' : `process ${event.holder}`;
      return { level: 'info', text: `${event.pair}: waits for ${holder}, which runs this pair` };
    }
    case 'action':
      return actionLine(event.pair, event.action, event.outcome, names);
    case 'conflict': {
      const { collection, versions, reason } = event.conflict;
      const both = `${names.a}: ${versions.a}; ${names.b}: ${versions.b}`;
      const text = `${placeOf(event.pair, collection)}: conflict: ${nameOf(event.conflict)}: ${reason} (${both})`;
      return { level: 'warn', text };
    }
    case 'failure': {
      return { level: levelOf(event.error), text: withHint(failureText(event, names), event.error) };
    }
    case 'log':
      return { level: event.level, text: event.pair === undefined ? event.message : `${event.pair}: ${event.message}` };
    case 'summary': {
      const { summary, pair } = event;
      const written = [writtenText(summary.written, names), restText({ ...summary, failed: 0, held: 0, conflicts: 0 })];
      const parts = written.filter((part) => part !== '');
      const cost = `${summary.milliseconds} ms, requests: ${summary.requests.a} and ${summary.requests.b}`;
      if (parts.length === 0) return { level: 'debug', text: `${pair}: nothing written (${cost})` };
      return { level: 'info', text: `${pair}: ${parts.join('; ')} (${cost})` };
    }
    default:
      return unreachable(event);
  }
}

function actionLine(pair: string, action: PlannedAction, outcome: Outcome, names: Sides<string>): LogLine | undefined {
  const place = placeOf(pair, action.collection);
  switch (outcome.type) {
    case 'done': {
      const { verb } = action;
      if (!isWriting(verb)) return undefined;
      const because = action.reason === undefined ? '' : ` (${action.reason})`;
      return { level: 'info', text: `${place}: ${actionText(`${verb}d`, action, names)}${because}` };
    }
    case 'held':
      return { level: outcome.waits ? 'warn' : 'debug', text: `${place}: held ${nameOf(action)}: ${outcome.reason}` };
    case 'postponed':
      return { level: 'info', text: `${place}: left ${nameOf(action)} for the next run: ${outcome.reason}` };
    case 'failed': {
      const { error } = outcome;
      const why = withHint(error.reason ?? error.message, error);
      const text = `${place}: could not ${actionText(action.verb, action, names)}: ${why}`;
      return { level: levelOf(error), text };
    }
    default:
      return unreachable(outcome);
  }
}

const withHint = (text: string, { hint }: ErrorReport): string => (hint === undefined ? text : `${text}; ${hint}`);

/** What ends by itself is no error. */
const levelOf = ({ kind }: ErrorReport): LogLevel =>
  kind === 'unavailable' || kind === 'overloaded' || kind === 'locked' ? 'warn' : 'error';
