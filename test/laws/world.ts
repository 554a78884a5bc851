import { PROPERTY_NAMES, type PropertyName } from '../../src/model/collection.ts';
import { type Checkpoint, type CollectionId, collectionId, type Href } from '../../src/model/names.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../src/model/sides.ts';
import type { Connection } from '../../src/status/connection.ts';
import { openEmptyDatabase } from '../../src/status/database.ts';
import { PairStatus } from '../../src/status/pair-status.ts';
import type { MappingStatus } from '../../src/status/status.ts';
import type { Step } from '../../src/storage/memory/memory-storage.ts';
import type { Look } from '../../src/storage/storage.ts';
import type { History, RuleTraits } from './history.ts';
import { Judge } from './judge.ts';
import { isKnown } from './known.ts';
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

/** In milliseconds since 1970. No decision depends on it. */
export const NOW = 1_800_000_000_000;

type Author = 'person' | 'engine';

/** What a collection held when somebody last wrote to it, and who wrote it. */
interface Shadow {
  readonly texts: Map<Href, { readonly text: string; readonly by: Author }>;
  readonly properties: Map<PropertyName, string>;
}

/** Two storages, a status, and what people and the engine did to them. */
export class World {
  readonly history: History;
  readonly storages: Sides<LawStorage>;
  readonly connection: Connection;
  readonly status: PairStatus;
  readonly rules: PairRules;
  readonly model = new Model();
  /** Hears of each step of a storage after the judge did, and may throw what the step is to fail with. */
  onStep: ((side: Side, step: Step) => void) | undefined;
  /** What was broken first, if anything was. */
  broken: LawBroken | undefined;
  /** A look said what was not so, without saying that it may not be so, and no checkpoint can be trusted to have covered it. */
  lied = false;
  /** With one_way: what only b had when nothing was agreed yet, by collection and mark. It waits for a person (SG4). */
  readonly surplus = new Set<string>();
  /** Items and properties that people put since the run began, with their sides. */
  readonly touched = new Set<string>();
  /** Sides that did not give all that they were asked for since the run began: a copy there may be unknown. */
  readonly unread = new Set<Side>();
  readonly log: ((line: string) => void) | undefined;
  readonly #shadows: Sides<Map<Href, Shadow>> = bySide(() => new Map());
  readonly #everHeld: Sides<Set<string>> = bySide(() => new Set());
  readonly #writtenByEngine: Sides<Set<Mark>> = bySide(() => new Set());
  readonly #moved = new Set<Mark>();
  readonly #movedUnrecorded = new Set<Mark>();
  readonly #movedMeanwhile = new Set<Mark>();
  readonly #untellable = new Set<Mark>();
  readonly #markByFingerprint = new Map<string, Mark>();

  constructor(history: History, log?: (line: string) => void) {
    this.history = history;
    this.log = log;
    const judge = new Judge(this);
    this.storages = bySide(
      (side) =>
        new LawStorage(side, history.storages[side], (step) => {
          judge.hear(side, step);
          this.onStep?.(side, step);
        }),
    );
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

  throwBroken(): void {
    if (this.broken !== undefined) throw this.broken;
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
    return this.history.rounds.some(({ disturbances }) => disturbances.length > 0);
  }

  // What is there.

  collections(side: Side): readonly Href[] {
    return [...this.#shadows[side].keys()].sort();
  }

  collectionAt(side: Side, id: string): Href | undefined {
    return this.collections(side).find((at) => idOf(at) === id);
  }

  texts(side: Side, collection: Href): ReadonlyMap<Href, string> {
    const shadow = this.#shadows[side].get(collection);
    return new Map([...(shadow?.texts ?? [])].map(([at, { text }]) => [at, text]));
  }

  property(side: Side, collection: Href, name: PropertyName): string | undefined {
    return this.#shadows[side].get(collection)?.properties.get(name);
  }

  isByPerson(side: Side, collection: Href, at: Href): boolean {
    return this.#shadows[side].get(collection)?.texts.get(at)?.by === 'person';
  }

  /** The fingerprint that the status has for an address. */
  agreementAt(side: Side, collection: Href, at: Href): string | undefined {
    return this.#mappingOf(side, collection)?.agreementAt(side, at)?.sides[side].fingerprint;
  }

  /** Whether the other side holds what the status has for it of the item at an address. */
  isAgreedOnOtherSide(side: Side, collection: Href, at: Href): boolean {
    const other = otherSide(side);
    const mapping = this.#mappingOf(side, collection);
    const agreed = mapping?.agreementAt(side, at)?.sides[other];
    if (mapping === undefined || agreed === undefined) return false;
    const text = this.texts(other, mapping.hrefs[other]).get(agreed.href);
    return text !== undefined && itemOf(text)?.fingerprint === agreed.fingerprint;
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

  // What was there at some time.

  everHeld(side: Side, text: string): boolean {
    return this.#everHeld[side].has(text);
  }

  marksOfItems(): ReadonlySet<Mark> {
    return new Set(SIDES.flatMap((side) => [...this.#everHeld[side]].map(markOf)));
  }

  writtenByEngine(side: Side): readonly Mark[] {
    return [...this.#writtenByEngine[side]];
  }

  /** Whether a person ever gave this content, or what was made from it, another address. */
  wasMoved(mark: Mark): boolean {
    return [...this.#moved].some((moved) => this.model.descends(moved, mark));
  }

  /** As `move`, where each of two comes to be where the other was; before it is. */
  noteMoved(side: Side, collection: Href, from: Href, text: string): void {
    this.#moved.add(markOf(text));
    this.#noteUnrecorded(side, collection, from);
  }

  #noteUnrecorded(side: Side, collection: Href, from: Href): void {
    const moved = this.#shadows[side].get(collection)?.texts.get(from);
    if (moved?.by !== 'engine' || this.agreementAt(side, collection, from) !== undefined) return;
    this.#movedUnrecorded.add(markOf(moved.text));
  }

  /** Whether a person gave it another address while a run was under way, which may have been about to remove it. */
  wasMovedMeanwhile(mark: Mark): boolean {
    return this.#movedMeanwhile.has(mark);
  }

  /** Whether a person made it of what was not read back yet, in a storage that gave no etag for it. */
  wasUntellable(mark: Mark): boolean {
    return this.#untellable.has(mark);
  }

  /** Whether a person gave another address to what was put by a write that was never recorded. */
  wasMovedUnrecorded(mark: Mark): boolean {
    return this.#movedUnrecorded.has(mark);
  }

  markOfContent(fingerprint: string): Mark | undefined {
    return this.#markByFingerprint.get(fingerprint);
  }

  /** What only b has of a mapping of which nothing is agreed. */
  noteSurplus(): void {
    for (const collection of this.rules.oneWay ? this.collections('b') : []) {
      if ((this.#mappingOf('b', collection)?.count() ?? 0) > 0) continue;
      for (const text of this.texts('b', collection).values()) this.surplus.add(`${collection}${markOf(text)}`);
    }
  }

  /** Whether a side ever held an item of this ident. */
  everHeldItem(side: Side, ident: string): boolean {
    return [...this.#everHeld[side]].some((text) => itemOf(text)?.ident === ident);
  }

  // What people do.

  makeCollection(side: Side, id: string): void {
    const at = this.storages[side].userMakeCollection(id);
    if (!this.#shadows[side].has(at)) this.noteCollection(side, at, 'made');
  }

  removeCollection(side: Side, collection: Href): void {
    for (const [at, text] of this.texts(side, collection)) this.bury(side, collection, at, text);
    // A collection that an edited item brings back has its properties again (SC4).
    for (const name of PROPERTY_NAMES) this.#buryProperty(side, collection, name, 'with its collection');
    this.model.removeCollection(side, collection);
    this.storages[side].userRemoveCollection(collection);
    this.noteCollection(side, collection, 'deleted');
  }

  put(side: Side, collection: Href, at: Href, text: string): void {
    const before = this.#shadows[side].get(collection)?.texts.get(at);
    const wasRead = before !== undefined && this.agreementAt(side, collection, at) === itemOf(before.text)?.fingerprint;
    if (before?.by === 'engine' && !wasRead && !this.storages[side].traits.etagInWritten) {
      this.#untellable.add(markOf(text));
    }
    this.storages[side].userPut(collection, at, text);
    this.touched.add(`${side}${itemOf(text)?.ident}`);
    this.note(side, collection, at, 'person');
  }

  /** Removes it, and says nothing of why. */
  take(side: Side, collection: Href, at: Href): void {
    this.storages[side].userDelete(collection, at);
    this.#shadows[side].get(collection)?.texts.delete(at);
  }

  move(side: Side, collection: Href, from: Href, to: Href): void {
    this.storages[side].userMove(collection, from, to);
    this.#noteUnrecorded(side, collection, from);
    const texts = this.#shadows[side].get(collection)?.texts;
    const moved = texts?.get(from);
    texts?.delete(from);
    if (moved === undefined) return;
    texts?.set(to, moved);
    this.#moved.add(markOf(moved.text));
    if (this.onStep !== undefined) this.#movedMeanwhile.add(markOf(moved.text));
    this.touched.add(`${side}${itemOf(moved.text)?.ident}`);
  }

  /** A person removed what is at an address, or made something else of it. */
  bury(side: Side, collection: Href, at: Href, text: string): void {
    const known = isKnown(this, side, collection, at, text);
    this.model.remove({ mark: markOf(text), side, collection, of: 'item', known });
  }

  setProperty(side: Side, collection: Href, name: PropertyName, value: string | undefined): void {
    if (value === undefined) this.#buryProperty(side, collection, name, 'alone');
    this.touched.add(`${side}${name}`);
    this.storages[side].userSetProperty(collection, name, value);
    this.noteProperty(side, collection, name, value);
  }

  #buryProperty(side: Side, collection: Href, name: PropertyName, how: 'alone' | 'with its collection'): void {
    const value = this.property(side, collection, name);
    const mark = propertyMark(value);
    if (mark === undefined) return;
    const known = how === 'alone' && this.#mappingOf(side, collection)?.property(name)?.value === value;
    this.model.remove({ mark, side, collection, of: 'property', known });
  }

  #mappingOf(side: Side, collection: Href): MappingStatus | undefined {
    const known = this.status.mappings().find(({ hrefs }) => hrefs[side] === collection);
    return known === undefined ? undefined : this.status.mapping(known.name, known.hrefs);
  }

  // What was done, by whomever.

  note(side: Side, collection: Href, at: Href, by: Author): void {
    const text = this.storages[side].userItems(collection).get(at);
    const texts = this.#shadows[side].get(collection)?.texts;
    if (text === undefined) {
      texts?.delete(at);
      return;
    }
    texts?.set(at, { text, by });
    const item = itemOf(text);
    if (item !== undefined) this.#markByFingerprint.set(item.fingerprint, markOf(text));
    if (by === 'engine') this.#writtenByEngine[side].add(markOf(text));
    this.#everHeld[side].add(text);
  }

  noteCollection(side: Side, collection: Href, what: 'made' | 'deleted'): void {
    if (what === 'deleted') this.#shadows[side].delete(collection);
    else this.#shadows[side].set(collection, { texts: new Map(), properties: new Map() });
  }

  noteProperty(side: Side, collection: Href, name: PropertyName, value: string | undefined): void {
    const properties = this.#shadows[side].get(collection)?.properties;
    if (value === undefined) properties?.delete(name);
    else properties?.set(name, value);
  }
}

/** A memory storage's collections have their ids for addresses. */
export const idOf = (collection: Href): CollectionId => collectionId(collection.slice(1));

/** A property's value is `p` and the mark of who set it. */
export const propertyMark = (value: string | undefined): Mark | undefined =>
  value === undefined ? undefined : Number(value.slice(1));

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
