import type { SyncEvent } from '../../sync/events.ts';

/** Something that is as it should not be, and stays so from run to run. */
interface Trouble {
  /** The mapping's name; undefined: the pair as a whole. */
  readonly collection: string | undefined;
  /** What tells it from other troubles, and what is told anew when it changes. */
  readonly key: string;
  readonly reason: string;
  readonly event: SyncEvent;
}

/** What is told of trouble: when it is new, when its reason changes, and when it is over. */
export interface News {
  /** Of whatever is no trouble, and of trouble that is news. */
  readonly tell: (event: SyncEvent) => void;
  /** `event` was told before, and is over. */
  readonly tellOver: (event: SyncEvent) => void;
}

/** The troubles of one pair, from run to run: the same one is told once. */
export class Troubles {
  readonly #news: News;
  readonly #known = new Map<string, Trouble>();
  #met = new Set<string>();
  /** Collections that this run could not look at: what was wrong in them may still be. */
  #unseen = new Set<string>();
  #only: ReadonlySet<string> | undefined;

  constructor(news: News) {
    this.#news = news;
  }

  get count(): number {
    return this.#known.size;
  }

  beginRun(): void {
    this.#met = new Set();
    this.#unseen = new Set();
    this.#only = undefined;
  }

  /** The mappings that the run is about; undefined: all. */
  about(only: ReadonlySet<string> | undefined): void {
    this.#only = only;
  }

  tell(event: SyncEvent): void {
    // As the configuration wants it: nothing to tell of each time.
    if (event.type === 'action' && event.outcome.type === 'held' && !event.outcome.waits) return;
    if (event.type === 'failure' && event.collection !== undefined) this.#unseen.add(event.collection);
    const trouble = troubleIn(event);
    if (trouble === undefined) {
      this.#news.tell(event);
      return;
    }
    this.#met.add(trouble.key);
    if (this.#known.get(trouble.key)?.reason === trouble.reason) return;
    const lasting = lastingEvent(event);
    this.#known.set(trouble.key, { ...trouble, event: lasting });
    this.#news.tell(lasting);
  }

  /** `whole`: what the run was about and was not told is over. */
  endRun(whole: boolean): void {
    if (!whole) return;
    for (const trouble of this.#known.values()) {
      if (this.#met.has(trouble.key) || !this.#wasSeen(trouble)) continue;
      this.#known.delete(trouble.key);
      this.#news.tellOver(trouble.event);
    }
  }

  #wasSeen({ collection, event }: Trouble): boolean {
    if (collection === undefined) return true;
    if (this.#only?.has(collection) === false) return false;
    // That it could not be looked at is over when nothing says so again.
    return event.type === 'failure' || !this.#unseen.has(collection);
  }
}

function troubleIn(event: SyncEvent): Trouble | undefined {
  switch (event.type) {
    case 'failure': {
      const { collection, side, error } = event;
      return { collection, key: keyOf('failure', collection, side), reason: error.message, event };
    }
    case 'conflict': {
      const { collection, subject, versions, reason } = event.conflict;
      const key = keyOf('conflict', collection, subjectOf(subject));
      return { collection, key, reason: JSON.stringify([reason, versions]), event };
    }
    case 'action': {
      const { action, outcome } = event;
      if (outcome.type !== 'held' && outcome.type !== 'failed') return undefined;
      const reason = outcome.type === 'held' ? outcome.reason : outcome.error.message;
      const key = keyOf(outcome.type, action.collection, action.side, subjectOf(action.subject));
      return { collection: action.collection, key, reason, event };
    }
    default:
      return undefined;
  }
}

/** What an item is called can be asked only while its run goes on. */
function lastingEvent(event: SyncEvent): SyncEvent {
  if (event.type === 'action') return { ...event, action: { ...event.action, subject: lasting(event.action.subject) } };
  if (event.type !== 'conflict') return event;
  return { ...event, conflict: { ...event.conflict, subject: lasting(event.conflict.subject) } };
}

function lasting(subject: Subject): Subject {
  if (subject.type !== 'item') return subject;
  const summary = subject.summary();
  return { ...subject, summary: () => summary };
}

const keyOf = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts);

type Subject = Extract<SyncEvent, { type: 'action' }>['action']['subject'];

const subjectOf = (subject: Subject): string => {
  switch (subject.type) {
    case 'item':
      return `item ${subject.ident}`;
    case 'unidentified':
      return `unidentified ${subject.href}`;
    case 'property':
      return `property ${subject.name}`;
    case 'collection':
      return 'collection';
  }
};
