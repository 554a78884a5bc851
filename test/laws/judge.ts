import { PROPERTY_NAMES, type PropertyName } from '../../src/model/collection.ts';
import type { Href } from '../../src/model/names.ts';
import { otherSide, type Side } from '../../src/model/sides.ts';
import { expand } from '../../src/status/compressed-text.ts';
import type { Step } from '../../src/storage/memory/memory-storage.ts';
import { itemOf, markOf } from './law-text.ts';
import type { Mark } from './model.ts';
import { propertyMark, type World } from './world.ts';

/** Judges each request of the engine, and each write when it is done: L5, L7, SG4, SF3. */
export class Judge {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  hear(side: Side, step: Step): void {
    if (step.phase === 'before') this.#judgeRequest(side, step);
    else this.#judgeEffect(side, step);
  }

  #judgeRequest(side: Side, { name, item }: Step): void {
    const world = this.#world;
    if (item !== undefined && !world.everHeld(otherSide(side), item.text)) {
      world.breaks('SI12', `a text was sent to ${side} that was never on the other side`);
    }
    if (isWrite(name) && !world.takesWrites(side)) {
      world.breaks('SG4', `${name} was asked of ${side}, which takes none`);
    }
  }

  #judgeEffect(side: Side, { name, collection, href }: Step): void {
    const world = this.#world;
    if (name === 'createRoot') world.storages[side].mounted = true;
    if (collection === undefined) return;
    switch (name) {
      case 'createCollection':
        world.noteCollection(side, collection, 'made');
        return;
      case 'deleteCollection':
        world.noteCollection(side, collection, 'deleted');
        return;
      case 'setProperty':
        for (const property of PROPERTY_NAMES) this.#judgeProperty(side, collection, property);
        return;
      case 'create':
      case 'update':
      case 'delete': {
        if (href === undefined) return;
        const before = world.texts(side, collection);
        world.note(side, collection, href, 'engine');
        this.#judgeItem(side, href, before, world.texts(side, collection));
        this.#judgeSurplus(side, collection, before.get(href), world.texts(side, collection).get(href));
        return;
      }
      default:
        return;
    }
  }

  #judgeItem(side: Side, at: Href, before: Texts, after: Texts): void {
    const world = this.#world;
    const old = before.get(at);
    const now = after.get(at);
    if (old !== undefined) this.#judgeLoss(side, at, old, after);
    if (now === undefined) return;
    const item = itemOf(now);
    if (item === undefined) {
      world.breaks('SI12', `${side} ${at} was written with a text that is no item`);
      return;
    }
    const isSurprise = world.lied || world.touched.has(`${side}${item.ident}`);
    const isChanged = old !== undefined && itemOf(old)?.fingerprint !== item.fingerprint;
    if (isChanged && hasTwin(after, old, at) && !isSurprise && !world.unread.has(side)) {
      world.breaks('SI10', `${side} ${at}: only one of the equal copies of ${item.ident} was written`);
    }
    if (old === undefined && copiesOf(before, item.ident) > 0 && !isSurprise) {
      world.breaks('L7', `${side} holds ${item.ident} once more, at ${at}`);
    }
  }

  /** L5: a content gives way only to what was made from it, to a removal by somebody who had it, or by a rule. */
  #judgeLoss(side: Side, at: Href, old: string, after: Texts): void {
    const world = this.#world;
    const lost = markOf(old);
    if (itemOf(old) === undefined) {
      world.breaks('L5', `${side} ${at}: unreadable v${lost} was destroyed`);
      return;
    }
    if (!this.#isInHistory(side, at, lost)) {
      world.breaks('SF3', `${side} ${at}: v${lost} was destroyed and is not in the history`);
    }
    // A surplus copy may go where another one, or what was made from it, stays (SI10).
    if (this.#isAmong(after, lost) || world.model.wasRemoved(lost) || this.#isByRule(side)) return;
    if (world.wasUntellable(lost)) return;
    // Against a listing that is silent of something that moved, nothing helps; but then the other side has it still.
    if (world.lied && world.wasMoved(lost) && this.#isLive(otherSide(side), lost)) return;
    const now = after.get(at);
    // Of two copies that were seen, one was moved over the other since. What was made from them is on its way here.
    const ident = itemOf(old)?.ident;
    const isMovedMeanwhile = now === undefined && world.touched.has(`${side}${ident}`);
    if (isMovedMeanwhile && this.#isLive(otherSide(side), lost)) return;
    const by = now === undefined ? 'nothing' : `v${markOf(now)}, which nobody made from it`;
    world.breaks('L5', `${side} ${at}: v${lost} gave way to ${by}`);
  }

  /**
   * SG4: what a first run one way found on b, and a never had, is not removed without being asked. A listing that is
   * silent of it makes it look as if it came later.
   */
  #judgeSurplus(side: Side, collection: Href, old: string | undefined, now: string | undefined): void {
    const ident = old === undefined ? undefined : itemOf(old)?.ident;
    if (side === 'a' || old === undefined || ident === undefined || now !== undefined || this.#world.lied) return;
    const wasHeld = this.#world.surplus.has(`${collection}${markOf(old)}`);
    if (wasHeld && !this.#world.everHeldItem('a', ident)) {
      this.#world.breaks('SG4', `${ident}, which the first run one way found on b, was removed`);
    }
  }

  /** What loses by a rule is in the history. */
  #isByRule(side: Side): boolean {
    const { rules } = this.#world;
    return (
      rules.conflictResolution.some((way) => way.type === 'keep' && way.side !== side) || (rules.oneWay && side === 'b')
    );
  }

  #isAmong(texts: Texts, mark: Mark): boolean {
    return [...texts.values()].some(
      (text) => itemOf(text) !== undefined && this.#world.model.descends(markOf(text), mark),
    );
  }

  #isLive(side: Side, mark: Mark): boolean {
    return this.#world.collections(side).some((collection) => this.#isAmong(this.#world.texts(side, collection), mark));
  }

  #isInHistory(side: Side, at: Href, mark: Mark): boolean {
    const find = this.#world.connection.prepareOnce<[string, string], { readonly text: Buffer }>(
      'SELECT text FROM history WHERE side = ? AND href = ?',
    );
    return find.all(side, at).some(({ text }) => markOf(expand(text)) === mark);
  }

  #judgeProperty(side: Side, collection: Href, name: PropertyName): void {
    const world = this.#world;
    const old = world.property(side, collection, name);
    const value = world.storages[side].heldProperties(collection).get(name);
    if (old === value) return;
    world.noteProperty(side, collection, name, value);
    const lost = propertyMark(old);
    // No storage can be asked to set a property only if it has a certain value.
    if (lost === undefined || world.touched.has(`${side}${name}`)) return;
    if (world.model.wasRemoved(lost) || this.#isByRule(side)) return;
    const mark = propertyMark(value);
    if (mark !== undefined && world.model.descends(mark, lost)) return;
    world.breaks('L5', `${side} ${collection}: ${name} ${old} gave way to ${value ?? 'nothing'}`);
  }
}

type Texts = ReadonlyMap<Href, string>;

export const isWrite = (name: Step['name']): boolean =>
  name === 'create' ||
  name === 'update' ||
  name === 'delete' ||
  name === 'createCollection' ||
  name === 'deleteCollection' ||
  name === 'setProperty' ||
  name === 'createRoot';

/** Whether the same item is somewhere else too. */
const hasTwin = (texts: Texts, text: string, at: Href): boolean => {
  const item = itemOf(text);
  return [...texts].some(([href, other]) => {
    const twin = href === at ? undefined : itemOf(other);
    return twin !== undefined && twin.fingerprint === item?.fingerprint && twin.ident === item.ident;
  });
};

const copiesOf = (texts: Texts, ident: string): number =>
  [...texts.values()].filter((text) => itemOf(text)?.ident === ident).length;
