import { unreachable } from '../../model/errors.ts';
import { otherSide, type Sides } from '../../model/sides.ts';
import type { HoldReason, MappingHold } from '../../reconcile/hold-reason.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { PropertyAction } from '../../reconcile/properties.ts';
import type { PlannedAction } from '../events.ts';

/** An item's action as people and scripts see it. `names`: what the storages are called. Its summary is read when asked for. */
export function plannedItem(
  collection: string,
  action: ItemAction,
  summaryOf: (action: ItemAction) => string,
  names: Sides<string>,
): PlannedAction {
  const subject: PlannedAction['subject'] = { type: 'item', ident: action.ident, summary: () => summaryOf(action) };
  const { verb, side, reason, waits } = plainOf(action, names);
  return { collection, subject, verb, side, reason, waits };
}

type Plain = Pick<PlannedAction, 'verb' | 'side' | 'reason' | 'waits'>;

function plainOf(action: ItemAction, names: Sides<string>): Plain {
  switch (action.type) {
    case 'create':
      return { verb: 'create', side: otherSide(action.from), reason: undefined, waits: false };
    case 'update':
      return { verb: 'update', side: otherSide(action.from), reason: becauseText(action.because), waits: false };
    case 'delete':
      return { verb: 'delete', side: action.side, reason: becauseText(action.because), waits: false };
    case 'record':
    case 'forget':
    case 'merge':
      return { verb: action.type, side: undefined, reason: undefined, waits: false };
    case 'conflict': {
      const { reason = 'changed differently on both sides' } = action;
      return { verb: 'conflict', side: undefined, reason, waits: true };
    }
    case 'hold': {
      const { reason, side } = action;
      return { verb: 'hold', side, reason: holdText(reason, names), waits: reason.waits };
    }
    default:
      return unreachable(action);
  }
}

export function plannedProperty(collection: string, action: PropertyAction, names: Sides<string>): PlannedAction {
  const subject = { type: 'property', name: action.name } as const;
  const common = { collection, subject, reason: undefined, waits: false };
  switch (action.type) {
    case 'set':
      return { ...common, verb: action.value === undefined ? 'delete' : 'update', side: action.side };
    case 'record':
      return { ...common, verb: 'record', side: undefined };
    case 'conflict':
      return { ...common, verb: 'conflict', side: undefined, reason: 'changed differently on both sides', waits: true };
    case 'hold':
      return { ...common, verb: 'hold', side: action.side, reason: holdText(action.reason, names) };
    default:
      return unreachable(action);
  }
}

export function plannedMappingHold(collection: string, hold: MappingHold, names: Sides<string>): PlannedAction {
  const items = 'items' in hold ? hold.items : 0;
  const reason = holdText(hold, names);
  const subject = { type: 'collection', items } as const;
  return { collection, subject, verb: 'hold', side: hold.side, reason, waits: hold.waits };
}

function becauseText(because: 'edited' | 'conflict' | 'deleted' | 'one-way'): string | undefined {
  switch (because) {
    case 'conflict':
      return 'the other version of a conflict, as conflict_resolution says';
    case 'one-way':
      return "a change of b's own, undone by one_way";
    default:
      return undefined;
  }
}

const items = (count: number): string => (count === 1 ? '1 item' : `${count} items`);

/** Why, and how to go on. */
export function holdText(reason: HoldReason, names: Sides<string>): string {
  switch (reason.type) {
    case 'unknown':
      return reason.text;
    case 'duplicate':
      return `different items with one UID: ${reason.hrefs.join(', ')}; keep one of them, or give the others another UID`;
    case 'read-only':
      return `"${names[reason.side]}" is read-only`;
    case 'surplus':
      return `only "${names.b}" has it, and this is the first run one way: --allow-delete removes it there`;
    case 'emptied':
      if (reason.items === 0) {
        return `"${names[reason.side]}" held items and lists none now: --allow-empty (or on_empty sync) goes on with that`;
      }
      return (
        `"${names[reason.side]}" held items and lists none now, so ${items(reason.items)} of ` +
        `"${names[otherSide(reason.side)]}" would be deleted: --allow-empty (or on_empty sync) deletes them; ` +
        `to get them back instead, delete this pair's status and sync`
      );
    case 'too-many-deletions':
      return (
        `${items(reason.items)} would be deleted from "${names[reason.side]}", more than max_delete allows: ` +
        `--allow-delete deletes them`
      );
    case 'rolled-back':
      return (
        `${items(reason.items)} of "${names[reason.side]}" went back to older content at once, as if it had been ` +
        `restored from a backup: --allow-rollback takes them over`
      );
    case 'collection-gone':
      return (
        `the collection is gone from "${names[reason.side]}": delete it on the other side too, or create it again; ` +
        `on_delete sync does the first`
      );
    case 'collection-not-empty':
      return `the collection is gone from "${names[otherSide(reason.side)]}", and still holds items here`;
    case 'duplicate-id':
      return `"${names[reason.side]}" has several collections with this id: ${reason.hrefs.join(', ')}`;
    case 'mapped-twice': {
      const where = `its collection${reason.side === undefined ? '' : ` of "${names[reason.side]}"`}`;
      const others = reason.others.map((other) => `"${other}"`).join(' and ');
      return `${where} is that of ${others} too: take one of them out of the configuration`;
    }
    case 'name-taken':
      return (
        `the configuration gives this name to another collection, so the one at ${reason.hrefs.join(' and ')} is ` +
        `left alone: change that alias, or name this one in a "collection" block with an alias of its own`
      );
    case 'cannot-delete':
      return `the collection is gone from "${names[otherSide(reason.side)]}", and "${names[reason.side]}" is read-only`;
    case 'cannot-create':
      return `"${names[reason.side]}" does not have this collection, and takes no writes in this pair`;
    default:
      return unreachable(reason);
  }
}
