import type { Sighting } from '../../model/agreement.ts';
import type { Etag, Href, Ident } from '../../model/names.ts';
import { bySide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { Version } from '../../reconcile/facts.ts';
import type { MappingStatus } from '../../status/status.ts';
import type { Look, LookedItem } from '../../storage/storage.ts';

/** One copy that is known without reading it again, or was just read. */
export interface Present extends Version {
  readonly ident: Ident;
}

/** Something that is there, and is no usable item. Without an etag it cannot be remembered. */
export interface Unknown {
  readonly etag: Etag | undefined;
  readonly reason: string;
  /** Whether a person has to do something about it. */
  readonly waits: boolean;
}

/** How a look differs from what the status knows of its side. What is agreed and untouched is in none of these. */
export interface Differences {
  /** Listed, and to be read. Those that the look brought with it carry their item. */
  readonly toRead: Map<Href, LookedItem>;
  readonly present: Map<Href, Present>;
  readonly unknown: Map<Href, Unknown>;
  /** Agreed there, and not listed. */
  readonly missing: Map<Href, Ident>;
  /** Listed in one version, and read in another: what was listed there may be at any address by now. */
  readonly overtaken: Set<Href>;
  /** Nothing that it does not mention is there; proven only with a direct look (SL3). */
  readonly complete: boolean;
  /** How many entries were listed; undefined where only changes were. */
  readonly listed: number | undefined;
}

export function compareLooks(looks: Sides<Look>, mapping: MappingStatus): Sides<Differences> {
  const sightings = bySide(
    (side) => new Map(mapping.sightings().flatMap((each) => (each.side === side ? [[each.href, each]] : []))),
  );
  const sides = bySide((side) => new Comparison(looks[side], side, mapping, sightings[side]));
  for (const side of SIDES) {
    if (looks[side].type === 'all')
      mapping.eachAgreed(side, (href, etag, ident) => sides[side].agreed(href, etag, ident));
  }
  for (const side of SIDES) for (const sighting of sightings[side].values()) sides[side].sighted(sighting);
  return bySide((side) => sides[side].differences());
}

class Comparison {
  readonly #look: Look;
  readonly #side: Side;
  readonly #mapping: MappingStatus;
  readonly #sightings: ReadonlyMap<Href, Sighting>;
  readonly #listed: Map<Href, LookedItem>;
  /** Of those items that the look brought with it. */
  readonly #idents: ReadonlySet<Ident>;
  readonly #gone: ReadonlySet<Href>;
  readonly #present = new Map<Href, Present>();
  readonly #unknown: Map<Href, Unknown>;
  readonly #missing = new Map<Href, Ident>();
  readonly #count: number | undefined;

  constructor(look: Look, side: Side, mapping: MappingStatus, sightings: ReadonlyMap<Href, Sighting>) {
    this.#look = look;
    this.#side = side;
    this.#mapping = mapping;
    this.#sightings = sightings;
    const items = look.type === 'all' ? look.items : look.changed;
    this.#listed = new Map(items.map((item) => [item.href, item]));
    this.#idents = new Set(items.flatMap(({ item }) => item?.ident ?? []));
    this.#gone = new Set(look.type === 'all' ? [] : look.gone);
    this.#unknown = new Map(look.unknown.map(({ href, reason }) => [href, { etag: undefined, reason, waits: true }]));
    this.#count = look.type === 'all' ? items.length + look.unknown.length : undefined;
  }

  /** Each agreement of a mapping, where everything was listed. */
  agreed(href: Href, etag: Etag, ident: Ident): void {
    if (this.#unknown.has(href)) return;
    const entry = this.#listed.get(href);
    if (entry === undefined) this.#missing.set(href, ident);
    else if (entry.etag === etag && !this.#holdsAnother(entry, ident)) this.#listed.delete(href);
  }

  /**
   * Where addresses and etags come from contents (a feed), an item can come to stand where another was. The look shows
   * it if it also has that other item, elsewhere; if it does not, the item only has a new UID, and is the same (SI9).
   */
  #holdsAnother({ item }: LookedItem, ident: Ident): boolean {
    return item !== undefined && item.ident !== ident && this.#idents.has(ident);
  }

  /** Each sighting, after all agreements. */
  sighted(sighting: Sighting): void {
    const { href, etag, content, unreadable } = sighting;
    if (this.#unknown.has(href) || this.#missing.has(href) || this.#gone.has(href)) return;
    const entry = this.#listed.get(href);
    if (entry === undefined) {
      // Everything was listed, and this is not: either gone, or untouched since both agreed on it.
      if (this.#look.type === 'all') return;
      if (etag === undefined) this.#missIfAgreed(href);
      else this.#remember(href, etag, content, unreadable);
      return;
    }
    if (entry.etag !== etag || entry.item !== undefined) return;
    if (content !== undefined || unreadable !== undefined) this.#listed.delete(href);
    this.#remember(href, entry.etag, content, unreadable);
  }

  differences(): Differences {
    if (this.#look.type === 'changes') this.#changes();
    return {
      toRead: this.#listed,
      present: this.#present,
      unknown: this.#unknown,
      missing: this.#missing,
      overtaken: new Set(),
      complete: this.#look.type === 'changes' || this.#look.complete,
      listed: this.#count,
    };
  }

  #changes(): void {
    for (const href of this.#gone) this.#missIfAgreed(href);
    for (const [href, entry] of this.#listed) {
      const agreed = this.#mapping.agreementAt(this.#side, href);
      // A server may report the same change again, or one that we made ourselves.
      if (agreed?.sides[this.#side].etag === entry.etag && !this.#sightings.has(href)) this.#listed.delete(href);
    }
  }

  #missIfAgreed(href: Href): void {
    const agreement = this.#mapping.agreementAt(this.#side, href);
    if (agreement !== undefined) this.#missing.set(href, agreement.ident);
  }

  #remember(href: Href, etag: Etag, content: Sighting['content'], unreadable: string | undefined): void {
    if (content !== undefined) this.#present.set(href, { href, etag, ...content });
    else if (unreadable !== undefined) this.#unknown.set(href, { etag, reason: unreadable, waits: true });
    else this.#listed.set(href, { href, etag });
  }
}
