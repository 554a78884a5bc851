import type { Collection, Properties, PropertyName } from '../../model/collection.ts';
import { StorageError, unreachable } from '../../model/errors.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { PropertyAction } from '../../reconcile/properties.ts';
import { sameValue } from '../../reconcile/property-value.ts';
import type { StatusChange, Waiting } from '../../status/status.ts';
import { attempt, reportOf } from '../error-report.ts';
import type { Outcome } from '../events.ts';
import { isNoted, propertySubject, propertyVersions } from '../plan/plan-properties.ts';
import { holdText, plannedProperty } from '../plan/planned-action.ts';
import type { MappingWork } from './mapping-work.ts';

/** What came of a mapping's properties. */
export interface AppliedProperties {
  readonly touched: ReadonlySet<Side>;
  /** Values that a storage does not take, or that it was spared, old and new; noted once (`planProperties`). */
  readonly waiting: readonly Waiting[];
}

/** Sets them one at a time, so that one that is refused spoils no other, and looks whether they were kept. */
export async function applyProperties(
  work: MappingWork,
  actions: readonly PropertyAction[],
  properties: Sides<Properties>,
): Promise<AppliedProperties> {
  const waiting: Waiting[] = work.mapping.waiting().filter((each) => isStillSo(each, properties, actions));
  const changes: StatusChange[] = [];
  const set: Extract<PropertyAction, { type: 'set' }>[] = [];
  for (const action of actions) {
    if (work.signal.aborted) break;
    switch (action.type) {
      case 'record':
        changes.push({ type: 'property', name: action.name, agreed: { value: action.value } });
        break;
      case 'conflict':
        work.tally.conflicts += 1;
        tellConflict(work, action);
        waiting.push(waitingFor(action.name, 'conflict', 'changed differently on both sides', action.values));
        break;
      case 'hold': {
        const reason = holdText(action.reason, work.names);
        const noted = waitingFor(action.name, 'held', reason, valuesOf(action.name, properties));
        waiting.push({ ...noted, side: action.side, waits: false });
        end(work, action, { type: 'held', reason, waits: false });
        break;
      }
      case 'set': {
        const storage = work.storages[action.side];
        const result = await attempt(storage.setProperty(work.collections[action.side], action.name, action.value));
        if (!(result instanceof StorageError)) set.push(action);
        else if (isRefused(result)) waiting.push(refuse(work, action, properties, result.reason));
        else end(work, action, { type: 'failed', error: reportOf(result) });
        break;
      }
      default:
        unreachable(action);
    }
  }
  const kept = await keptValues(work, set);
  for (const action of set) {
    const now = kept[action.side];
    if (now !== undefined && sameValue(action.name, now.properties[action.name], action.value)) {
      changes.push({ type: 'property', name: action.name, agreed: { value: action.value } });
      end(work, action, { type: 'done' });
    } else if (now !== undefined) {
      const after = { ...properties, [action.side]: now.properties };
      waiting.push(refuse(work, action, after, 'the storage takes the value and does not keep it'));
    }
  }
  if (changes.length > 0) work.mapping.commit(changes);
  return { touched: new Set(set.map(({ side }) => side)), waiting };
}

async function keptValues(
  work: MappingWork,
  set: readonly { readonly side: Side }[],
): Promise<Partial<Record<Side, Collection>>> {
  const kept: Partial<Record<Side, Collection>> = {};
  for (const side of new Set(set.map((action) => action.side))) {
    const now = await attempt(work.storages[side].find(work.collections[side]));
    if (now !== undefined && !(now instanceof StorageError)) kept[side] = now;
  }
  return kept;
}

const isRefused = ({ kind }: StorageError): boolean =>
  kind === 'unsupported' || kind === 'rejected' || kind === 'denied' || kind === 'read-only';

function refuse(
  work: MappingWork,
  action: Extract<PropertyAction, { type: 'set' }>,
  properties: Sides<Properties>,
  reason: string,
): Waiting {
  end(work, action, { type: 'held', reason, waits: false });
  const { names, collection } = work;
  const way = `from "${names[otherSide(action.side)]}" to "${names[action.side]}"`;
  const message = `the ${action.name} of "${collection}" could not be copied ${way}, and is left as it is: ${reason}`;
  work.tell({ type: 'log', level: 'warn', pair: work.pair, message });
  return { ...waitingFor(action.name, 'failed', reason, valuesOf(action.name, properties)), waits: false };
}

function end(work: MappingWork, action: PropertyAction, outcome: Outcome): void {
  const planned = plannedProperty(work.collection, action, work.names);
  work.tally.count(planned, outcome);
  work.tell({ type: 'action', pair: work.pair, action: planned, outcome });
}

function tellConflict(work: MappingWork, action: Extract<PropertyAction, { type: 'conflict' }>): void {
  const subject = { type: 'property', name: action.name } as const;
  const versions = bySide((side) => action.values[side] ?? 'not set');
  const conflict = { collection: work.collection, subject, reason: 'changed differently on both sides', versions };
  work.tell({ type: 'conflict', pair: work.pair, conflict });
}

function waitingFor(
  name: string,
  type: 'conflict' | 'failed' | 'held',
  reason: string,
  values: Sides<string | undefined>,
): Waiting {
  const versions = propertyVersions(values);
  return { type, subject: propertySubject(name), side: undefined, summary: '', reason, versions };
}

const valuesOf = (name: PropertyName, properties: Sides<Properties>): Sides<string | undefined> =>
  bySide((side) => properties[side][name]);

function isStillSo(waiting: Waiting, properties: Sides<Properties>, actions: readonly PropertyAction[]): boolean {
  if (!isNoted(waiting)) return false;
  const name = waiting.subject.slice('property:'.length);
  if (actions.some((action) => action.name === name)) return false;
  const values = bySide((side) => new Map(Object.entries(properties[side])).get(name));
  const versions = propertyVersions(values);
  return SIDES.every((side) => versions[side] === waiting.versions[side]);
}
