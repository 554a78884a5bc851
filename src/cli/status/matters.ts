import type { PairSettings } from '../../config/config.ts';
import { unreachable } from '../../model/errors.ts';
import { otherSide } from '../../model/sides.ts';
import type { KnownWaiting } from '../../status/waiting-list.ts';
import { itemName, placeOf } from '../reporters/sentences.ts';

/** What something that waits is about: an item by its summary and UID, an address, a property, a collection, the pair. */
export function matterName(
  { type, subject, side, summary, reason, collection }: KnownWaiting,
  { storages }: PairSettings,
): string {
  const on = side === undefined || reason.includes(`"${storages[side]}"`) ? '' : ` on ${storages[side]}`;
  if (subject.startsWith(PROPERTY)) return `the property ${subject.slice(PROPERTY.length)}`;
  if (subject === '') return collection === undefined ? `the pair${on}` : `the collection${on}`;
  if (collection === undefined) return `the collection ${subject}${on}`;
  if (type === 'unreadable') return `the item at ${subject.slice(2)}${on}`;
  return itemName(subject, summary) + (type === 'failed' ? on : '');
}

const PROPERTY = 'property:';

/** What to type, or to do, to go on; undefined: nothing. */
export function wayOn(matter: KnownWaiting, { name, storages }: PairSettings): string | undefined {
  const { type, subject, side, reason, collection } = matter;
  if (matter.waits === false) return undefined;
  const place = placeOf(name, collection ?? (subject === '' ? undefined : subject));
  switch (type) {
    case 'conflict':
      return `pimsync resolve-conflicts ${place}`;
    case 'held': {
      // Where a person may lift what holds it, the reason names the option.
      const [option] = /--allow-(?:empty|delete|rollback)/.exec(reason) ?? [];
      return option === undefined ? undefined : `pimsync sync ${option} ${place}`;
    }
    case 'failed':
      // Many servers take no item without UID.
      return side !== undefined && subject.startsWith('fingerprint:')
        ? `pimsync repair ${storages[otherSide(side)]}, or, to try again: pimsync sync ${place}`
        : `pimsync sync ${place}`;
    case 'unreadable':
      return `correct it there, or remove it; then: pimsync sync ${place}`;
    case 'duplicate':
      return side === undefined ? `pimsync repair` : `pimsync repair -n ${storages[side]}`;
    default:
      return unreachable(type);
  }
}
