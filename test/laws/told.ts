import type { SyncEvent } from '../../src/sync/events.ts';

/** What a run told of one collection that it left as it is. */
export interface Told {
  /** Idents of conflicts and of items that are held. */
  readonly items: ReadonlySet<string>;
  readonly hrefs: ReadonlySet<string>;
  readonly properties: ReadonlySet<string>;
  /** The whole mapping is held. */
  readonly collection: string | undefined;
}

export function toldOf(events: readonly SyncEvent[], collection: string): Told {
  const items = new Set<string>();
  const hrefs = new Set<string>();
  const properties = new Set<string>();
  let whole: string | undefined;
  for (const event of events) {
    if (event.type === 'conflict' && event.conflict.collection === collection) {
      const { subject } = event.conflict;
      if (subject.type === 'item') items.add(subject.ident);
      if (subject.type === 'property') properties.add(subject.name);
    }
    if (event.type !== 'action' || event.action.collection !== collection || event.outcome.type !== 'held') continue;
    const { subject, side } = event.action;
    if (subject.type === 'item') items.add(subject.ident);
    else if (subject.type === 'unidentified') hrefs.add(`${side}${subject.href}`);
    else if (subject.type === 'property') properties.add(subject.name);
    else whole = event.outcome.reason;
  }
  return { items, hrefs, properties, collection: whole };
}
