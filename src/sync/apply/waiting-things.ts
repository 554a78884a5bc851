import { PROPERTY_NAMES } from '../../model/collection.ts';
import { type Fingerprint, ident } from '../../model/names.ts';
import { bySide, SIDES, type Sides } from '../../model/sides.ts';
import type { SideFacts } from '../../reconcile/facts.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { Waiting } from '../../status/status.ts';
import { HELD, type MappingPlan } from '../plan/plan-mapping.ts';

/** What a plan leaves to a person, or leaves alone on purpose, as the status keeps it. */
export function waitingThings(plan: MappingPlan): readonly Waiting[] {
  const holds = collectionHolds(plan);
  const items = holds.length > 0 ? heldBefore(plan) : [...itemHolds(plan), ...leftOut(plan)];
  return [...holds, ...items, ...unreadable(plan)];
}

/** A mapping that is held as a whole decides nothing about its items: what was held among them still is. */
const heldBefore = ({ status }: MappingPlan): readonly Waiting[] =>
  status.waiting().filter(({ type, subject }) => type === 'held' && subject !== '');

/** What is held, and an incomplete listing leaves out, or may be among the unreadable: nothing new is known of it (SG4). */
function leftOut({ observation, status }: MappingPlan): readonly Waiting[] {
  if (observation === undefined) return [];
  const { differences, unidentified } = observation;
  if (unidentified.length === 0 && SIDES.every((side) => differences[side].complete)) return [];
  const told = new Set<string>([...observation.facts.items.map((item) => item.ident), ...PROPERTY_NAMES]);
  const isOpen = (subject: string): boolean =>
    subject !== '' && !told.has(subject) && status.agreement(ident(subject)) === undefined;
  return status.waiting().filter(({ type, subject }) => HELD.has(type) && isOpen(subject));
}

/** Why a mapping is left as it is. */
export function collectionHolds({ collections }: Pick<MappingPlan, 'collections'>): readonly Waiting[] {
  return collections.flatMap(({ verb, side, reason, waits }): Waiting[] =>
    verb === 'hold'
      ? [{ type: 'held', subject: '', side, summary: '', reason: reason ?? '', versions: NO_VERSIONS, ...calm(waits) }]
      : [],
  );
}

function itemHolds({ items, observation, told }: MappingPlan): readonly Waiting[] {
  const open = items.filter((action) => waitingType(action) !== undefined);
  if (open.length === 0) return [];
  const facts = new Map(observation?.facts.items.map((item) => [item.ident, item]));
  return open.flatMap((action): Waiting[] => {
    const type = waitingType(action);
    if (type === undefined) return [];
    const sides = facts.get(action.ident)?.sides;
    const versions = sides === undefined ? NO_VERSIONS : bySide((side) => fingerprintOf(sides[side]));
    const { side, reason = '', subject, waits } = told(action);
    const summary = subject.type === 'item' ? subject.summary() : '';
    return [{ type, subject: action.ident, side, summary, reason, versions, ...calm(waits) }];
  });
}

function waitingType(action: ItemAction): Waiting['type'] | undefined {
  if (action.type === 'conflict') return 'conflict';
  if (action.type !== 'hold') return undefined;
  if (action.reason.type === 'duplicate') return 'duplicate';
  return action.reason.type === 'unknown' && action.reason.waits ? 'unreadable' : 'held';
}

function unreadable({ observation }: MappingPlan): readonly Waiting[] {
  return (observation?.unidentified ?? []).flatMap(({ side, href, reason, waits }): Waiting[] =>
    waits ? [{ type: 'unreadable', subject: `${side}:${href}`, side, summary: '', reason, versions: NO_VERSIONS }] : [],
  );
}

const calm = (waits: boolean): Pick<Waiting, 'waits'> => (waits ? {} : { waits: false });

const NO_VERSIONS: Sides<Fingerprint | undefined> = { a: undefined, b: undefined };

const fingerprintOf = (side: SideFacts): Fingerprint | undefined =>
  side.type === 'present' ? [...side.versions].sort((x, y) => (x.href < y.href ? -1 : 1))[0]?.fingerprint : undefined;
