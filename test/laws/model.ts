import type { Href } from '../../src/model/names.ts';
import type { Side } from '../../src/model/sides.ts';

/** A content that a person wrote. Every text carries the mark of its content, whatever storages make of the text. */
export type Mark = number;

/** A person removed a content from a side, having had it in front of them. */
export interface Tombstone {
  readonly mark: Mark;
  readonly side: Side;
  readonly collection: Href;
  readonly of: 'item' | 'property';
  /** It was in the status as agreed, or the person's own: nothing excuses that it comes back. */
  readonly known: boolean;
}

/** Who had what in front of them: the contents that people wrote, each with those that it replaced, and what they removed. */
export class Model {
  #tombstones: readonly Tombstone[] = [];
  readonly #parents = new Map<Mark, Set<Mark>>();
  readonly #uids = new Map<Mark, string | undefined>();
  /** Contents that were put by more than one act: no removal of one of them says anything of the others. */
  readonly #repeated = new Set<Mark>();
  #last = 0;

  /** A new content, made from what was there. */
  write(parents: readonly Mark[], uid: string | undefined): Mark {
    this.#last += 1;
    this.#uids.set(this.#last, uid);
    this.#parents.set(this.#last, new Set(parents));
    return this.#last;
  }

  /** A content that exists is put once more, in place of what was there. */
  repeat(mark: Mark, parents: readonly Mark[]): void {
    this.#repeated.add(mark);
    for (const parent of parents) if (parent !== mark) this.#parents.get(mark)?.add(parent);
  }

  remove(tombstone: Tombstone): void {
    this.#tombstones = [...this.#tombstones, tombstone];
  }

  get tombstones(): readonly Tombstone[] {
    return this.#tombstones;
  }

  /** One that an edited item brings back has all properties of its counterpart, whatever was unset in it before (SC4). */
  removeCollection(side: Side, collection: Href): void {
    this.#tombstones = this.#tombstones.map((each) =>
      each.of === 'property' && each.side === side && each.collection === collection ? { ...each, known: false } : each,
    );
  }

  get marks(): IterableIterator<Mark> {
    return this.#parents.keys();
  }

  isRepeated(mark: Mark): boolean {
    return this.#repeated.has(mark);
  }

  uidOf(mark: Mark): string | undefined {
    return this.#uids.get(mark);
  }

  parents(mark: Mark): readonly Mark[] {
    return [...(this.#parents.get(mark) ?? [])];
  }

  /** Whether who made `later` had `earlier` in front of them, or both are one. */
  descends(later: Mark, earlier: Mark): boolean {
    const seen = new Set<Mark>();
    const open = [later];
    for (let mark = open.pop(); mark !== undefined; mark = open.pop()) {
      if (mark === earlier) return true;
      if (seen.has(mark)) continue;
      seen.add(mark);
      open.push(...this.parents(mark));
    }
    return false;
  }

  /** Whether a person removed it, or something made from it. */
  wasRemoved(mark: Mark): boolean {
    return this.#tombstones.some((tombstone) => this.descends(tombstone.mark, mark));
  }
}
