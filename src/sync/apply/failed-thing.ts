import { isRefusal, type StorageError } from '../../model/errors.ts';
import { otherSide } from '../../model/sides.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { Waiting } from '../../status/status.ts';
import type { PlannedAction } from '../events.ts';
import type { WriteAction } from './write-item.ts';

/** What says nothing about the item (a server that is away, or does not know us any more) is tried again by every run. */
export function failedThing(action: WriteAction, told: PlannedAction, { kind, reason }: StorageError): Waiting {
  const summary = told.subject.type === 'item' ? told.subject.summary() : '';
  const versions = isRefusal(kind) ? versionsOf(action) : { a: undefined, b: undefined };
  return { type: 'failed', subject: action.ident, side: told.side, summary, reason, versions };
}

/** What the sides held that an action is about: it is not tried again as long as both stay (SI16). */
export function versionsOf(action: ItemAction): Waiting['versions'] {
  const none = { a: undefined, b: undefined };
  switch (action.type) {
    case 'create':
      return { ...none, [action.from]: action.source.fingerprint };
    case 'update':
      return { ...none, [action.from]: action.source.fingerprint, [otherSide(action.from)]: action.target.fingerprint };
    case 'delete':
      return { ...none, [action.side]: action.target.fingerprint };
    default:
      return none;
  }
}
