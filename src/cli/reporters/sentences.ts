import { unreachable } from '../../model/errors.ts';
import type { Side, Sides } from '../../model/sides.ts';
import type { Counts, PlannedAction, Summary, SyncEvent } from '../../sync/events.ts';

/** A pair's collection as lines begin with it. */
export const placeOf = (pair: string, collection: string | undefined): string =>
  collection === undefined ? pair : `${pair}/${collection}`;

/** What could not be synced at all, and why; the storage is named if the error does not do so itself. */
export function failureText(
  { pair, collection, side, error }: Extract<SyncEvent, { type: 'failure' }>,
  names: Sides<string>,
): string {
  const storage = side === undefined || error.message.includes(`"${names[side]}"`) ? '' : `${names[side]}: `;
  return `${placeOf(pair, collection)}: ${storage}${error.message}`;
}

/** What an action is about: an item by its summary and UID, never by its content. */
export function nameOf({ subject }: Pick<PlannedAction, 'subject'>): string {
  switch (subject.type) {
    case 'item':
      return itemName(subject.ident, subject.summary());
    case 'unidentified':
      return `the item at ${subject.href}`;
    case 'property':
      return `the property ${subject.name}`;
    case 'collection':
      return 'the collection';
    default:
      return unreachable(subject);
  }
}

/** `"Dentist" (UID)` */
export const itemName = (ident: string, summary: string): string =>
  `${summary === '' ? 'an item' : `"${summary}"`} (${uidOf(ident) ?? 'without UID'})`;

/** An item without UID goes by its fingerprint, which says nothing to a person. */
export const uidOf = (ident: string): string | undefined => (ident.startsWith('fingerprint:') ? undefined : ident);

export type WritingVerb = 'create' | 'update' | 'delete' | 'merge';

const PREPOSITIONS: Readonly<Record<WritingVerb, string>> = { create: 'on', update: 'on', delete: 'from', merge: 'on' };

/** `create "Dentist" (UID) on laptop` */
export function actionText(verb: string, action: PlannedAction, names: Sides<string>): string {
  const where = action.side === undefined ? '' : ` ${prepositionOf(action)} ${names[action.side]}`;
  return `${verb} ${nameOf(action)}${where}`;
}

const prepositionOf = ({ verb }: PlannedAction): string => (isWriting(verb) ? PREPOSITIONS[verb] : 'on');

/** The others change the status only, or nothing. */
export const isWriting = (verb: PlannedAction['verb']): verb is WritingVerb =>
  verb === 'create' || verb === 'update' || verb === 'delete' || verb === 'merge';

/** `2 created, 1 deleted on laptop; 1 updated on server`; empty where nothing was written. */
export function writtenText(written: Sides<Counts>, names: Sides<string>): string {
  const ofSide = (side: Side): string => {
    const { created, updated, deleted } = written[side];
    const counts = countsText([
      [created, 'created'],
      [updated, 'updated'],
      [deleted, 'deleted'],
    ]);
    return counts === '' ? '' : `${counts} on ${names[side]}`;
  };
  return [ofSide('a'), ofSide('b')].filter((text) => text !== '').join('; ');
}

/** What else there was in a run. */
export const restText = ({
  merged,
  collections,
  properties,
  conflicts,
  held,
  failed,
}: Omit<Summary, 'written'>): string =>
  [
    counted(merged, 'merged', 'merged'),
    counted(collections, 'collection', 'collections'),
    counted(properties, 'property', 'properties'),
    counted(conflicts, 'conflict', 'conflicts'),
    counted(held, 'held', 'held'),
    counted(failed, 'failed', 'failed'),
  ]
    .filter((text) => text !== '')
    .join(', ');

const counted = (count: number, one: string, many: string): string =>
  count === 0 ? '' : `${count} ${count === 1 ? one : many}`;

const countsText = (counts: readonly (readonly [number, string])[]): string =>
  counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
