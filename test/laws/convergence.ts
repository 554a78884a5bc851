import { PROPERTY_NAMES } from '../../src/model/collection.ts';
import { certainlyNotDone } from '../../src/model/errors.ts';
import type { Href, Ident } from '../../src/model/names.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { MappingStatus } from '../../src/status/status.ts';
import { type Held, type HeldCopy, heldBy, isDisputed } from './held.ts';
import { markOf } from './law-text.ts';
import type { Ran } from './run.ts';
import { type Told, toldOf } from './told.ts';
import { idOf, type World } from './world.ts';

/** L2: after an undisturbed run both sides hold the same, but for what was told, and told with a reason that is so. */
export function checkConvergence(world: World, ran: Ran): void {
  if (hasLostAll(world, ran)) return;
  for (const event of ran.events) {
    if (event.type === 'failure') world.breaks('L2', `an undisturbed run failed: ${event.error.message}`);
    if (event.type === 'action' && (event.outcome.type === 'failed' || event.outcome.type === 'postponed')) {
      const why = event.outcome.type === 'failed' ? event.outcome.error.message : event.outcome.reason;
      world.breaks('L2', `an undisturbed run could not ${event.action.verb}: ${why}`);
    }
  }
  for (const id of new Set(SIDES.flatMap((side) => world.collections(side).map(idOf)))) {
    const told = toldOf(world, ran.events, id);
    const collections = bySide((side) => world.collectionAt(side, id));
    const { a, b } = collections;
    if (a !== undefined && b !== undefined) new Comparison(world, id, { a, b }, told).check();
    else checkOneSided(world, id, a === undefined ? 'b' : 'a', told);
  }
}

/** SC7: a storage that lost all its collections at once is not synced. */
export const hasLostAll = (world: World, ran: Ran): boolean =>
  world.status.mappings().length > 0 &&
  SIDES.some(
    (side) =>
      world.collections(side).length === 0 &&
      ran.events.some((event) => event.type === 'failure' && event.side === side && event.error.kind === 'not-found'),
  );

function checkOneSided(world: World, id: string, side: Side, told: Told): void {
  const known = world.status.mappings().some(({ name }) => name === id);
  const wanted = world.rules.collectionsFrom.has(side) || known;
  if (wanted && told.collection === undefined) world.breaks('L2', `only ${side} has the collection ${id}`);
}

class Comparison {
  readonly #world: World;
  readonly #id: string;
  readonly #collections: Sides<Href>;
  readonly #told: Told;
  readonly #status: MappingStatus;
  readonly #held: Sides<Held>;

  constructor(world: World, id: string, collections: Sides<Href>, told: Told) {
    this.#world = world;
    this.#id = id;
    this.#collections = collections;
    this.#told = told;
    this.#status = world.status.mapping(id, collections);
    this.#held = bySide((side) => heldBy(world, side, collections[side]));
  }

  check(): void {
    if (this.#told.collection !== undefined) {
      this.#checkGuard(this.#told.collection);
      return;
    }
    for (const side of SIDES) {
      for (const href of this.#held[side].unreadable) {
        const ident = this.#status.agreementAt(side, href)?.ident;
        const isTold = ident === undefined ? this.#told.hrefs.has(`${side}${href}`) : this.#told.items.has(ident);
        if (!isTold) this.#breaks(`${side} ${href} is unreadable, and that was not told`);
      }
    }
    const idents = new Set(SIDES.flatMap((side) => [...this.#held[side].copies.keys()]));
    for (const ident of idents) this.#checkItem(ident);
    this.#checkProperties();
  }

  #checkGuard(reason: string): void {
    const { onEmpty, maxDelete } = this.#world.rules;
    const count = (side: Side): number => this.#world.texts(side, this.#collections[side]).size;
    const emptied = SIDES.some((side) => count(side) === 0 && count(otherSide(side)) > 0);
    if (!(emptied && onEmpty === 'skip') && maxDelete === undefined) this.#breaks(`held: ${reason}`);
  }

  #checkItem(ident: Ident): void {
    const copies = bySide((side) => this.#held[side].copies.get(ident) ?? []);
    const isTold = this.#told.items.has(ident);
    const disputed = SIDES.some((side) => isDisputed(copies[side]));
    if (disputed || this.#isUnreadable(ident)) {
      if (!isTold) this.#breaks(`${ident} is disputed or unreadable on one side, and that was not told`);
      return;
    }
    const [one, other] = [copies.a[0], copies.b[0]];
    if (one !== undefined && other !== undefined) {
      if (one.fingerprint !== other.fingerprint) this.#checkDifference(ident, { a: one, b: other }, isTold);
      else if (isTold) this.#breaks(`${ident} is equal on both sides, and held`);
      return;
    }
    const there = one === undefined ? 'b' : 'a';
    if (this.#isAgreedUnnamed(ident, there)) return;
    const surplus = this.#world.rules.oneWay && there === 'b';
    if (!isTold) this.#breaks(`only ${there} has ${ident}`);
    else if (!surplus && SIDES.every((side) => this.#world.takesWrites(side))) {
      this.#breaks(`only ${there} has ${ident}: held without a reason`);
    }
  }

  #checkDifference(ident: Ident, copies: Sides<HeldCopy>, isTold: boolean): void {
    const agreement = this.#status.agreement(ident);
    const isAgreed = (side: Side): boolean => agreement?.sides[side].fingerprint === copies[side].fingerprint;
    const readOnly = SIDES.some((side) => !this.#world.takesWrites(side));
    if (isAgreed('a') && isAgreed('b')) {
      // SI14: each storage keeps it in its own way; and nothing is copied back to one of several equal copies (SI10).
      const rewrites = SIDES.filter((side) => this.#world.storages[side].traits.rewriting !== 'none');
      const hadTwins = SIDES.some((side) => this.#world.model.isRepeated(markOf(copies[side].text)));
      const isLeft = rewrites.length === 2 || (rewrites.length === 1 && (hadTwins || this.#wasUntellable()));
      const isTaken = hadTwins && SIDES.some((side) => this.#world.wasUntellable(markOf(copies[side].text)));
      if (!isLeft && !isTaken && !readOnly && !this.#wasRefused())
        this.#breaks(`${ident} is different on both sides, and agreed`);
      return;
    }
    if (!isTold) this.#breaks(`${ident} is different on both sides, and that was not told`);
    if (!isTold || readOnly) return;
    if (isAgreed('a') || isAgreed('b')) this.#breaks(`${ident} was edited on one side, and is held`);
    if (this.#world.rules.conflictResolution.length > 0) this.#breaks(`${ident} is a conflict, in spite of keep`);
    this.#checkConflict(ident, copies);
  }

  /** Without a UID, what its storage made of an item is another one. It is left so where the other side takes no writes. */
  #isAgreedUnnamed(ident: Ident, there: Side): boolean {
    if (!ident.startsWith('fingerprint:') || SIDES.every((side) => this.#world.takesWrites(side))) return false;
    return (this.#held[there].copies.get(ident) ?? []).some(({ href }) => {
      const agreed = this.#status.agreementAt(there, href)?.sides;
      return SIDES.every((side) =>
        [...this.#held[side].copies.values()]
          .flat()
          .some((copy) => copy.href === agreed?.[side].href && copy.fingerprint === agreed?.[side].fingerprint),
      );
    });
  }

  /** In a history without disturbances, a conflict is one. */
  #checkConflict(ident: Ident, copies: Sides<HeldCopy>): void {
    const { model } = this.#world;
    if (this.#world.isDisturbed) return;
    const marks = bySide((side) => markOf(copies[side].text));
    if (SIDES.some((side) => model.isRepeated(marks[side]))) return;
    if (SIDES.some((side) => model.descends(marks[side], marks[otherSide(side)]))) {
      this.#breaks(`${ident} is told as a conflict of v${marks.a} and v${marks.b}, and one was made from the other`);
    }
  }

  /** What a person makes of an item before it is read back, where the storage gave no etag, may be the storage's doing. */
  #wasUntellable(): boolean {
    const { storages, history } = this.#world;
    const isSilent = SIDES.some((side) => !storages[side].traits.etagInWritten);
    return isSilent && history.rounds.some(({ disturbances }) => disturbances.some(({ what }) => what.type === 'act'));
  }

  /** A storage that refuses what another made of an item is not asked again. */
  #wasRefused(): boolean {
    return this.#world.history.rounds.some(({ disturbances }) =>
      disturbances.some(({ what }) => what.type === 'fail' && certainlyNotDone(what.kind)),
    );
  }

  /** Something unreadable is where it was agreed to be. */
  #isUnreadable(ident: Ident): boolean {
    return SIDES.some((side) =>
      this.#held[side].unreadable.some((href) => this.#status.agreementAt(side, href)?.ident === ident),
    );
  }

  #checkProperties(): void {
    for (const name of PROPERTY_NAMES) {
      const values = bySide((side) => this.#world.property(side, this.#collections[side], name));
      if (values.a === values.b || this.#told.properties.has(name)) continue;
      if (SIDES.every((side) => this.#world.takesWrites(side))) {
        this.#breaks(`${name} is ${values.a ?? 'not set'} and ${values.b ?? 'not set'}`);
      }
    }
  }

  #breaks(what: string): void {
    this.#world.breaks('L2', `${this.#id}: ${what}`);
  }
}
