import type { Item } from '../../model/item.ts';
import type { Fingerprint, Href, Ident } from '../../model/names.ts';
import { bySide, type Side } from '../../model/sides.ts';
import type { Spool, SpoolHandle } from '../../system/spool.ts';

/** The items of one mapping that were read in this run, by where they were read. Their texts are spooled. */
export class Texts {
  readonly #spool: Spool;
  readonly #entries = bySide(() => new Map<Href, { handle: SpoolHandle; ident: Ident; fingerprint: Fingerprint }>());

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  keep(side: Side, href: Href, item: Item): void {
    const { ident, fingerprint } = item;
    this.#entries[side].set(href, { handle: this.#spool.put(item.text), ident, fingerprint });
  }

  /** The item as it was read there, if it was and had this content. */
  get(side: Side, href: Href, fingerprint: Fingerprint): Item | undefined {
    const entry = this.#entries[side].get(href);
    if (entry === undefined || entry.fingerprint !== fingerprint) return undefined;
    return { text: this.#spool.get(entry.handle), ident: entry.ident, fingerprint };
  }
}
