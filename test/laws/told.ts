import type { SyncEvent } from '../../src/sync/events.ts';
import type { World } from './world.ts';

/** What a run told of one collection that it left as it is. */
export interface Told {
  /** Idents of conflicts and of items that are held. */
  readonly items: ReadonlySet<string>;
  readonly hrefs: ReadonlySet<string>;
  /** Among them what a storage refused, which is told once, and shown from then on. */
  readonly properties: ReadonlySet<string>;
  /** The whole mapping is held. */
  readonly collection: string | undefined;
}

export function toldOf(world: World, events: readonly SyncEvent[], collection: string): Told {
  const items = new Set<string>();
  const hrefs = new Set<string>();
  const properties = new Set(refusedProperties(world, collection));
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

function refusedProperties(world: World, collection: string): readonly string[] {
  const mapping = world.status.mappings().find(({ name }) => name === collection);
  const waiting = mapping === undefined ? [] : world.status.mapping(mapping.name, mapping.hrefs).waiting();
  return waiting.flatMap(({ type, subject }) =>
    type === 'failed' && subject.startsWith('property:') ? subject.slice('property:'.length) : [],
  );
}
