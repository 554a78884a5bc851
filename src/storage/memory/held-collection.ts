import { createHash } from 'node:crypto';
import type { PropertyName } from '../../model/collection.ts';
import { type Checkpoint, type CollectionId, checkpoint, type Etag, etag, type Href } from '../../model/names.ts';

export interface HeldText {
  readonly text: string;
  readonly etag: Etag;
}

/** What a checkpoint made of the collection to this moment. */
export interface HeldChanges {
  readonly changed: readonly Href[];
  readonly gone: readonly Href[];
}

/**
 * One collection of a memory storage, with a log of all its changes, so that every checkpoint that it ever gave
 * stays good. No two collections of a process's storages should have one `origin`: checkpoints name it.
 */
export class HeldCollection {
  readonly id: CollectionId;
  readonly properties = new Map<PropertyName, string>();
  readonly #origin: string;
  readonly #texts = new Map<Href, HeldText>();
  readonly #log: { readonly href: Href; readonly wasHeld: boolean }[] = [];

  constructor(id: CollectionId, origin: string) {
    this.id = id;
    this.#origin = origin;
  }

  get texts(): ReadonlyMap<Href, HeldText> {
    return this.#texts;
  }

  put(href: Href, text: string, etags: 'counter' | 'content'): HeldText {
    this.#log.push({ href, wasHeld: this.#texts.has(href) });
    const version =
      etags === 'counter' ? `${this.#origin}#${this.#log.length}` : createHash('sha256').update(text).digest('hex');
    const held = { text, etag: etag(version) };
    this.#texts.set(href, held);
    return held;
  }

  remove(href: Href): void {
    if (!this.#texts.delete(href)) return;
    this.#log.push({ href, wasHeld: true });
  }

  get checkpoint(): Checkpoint {
    return checkpoint(`${this.#origin}@${this.#log.length}`);
  }

  /** `undefined`: not a checkpoint of this collection. */
  changesSince(since: Checkpoint): HeldChanges | undefined {
    const [origin, position = ''] = since.split('@');
    if (origin !== this.#origin || !/^\d+$/.test(position) || Number(position) > this.#log.length) return undefined;
    const wasHeldByHref = new Map<Href, boolean>();
    for (const { href, wasHeld } of this.#log.slice(Number(position))) {
      if (!wasHeldByHref.has(href)) wasHeldByHref.set(href, wasHeld);
    }
    const hrefs = [...wasHeldByHref];
    return {
      changed: hrefs.flatMap(([href]) => (this.#texts.has(href) ? [href] : [])),
      gone: hrefs.flatMap(([href, wasHeld]) => (wasHeld && !this.#texts.has(href) ? [href] : [])),
    };
  }
}
