import { PROPERTY_NAMES, type PropertyName } from '../../src/model/collection.ts';
import { type Checkpoint, type CollectionId, collectionId, type Href, type Ident } from '../../src/model/names.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { Connection } from '../../src/status/connection.ts';
import { expand } from '../../src/status/compressed-text.ts';
import { openEmptyDatabase } from '../../src/status/database.ts';
import { PairStatus } from '../../src/status/pair-status.ts';
import type { Step } from '../../src/storage/memory/memory-storage.ts';
import type { Look } from '../../src/storage/storage.ts';
import type { History, RuleTraits } from './history.ts';
import { LawStorage } from './law-storage.ts';
import { itemOf, markOf } from './law-text.ts';
import { type Mark, Model } from './model.ts';

/** A law that does not hold. */
export class LawBroken extends Error {
  readonly law: string;

  constructor(law: string, what: string) {
    super(`${law}: ${what}`);
    this.name = 'LawBroken';
    this.law = law;
  }
}

/** No decision depends on it. */
export const NOW = 1_800_000_000_000;

/** What a side held the last time that anybody wrote to it, and who wrote it. */
interface Shadow {
  readonly texts: Map<Href, { readonly text: string; readonly by: 'person' | 'engine' }>;
  readonly properties: Map<PropertyName, string>;
}

/** Two storages, a status, and what people did to them. Every write of the engine is judged when it is done (L5). */
export class World {
  readonly history: History;
  readonly storages: Sides<LawStorage>;
  readonly connection: Connection;
  readonly status: PairStatus;
  readonly rules: PairRules;
  readonly model = new Model();
  /** Who is asked at each step of a storage before anything else. */
  onStep: ((side: Side, step: Step) => void) | undefined;
  /** What was broken first, if anything was. */
  broken: LawBroken | undefined;
  /** A look said what was not so, and no checkpoint can be trusted to have covered it. */
  lied = false;
  /** Items and properties that people put since the run began, with their sides. */
  readonly putMeanwhile = new Set<string>();
  log: ((line: string) => void) | undefined;
  readonly #shadows: Sides<Map<Href, Shadow>> = bySide(() => new Map());
  readonly #writtenByEngine: Sides<Set<Mark>> = bySide(() => new Set());
  readonly #markByFingerprint = new Map<string, Mark>();
  readonly #everHeld: Sides<Set<string>> = bySide(() => new Set());

  constructor(history: History, log?: (line: string) => void) {
    this.history = history;
    this.log = log;
    this.storages = bySide((side) => new LawStorage(side, history.storages[side], (step) => this.#hear(side, step)));
    this.connection = openEmptyDatabase({ pair: 'laws', path: ':memory:' });
    this.status = new PairStatus(this.connection, () => NOW);
    this.rules = rulesOf(history.rules);
    for (const side of SIDES) for (const id of history.collections[side]) this.makeCollection(side, id);
  }

  close(): void {
    this.status.close();
  }

  breaks(law: string, what: string): void {
    this.log?.(`    !! ${law}: ${what}`);
    this.broken ??= new LawBroken(law, what);
  }

  /** Whether the engine may ever write to a side. */
  takesWrites(side: Side): boolean {
    return !this.storages[side].traits.readOnly && !(this.rules.oneWay && side === 'a');
  }

  /**
   * An item without UID is another one wherever a storage changes what people wrote in it; neither side's items tell
   * then that they belong together, and there are none in such a world.
   */
  get rewritesVisibly(): boolean {
    return SIDES.some((side) => !['none', 'stamp'].includes(this.storages[side].traits.rewriting));
  }

  get isDisturbed(): boolean {
    return this.history.rounds.some(({ disturbances }) => disturbances.some(({ what }) => what.type !== 'act'));
  }

  // What is there.

  collections(side: Side): readonly Href[] {
    return [...this.#shadows[side].keys()].sort();
  }

  texts(side: Side, collection: Href): ReadonlyMap<Href, string> {
    const shadow = this.#shadows[side].get(collection);
    return new Map([...(shadow?.texts ?? [])].map(([at, { text }]) => [at, text]));
  }

  property(side: Side, collection: Href, name: PropertyName): string | undefined {
    return this.#shadows[side].get(collection)?.properties.get(name);
  }

  // What people do.

  makeCollection(side: Side, id: string): void {
    const at = this.storages[side].userMakeCollection(id);
    if (!this.#shadows[side].has(at)) this.#shadows[side].set(at, { texts: new Map(), properties: new Map() });
  }

  removeCollection(side: Side, collection: Href): void {
    for (const [at, text] of this.texts(side, collection)) this.bury(side, collection, at, text);
    for (const name of PROPERTY_NAMES) this.#buryProperty(side, collection, name);
    this.storages[side].userRemoveCollection(collection);
    this.#shadows[side].delete(collection);
  }

  put(side: Side, collection: Href, at: Href | undefined, text: string): Href {
    const href = this.storages[side].userPut(collection, at, text);
    this.#note(side, collection, href, 'person');
    this.putMeanwhile.add(`${side}${itemOf(text)?.ident}`);
    return href;
  }

  /** Removes it, and says nothing of why. */
  take(side: Side, collection: Href, at: Href): void {
    this.storages[side].userDelete(collection, at);
    this.#shadows[side].get(collection)?.texts.delete(at);
  }

  move(side: Side, collection: Href, from: Href, to: Href): void {
    this.storages[side].userMove(collection, from, to);
    const texts = this.#shadows[side].get(collection)?.texts;
    const moved = texts?.get(from);
    texts?.delete(from);
    if (moved === undefined) return;
    texts?.set(to, moved);
    this.putMeanwhile.add(`${side}${itemOf(moved.text)?.ident}`);
  }

  /** A person removed what is at an address, or made something else of it. */
  bury(side: Side, collection: Href, at: Href, text: string): void {
    this.model.remove({ mark: markOf(text), side, collection, known: this.#isKnown(side, collection, at, text) });
  }

  setProperty(side: Side, collection: Href, name: PropertyName, value: string | undefined): void {
    if (value === undefined) this.#buryProperty(side, collection, name);
    this.putMeanwhile.add(`${side}${name}`);
    this.storages[side].userSetProperty(collection, name, value);
    const properties = this.#shadows[side].get(collection)?.properties;
    if (value === undefined) properties?.delete(name);
    else properties?.set(name, value);
  }

  #buryProperty(side: Side, collection: Href, name: PropertyName): void {
    const mark = propertyMark(this.property(side, collection, name));
    if (mark !== undefined) this.model.remove({ mark, side, collection, known: false });
  }

  /** Whether the engine can know that this very copy was there: then it must not bring it back (L6). */
  #isKnown(side: Side, collection: Href, at: Href, text: string): boolean {
    const shadow = this.#shadows[side].get(collection)?.texts.get(at);
    // What a storage made of an interrupted write cannot be told from what a person made.
    const traits = this.storages[otherSide(side)].traits;
    if (this.isDisturbed && (traits.rewriting !== 'none' || traits.renames)) return false;
    const known = itemOf(text)?.ident;
    // What was put by a write that was never recorded, the engine does not know to have been there.
    if (this.isDisturbed && known !== undefined && !this.#isAgreed(side, collection, known)) return false;
    const agreed = this.agreementAt(side, collection, at);
    if (agreed !== undefined && agreed === itemOf(text)?.fingerprint) return true;
    // Nor can what a person made of an interrupted write.
    const agreedMark = agreed === undefined ? undefined : this.#markByFingerprint.get(agreed);
    return (
      shadow?.by === 'person' &&
      [...this.#writtenByEngine[side]].every(
        (mark) =>
          !this.model.descends(markOf(text), mark) ||
          (agreedMark !== undefined && this.model.descends(agreedMark, mark)),
      )
    );
  }

  #isAgreed(side: Side, collection: Href, ident: Ident): boolean {
    const known = this.status.mappings().find(({ hrefs }) => hrefs[side] === collection);
    if (known === undefined) return false;
    return this.status.mapping(known.name, known.hrefs).agreement(ident) !== undefined;
  }

  /** The fingerprint that the status has for an address. */
  agreementAt(side: Side, collection: Href, at: Href): string | undefined {
    const known = this.status.mappings().find(({ hrefs }) => hrefs[side] === collection);
    if (known === undefined) return undefined;
    return this.status.mapping(known.name, known.hrefs).agreementAt(side, at)?.sides[side].fingerprint;
  }

  // What the engine does.

  #hear(side: Side, step: Step): void {
    if (step.phase === 'before') this.#judgeRequest(side, step);
    else this.#judgeEffect(side, step);
    this.onStep?.(side, step);
  }

  #judgeRequest(side: Side, { name, item }: Step): void {
    if (item !== undefined && !this.#everHeld[otherSide(side)].has(item.text)) {
      this.breaks('I7', `a text was sent to ${side} that was never on the other side`);
    }
    if (isWrite(name) && !this.takesWrites(side)) this.breaks('SG4', `${name} was asked of ${side}, which takes none`);
  }

  #judgeEffect(side: Side, step: Step): void {
    const { name, collection, href } = step;
    if (name === 'createRoot') this.storages[side].mounted = true;
    if (collection === undefined) return;
    switch (name) {
      case 'createCollection':
        this.#shadows[side].set(collection, { texts: new Map(), properties: new Map() });
        return;
      case 'deleteCollection':
        this.#shadows[side].delete(collection);
        return;
      case 'setProperty':
        this.#judgeProperties(side, collection);
        return;
      case 'create':
      case 'update':
      case 'delete': {
        if (href === undefined) return;
        const before = this.texts(side, collection);
        this.#note(side, collection, href, 'engine');
        this.#judgeItem(side, collection, href, before);
        return;
      }
      default:
        return;
    }
  }

  #note(side: Side, collection: Href, at: Href, by: 'person' | 'engine'): void {
    const text = this.storages[side].userItems(collection).get(at);
    const texts = this.#shadows[side].get(collection)?.texts;
    if (text === undefined) texts?.delete(at);
    else {
      texts?.set(at, { text, by });
      const item = itemOf(text);
      if (item !== undefined) this.#markByFingerprint.set(item.fingerprint, markOf(text));
      if (by === 'engine') this.#writtenByEngine[side].add(markOf(text));
      this.#everHeld[side].add(text);
    }
  }

  #judgeItem(side: Side, collection: Href, at: Href, before: ReadonlyMap<Href, string>): void {
    const after = this.texts(side, collection);
    const old = before.get(at);
    const now = after.get(at);
    if (old !== undefined) this.#judgeLoss(side, at, old, after);
    if (now === undefined) return;
    const item = itemOf(now);
    if (item === undefined) this.breaks('I7', `${side} ${at} was written with a text that is no item`);
    else if (old === undefined && copiesOf(before, item.ident) > 0 && !this.lied && !this.putMeanwhile.has(`${side}${item.ident}`)) {
      this.breaks('L7', `${side} holds ${item.ident} once more, at ${at}`);
    }
  }

  /** L5: a content gives way only to what was made from it, to a removal by somebody who had it, or by a rule. */
  #judgeLoss(side: Side, at: Href, old: string, after: ReadonlyMap<Href, string>): void {
    const now = after.get(at);
    const lost = markOf(old);
    const item = itemOf(old);
    if (item === undefined) return this.breaks('L5', `${side} ${at}: unreadable v${lost} was destroyed`);
    if (!this.#isInHistory(side, at, lost)) {
      this.breaks('SF3', `${side} ${at}: v${lost} was destroyed and is not in the history`);
    }
    // A surplus copy may go where another one, or what was made from it, stays (SI10).
    if ([...after.values()].some((text) => itemOf(text) !== undefined && this.model.descends(markOf(text), lost))) return;
    if (this.model.wasRemoved(lost)) return;
    // Against a listing that is silent of something that moved, nothing helps; but then the other side has it still.
    if (this.lied && this.#isLive(otherSide(side), lost)) return;
    const byRule = this.history.rules.keep !== undefined || (this.rules.oneWay && side === 'b');
    if (byRule) return;
    const by = now === undefined ? 'nothing' : `v${markOf(now)}, which nobody made from it`;
    this.breaks('L5', `${side} ${at}: v${lost} gave way to ${by}`);
  }

  #isLive(side: Side, mark: Mark): boolean {
    return this.collections(side).some((collection) =>
      [...this.texts(side, collection).values()].some((text) => this.model.descends(markOf(text), mark)),
    );
  }

  #isInHistory(side: Side, at: Href, mark: Mark): boolean {
    const find = this.connection.prepareOnce<[string, string], { readonly text: Buffer }>(
      'SELECT text FROM history WHERE side = ? AND href = ?',
    );
    return find.all(side, at).some(({ text }) => markOf(expand(text)) === mark);
  }

  #judgeProperties(side: Side, collection: Href): void {
    const held = new Map(this.#shadows[side].get(collection)?.properties);
    const now = this.storages[side].heldProperties(collection);
    for (const name of PROPERTY_NAMES) {
      const old = held.get(name);
      const value = now.get(name);
      if (old === value) continue;
      const properties = this.#shadows[side].get(collection)?.properties;
      if (value === undefined) properties?.delete(name);
      else properties?.set(name, value);
      const lost = propertyMark(old);
      // No storage can be asked to set a property only if it has a certain value.
      if (lost === undefined || this.model.wasRemoved(lost) || this.putMeanwhile.has(`${side}${name}`)) continue;
      const mark = propertyMark(value);
      if (mark !== undefined && this.model.descends(mark, lost)) continue;
      if (this.history.rules.keep !== undefined || (this.rules.oneWay && side === 'b')) continue;
      this.breaks('L5', `${side} ${collection}: ${name} ${old} gave way to ${value ?? 'nothing'}`);
    }
  }

  /** Of all contents that were ever on a side. */
  marksOfItems(): ReadonlySet<Mark> {
    return new Set(SIDES.flatMap((side) => [...this.#everHeld[side]].map(markOf)));
  }

  /** A look that nobody hears of. */
  async quietLook(side: Side, collection: Href, since: Checkpoint | undefined): Promise<Look> {
    const storage = this.storages[side];
    const { onStep } = storage;
    storage.onStep = undefined;
    const look = await storage.look(collection, since);
    storage.onStep = onStep;
    return look;
  }

  collectionAt(side: Side, id: string): Href | undefined {
    return this.collections(side).find((at) => idOf(at) === id);
  }
}

/** A memory storage's collections have their ids for addresses. */
export const idOf = (collection: Href): CollectionId => collectionId(collection.slice(1));

export const isWrite = (name: Step['name']): boolean =>
  name === 'create' ||
  name === 'update' ||
  name === 'delete' ||
  name === 'createCollection' ||
  name === 'deleteCollection' ||
  name === 'setProperty' ||
  name === 'createRoot';

export const propertyMark = (value: string | undefined): Mark | undefined =>
  value === undefined ? undefined : Number(value.slice(1));

const copiesOf = (texts: ReadonlyMap<Href, string>, ident: string): number =>
  [...texts.values()].filter((text) => itemOf(text)?.ident === ident).length;

function rulesOf({ collectionsFrom, onEmpty, onDelete, maxDelete, keep, oneWay }: RuleTraits): PairRules {
  return {
    collectionsFrom: new Set(collectionsFrom),
    mappings: [],
    exclude: [],
    onEmpty,
    onDelete,
    maxDelete,
    conflictResolution: keep === undefined ? [] : [{ type: 'keep', side: keep }],
    oneWay,
    properties: PROPERTY_NAMES,
  };
}
