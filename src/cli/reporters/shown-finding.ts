import type { Difference } from '../../content/merge/difference.ts';
import { unreachable } from '../../model/errors.ts';
import type { Outcome } from '../../sync/events.ts';
import type { RepairEvent } from '../../sync/repair/repair.ts';
import type { Finding } from '../../sync/repair/repair-findings.ts';
import type { Style } from '../print.ts';
import { errorMembers } from './json.ts';
import { itemName, uidOf } from './sentences.ts';

type Found = Extract<RepairEvent, { type: 'finding' }>;

export interface FindingLine {
  readonly text: string;
  readonly style: Style;
}

/** What was found in a collection and done about it, in lines for people. */
export function findingLines(
  storage: string,
  { collection, finding, outcome, differences }: Found,
): readonly FindingLine[] {
  const place = `${storage}/${collection.id}`;
  switch (finding.type) {
    case 'surplus': {
      const { item, kept } = finding;
      const what = `the copy of ${itemName(item.ident, item.summary)} at ${item.href}; ${kept.href} is equal and stays`;
      return [ended(place, outcome, ['removed', 'would remove', 'could not remove'], what)];
    }
    case 'without-uid': {
      const { item, uid } = finding;
      const what = `the UID ${uid} to ${itemName(item.ident, item.summary)} at ${item.href}`;
      return [ended(place, outcome, ['gave', 'would give', 'could not give'], what)];
    }
    case 'different':
      return [
        { text: `${place}: ${finding.items.length} different items have the UID ${finding.ident}:`, style: 'warning' },
        ...finding.items.flatMap(({ href, summary }): readonly FindingLine[] => [
          { text: `  ${href}: "${summary}"`, style: 'plain' },
          ...(differences.get(href) ?? []).map(differenceLine),
        ]),
        { text: '  keep one of them, or give the others another UID', style: 'plain' },
      ];
    case 'unreadable':
      return [{ text: `${place}: the item at ${finding.href} cannot be used: ${finding.reason}`, style: 'warning' }];
    default:
      return unreachable(finding);
  }
}

/** `    VEVENT SUMMARY: "Dinner", not "Supper"` */
function differenceLine({ component, property, a, b }: Difference): FindingLine {
  const of = component.recurrenceId === undefined ? '' : ` of ${component.recurrenceId}`;
  const [here, first] = [b, a].map((value) => (value === undefined ? 'nothing' : `"${shortened(value)}"`));
  return { text: `    ${component.type} ${property}${of}: ${here}, not ${first}`, style: 'faint' };
}

const MOST_CHARACTERS = 60;

function shortened(value: string): string {
  const characters = [...value];
  return characters.length <= MOST_CHARACTERS ? value : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

function ended(
  place: string,
  outcome: Outcome | undefined,
  [done, would, failed]: readonly [string, string, string],
  what: string,
): FindingLine {
  switch (outcome?.type) {
    case undefined:
      return { text: `${place}: ${would} ${what}`, style: 'plain' };
    case 'done':
      return { text: `${place}: ${done} ${what}`, style: 'plain' };
    case 'failed':
      return { text: `${place}: ${failed} ${what}: ${outcome.error.message}`, style: 'bad' };
    case 'postponed':
    case 'held':
      return { text: `${place}: ${failed} ${what}: ${outcome.reason}`, style: 'bad' };
    default:
      return unreachable(outcome);
  }
}

/** The members of an object `repair`, as pimsync(1) describes it. */
export function findingMembers(
  storage: string,
  { collection, finding, outcome }: Found,
): Readonly<Record<string, unknown>> {
  const common = { storage, collection: collection.id, finding: finding.type };
  const end = outcome === undefined ? { outcome: null } : { outcome: outcome.type, ...reasonMembers(outcome) };
  return { ...common, ...ofFinding(finding), ...end };
}

function ofFinding(finding: Finding): Readonly<Record<string, unknown>> {
  switch (finding.type) {
    case 'surplus': {
      const { item, kept } = finding;
      return { href: item.href, uid: uidOf(item.ident) ?? null, summary: item.summary, kept: kept.href };
    }
    case 'without-uid':
      return { href: finding.item.href, uid: finding.uid, summary: finding.item.summary };
    case 'different':
      return { uid: finding.ident, items: finding.items.map(({ href, summary }) => ({ href, summary })) };
    case 'unreadable':
      return { href: finding.href, uid: null, reason: finding.reason };
    default:
      return unreachable(finding);
  }
}

const reasonMembers = (outcome: Outcome): Readonly<Record<string, unknown>> =>
  outcome.type === 'failed' ? errorMembers(outcome.error) : 'reason' in outcome ? { reason: outcome.reason } : {};
