import { unreachable } from '../../model/errors.ts';
import type { Sides } from '../../model/sides.ts';
import type { Conflict, LogLevel, Outcome, PlannedAction, Summary, SyncEvent } from '../../sync/events.ts';
import type { Print } from '../print.ts';
import { logs } from './log.ts';
import {
  actionText,
  failureText,
  isWriting,
  nameOf,
  placeOf,
  restText,
  type WritingVerb,
  writtenText,
} from './sentences.ts';

export interface TextTerms {
  readonly print: Print;
  readonly level: LogLevel;
  readonly dryRun: boolean;
  /** What the storages of a pair are called. */
  readonly namesOf: (pair: string) => Sides<string>;
}

/** A run for people: a line an action, a line a pair; what fails on standard error. Content of items is never shown. */
export function textReporter(terms: TextTerms): (event: SyncEvent) => void {
  const { print, namesOf } = terms;
  return (event) => {
    switch (event.type) {
      case 'run-begins':
      case 'collection-begins':
      case 'log':
        return;
      case 'lock-waits':
        print.note(
          `${event.pair}: waiting for ${event.holder === undefined ? 'another process' : `process ${event.holder}`}, which runs this pair`,
          'warning',
        );
        return;
      case 'plan':
        if (terms.dryRun) showPlan(event.pair, event.actions(), terms);
        return;
      case 'action':
        showAction(event.pair, event.action, event.outcome, terms);
        return;
      case 'conflict':
        showConflict(event.pair, event.conflict, terms);
        return;
      case 'failure': {
        print.note(failureText(event, namesOf(event.pair)), 'bad');
        showHint(event.error.hint, print);
        return;
      }
      case 'summary':
        showSummary(event.pair, event.summary, terms);
        return;
      default:
        unreachable(event);
    }
  };
}

/** What a run would do; what it would only note is left out. */
export function showPlan(pair: string, actions: readonly PlannedAction[], terms: Omit<TextTerms, 'dryRun'>): void {
  const { print, namesOf } = terms;
  for (const action of actions) {
    const place = placeOf(pair, action.collection);
    if (isWriting(action.verb)) {
      print.result(`${place}: would ${actionText(action.verb, action, namesOf(pair))}${because(action)}`);
    } else if (action.verb === 'conflict') {
      print.result(`${place}: conflict: ${nameOf(action)}: ${action.reason ?? ''}`, 'warning');
    } else if (action.verb === 'hold') {
      showHold(pair, action, action.reason ?? '', action.waits, terms);
    }
  }
}

const because = ({ reason }: PlannedAction): string => (reason === undefined ? '' : ` (${reason})`);

const DONE: Readonly<Record<WritingVerb, string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  merge: 'merged',
};

function showAction(pair: string, action: PlannedAction, outcome: Outcome, terms: TextTerms): void {
  const { print, namesOf } = terms;
  const place = placeOf(pair, action.collection);
  switch (outcome.type) {
    case 'done':
      if (!isWriting(action.verb)) return;
      print.result(`${place}: ${actionText(DONE[action.verb], action, namesOf(pair))}${because(action)}`);
      return;
    case 'held':
      showHold(pair, action, outcome.reason, outcome.waits, terms);
      return;
    case 'postponed':
      print.result(`${place}: left ${nameOf(action)} for the next run: ${outcome.reason}`, 'warning');
      return;
    case 'failed':
      print.note(
        `${place}: could not ${actionText(action.verb, action, namesOf(pair))}: ${outcome.error.reason ?? outcome.error.message}`,
        'bad',
      );
      showHint(outcome.error.hint, print);
      return;
    default:
      unreachable(outcome);
  }
}

/** What is held because the configuration wants it so is no news. */
function showHold(
  pair: string,
  action: PlannedAction,
  reason: string,
  waits: boolean,
  { print, level }: Pick<TextTerms, 'print' | 'level'>,
): void {
  if (!waits && !logs(level, 'info')) return;
  const place = placeOf(pair, action.collection);
  print.result(`${place}: held ${nameOf(action)}: ${reason}`, waits ? 'warning' : 'plain');
}

function showConflict(pair: string, conflict: Conflict, { print, namesOf }: TextTerms): void {
  const names = namesOf(pair);
  const { versions, collection } = conflict;
  print.result(`${placeOf(pair, collection)}: conflict: ${nameOf(conflict)}: ${conflict.reason}`, 'warning');
  print.result(`  ${names.a}: ${versions.a}`);
  print.result(`  ${names.b}: ${versions.b}`);
  print.result(`  "pimsync resolve-conflicts ${pair}" settles it`);
}

function showSummary(pair: string, summary: Summary, { print, namesOf, level }: TextTerms): void {
  const { outcome, dryRun } = summary;
  const style = outcome === 'done' ? 'good' : outcome === 'failed' ? 'bad' : 'warning';
  const parts = [
    outcome === 'interrupted' ? 'interrupted' : '',
    dryRun ? 'dry run, nothing was written' : '',
    writtenText(summary.written, namesOf(pair)),
    restText(summary),
  ].filter((part) => part !== '');
  print.result(`${pair}: ${parts.length === 0 ? 'nothing to do' : parts.join('; ')}`, style);
  if (!logs(level, 'info')) return;
  const { requests, milliseconds } = summary;
  print.note(`info: ${pair}: ${milliseconds} ms; requests: ${requests.a} and ${requests.b}`);
}

function showHint(hint: string | undefined, print: Print): void {
  if (hint !== undefined) print.note(`  ${hint}`);
}
