import type { Href } from '../../src/model/names.ts';
import type { Side, Sides } from '../../src/model/sides.ts';
import type { KnownMapping, MappingStatus, RunEnding, Status, StatusChange, Waiting } from '../../src/status/status.ts';

/** What everything that writes to the status goes through. */
export type StatusStep = <T>(name: string, work: () => T) => T;

/** A status each write of which is a step at which a run may fail or die. */
export class SteppedStatus implements Status {
  readonly #inner: Status;
  readonly #step: StatusStep;

  constructor(inner: Status, step: StatusStep) {
    this.#inner = inner;
    this.#step = step;
  }

  get isNew(): boolean {
    return this.#inner.isNew;
  }

  mappings(): readonly KnownMapping[] {
    return this.#inner.mappings();
  }

  mapping(name: string, hrefs: Sides<Href>): MappingStatus {
    const mapping = this.#step('mapping', () => this.#inner.mapping(name, hrefs));
    const step = this.#step;
    return {
      id: mapping.id,
      name: mapping.name,
      hrefs: mapping.hrefs,
      count: () => mapping.count(),
      eachAgreed: (side, visit) => mapping.eachAgreed(side, visit),
      nowhere: (side) => mapping.nowhere(side),
      agreement: (ident) => mapping.agreement(ident),
      agreementAt: (side, href) => mapping.agreementAt(side, href),
      baseText: (ident) => mapping.baseText(ident),
      sightings: () => mapping.sightings(),
      intents: () => mapping.intents(),
      waiting: () => mapping.waiting(),
      checkpoint: (side) => mapping.checkpoint(side),
      property: (property) => mapping.property(property),
      isOlder: (side, ident, fingerprint) => mapping.isOlder(side, ident, fingerprint),
      commit: (changes) => step(`commit ${changes.map(named).join(', ')}`, () => mapping.commit(changes)),
      wait: (things) => step('wait', () => mapping.wait(things)),
    };
  }

  forgetMapping(id: number): void {
    this.#step('forget mapping', () => this.#inner.forgetMapping(id));
  }

  recall(side: Side): string | undefined {
    return this.#inner.recall(side);
  }

  remember(side: Side, text: string | undefined): void {
    this.#step('remember', () => this.#inner.remember(side, text));
  }

  wait(things: readonly Waiting[]): void {
    this.#step('wait', () => this.#inner.wait(things));
  }

  waiting(): readonly Waiting[] {
    return this.#inner.waiting();
  }

  beginRun(): number {
    return this.#step('begin', () => this.#inner.beginRun());
  }

  endRun(run: number, ending: RunEnding): void {
    this.#step('end', () => this.#inner.endRun(run, ending));
  }

  pruneHistory(seconds: number): void {
    this.#step('prune', () => this.#inner.pruneHistory(seconds));
  }

  close(): void {
    this.#inner.close();
  }
}

function named(change: StatusChange): string {
  switch (change.type) {
    case 'agree':
      return `agree ${change.agreement.ident}`;
    case 'intend':
      return `intend ${change.intent.verb} ${change.intent.ident}`;
    case 'forget':
    case 'done':
    case 'not-done':
      return `${change.type} ${change.ident}`;
    case 'sight':
      return `sight ${change.sighting.side} ${change.sighting.href}`;
    case 'unsight':
      return `unsight ${change.side} ${change.href}`;
    case 'checkpoint':
      return `checkpoint ${change.side}`;
    case 'property':
      return `property ${change.name}`;
  }
}
