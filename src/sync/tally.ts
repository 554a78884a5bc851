import { bySide, type Side } from '../model/sides.ts';
import type { Outcome, PlannedAction, Summary } from './events.ts';

/** Counts what becomes of a run's actions. */
export class Tally {
  readonly #written = bySide(() => ({ created: 0, updated: 0, deleted: 0 }));
  collections = 0;
  properties = 0;
  /** Items of which both sides got a text that neither had. */
  merged = 0;
  conflicts = 0;
  /** What is held because a person has to do something. */
  waiting = 0;
  held = 0;
  failed = 0;
  postponed = 0;
  /** Collections or sides that could not be synced at all. */
  failures = 0;

  count(action: PlannedAction, outcome: Outcome): void {
    switch (outcome.type) {
      case 'done':
        this.#done(action);
        return;
      case 'held':
        this.held += 1;
        if (outcome.waits) this.waiting += 1;
        return;
      case 'postponed':
        this.postponed += 1;
        return;
      case 'failed':
        this.failed += 1;
    }
  }

  outcome(interrupted: boolean): Summary['outcome'] {
    if (interrupted) return 'interrupted';
    if (this.failed + this.failures + this.postponed > 0) return 'failed';
    return this.conflicts + this.waiting > 0 ? 'waiting' : 'done';
  }

  counts(): Pick<Summary, 'written' | 'collections' | 'properties' | 'merged' | 'conflicts' | 'held' | 'failed'> {
    const { collections, properties, merged, conflicts, held } = this;
    const failed = this.failed + this.postponed + this.failures;
    return {
      written: bySide((side) => ({ ...this.#written[side] })),
      collections,
      properties,
      merged,
      conflicts,
      held,
      failed,
    };
  }

  #done({ subject, verb, side }: PlannedAction): void {
    if (subject.type === 'collection') this.collections += 1;
    else if (subject.type === 'property') this.properties += 1;
    else if (verb === 'merge') this.merged += 1;
    else if (side !== undefined) this.#item(verb, side);
  }

  #item(verb: PlannedAction['verb'], side: Side): void {
    const counts = this.#written[side];
    if (verb === 'create') counts.created += 1;
    else if (verb === 'update') counts.updated += 1;
    else if (verb === 'delete') counts.deleted += 1;
  }
}
