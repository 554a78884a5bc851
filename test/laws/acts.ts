import type { PropertyName } from '../../src/model/collection.ts';
import { type Href, href } from '../../src/model/names.ts';
import { otherSide, type Side } from '../../src/model/sides.ts';
import type { Act, ActKind } from './history.ts';
import { garbledText, itemOf, markedText, markOf, uidOf } from './law-text.ts';
import { propertyMark, type World } from './world.ts';

const UIDS = ['one', 'two', 'three', 'four'];

const PROPERTIES: readonly PropertyName[] = ['displayname', 'description'];

/** Does what a person does, as far as there is something to do it to. */
export function perform(world: World, act: Act): void {
  const { side, kind } = act;
  const storage = world.storages[side];
  if (!storage.mounted) return;
  if (kind === 'unmount') {
    storage.mounted = false;
    storage.userUnmount();
    world.log?.(`  ${side} is unmounted`);
    return;
  }
  if (kind === 'make-collection') {
    if (world.collectionAt(side, act.collection) !== undefined) return;
    world.log?.(`  a person makes the collection ${act.collection} on ${side}`);
    world.makeCollection(side, act.collection);
    return;
  }
  const collection = world.collectionAt(side, act.collection);
  if (collection !== undefined) new Hand(world, side, collection, act).perform();
}

/** One act in one collection. */
class Hand {
  readonly #world: World;
  readonly #side: Side;
  readonly #collection: Href;
  readonly #act: Act;

  constructor(world: World, side: Side, collection: Href, act: Act) {
    this.#world = world;
    this.#side = side;
    this.#collection = collection;
    this.#act = act;
  }

  perform(): void {
    const { kind, pick } = this.#act;
    const acts: Readonly<Record<ActKind, () => void>> = {
      create: () => this.#create(UIDS[pick % UIDS.length]),
      'create-unnamed': () => this.#create(this.#world.rewritesVisibly ? UIDS[pick % UIDS.length] : undefined),
      edit: () => this.#edit(),
      delete: () => this.#delete(),
      rename: () => this.#rename(),
      swap: () => this.#swap(),
      garble: () => this.#garble(),
      'change-uid': () => this.#changeUid(),
      duplicate: () => this.#duplicate(),
      rival: () => this.#rival(),
      mirror: () => this.#mirror(),
      restore: () => this.#restore(),
      transfer: () => this.#transfer(),
      'remove-collection': () => this.#removeCollection(),
      'set-property': () => this.#setProperty(),
      'unset-property': () => this.#unsetProperty(),
      'make-collection': () => undefined,
      unmount: () => undefined,
    };
    acts[kind]();
  }

  #create(uid: string | undefined): void {
    if (uid !== undefined && this.#texts().some(([, text]) => uidOf(text) === uid)) {
      this.#edit();
      return;
    }
    const { model } = this.#world;
    const mark = model.write([], uid);
    this.#log(`creates ${uid ?? 'an item without UID'} as v${mark}`);
    this.#put(undefined, markedText(mark, uid));
  }

  #edit(): void {
    const found = this.#choose();
    if (found === undefined) return;
    const [at, text] = found;
    const mark = this.#world.model.write([markOf(text)], uidOf(text));
    // What has no UID is another item when it is another content.
    if (uidOf(text) === undefined) this.#world.bury(this.#side, this.#collection, at, text);
    this.#log(`edits ${uidOf(text)} at ${at} from v${markOf(text)} to v${mark}`);
    this.#put(at, markedText(mark, uidOf(text)));
  }

  #delete(): void {
    const found = this.#choose();
    if (found === undefined) return;
    const [at, text] = found;
    this.#log(`deletes v${markOf(text)} at ${at}`);
    this.#world.bury(this.#side, this.#collection, at, text);
    this.#world.take(this.#side, this.#collection, at);
  }

  #rename(): void {
    const found = this.#choose();
    if (found === undefined) return;
    const to = href(`${this.#collection}/renamed-${this.#act.extra}.ics`);
    if (this.#texts().some(([at]) => at === to)) return;
    if (itemOf(found[1]) === undefined) this.#lose(found);
    this.#log(`renames ${found[0]} to ${to}`);
    this.#world.move(this.#side, this.#collection, found[0], to);
  }

  #swap(): void {
    // Where each writing changes an item, exchanging two is editing both.
    if (this.#world.storages[this.#side].traits.rewriting === 'count') return;
    const [one, other] = [this.#choose(), this.#choose(1 + this.#act.extra)];
    if (one === undefined || other === undefined || one[0] === other[0]) return;
    if (uidOf(one[1]) === undefined || uidOf(other[1]) === undefined) return;
    for (const [at, text] of [one, other]) {
      if (itemOf(text) === undefined) this.#lose([at, text]);
    }
    this.#log(`exchanges the names ${one[0]} and ${other[0]}`);
    for (const [at, text] of [one, other]) this.#world.noteMoved(this.#side, this.#collection, at, text);
    this.#put(one[0], other[1]);
    this.#put(other[0], one[1]);
  }

  #garble(): void {
    const found = this.#choose();
    if (found === undefined) return;
    const [at, text] = found;
    const mark = this.#world.model.write([markOf(text)], uidOf(text));
    if (!this.#isAgreed(found)) this.#lose(found);
    this.#log(`garbles v${markOf(text)} at ${at}, as v${mark}`);
    this.#put(at, garbledText(mark, uidOf(text)));
  }

  #changeUid(): void {
    const found = this.#choose();
    const uid = UIDS[this.#act.extra % UIDS.length];
    if (found === undefined || this.#texts().some(([, text]) => uidOf(text) === uid)) return;
    const [at, text] = found;
    const mark = this.#world.model.write([markOf(text)], uid);
    this.#world.bury(this.#side, this.#collection, at, text);
    this.#log(`changes the UID of v${markOf(text)} at ${at} to ${uid}, as v${mark}`);
    this.#put(at, markedText(mark, uid));
  }

  #duplicate(): void {
    const found = this.#choose();
    if (found === undefined) return;
    this.#world.model.repeat(markOf(found[1]), []);
    this.#log(`makes a copy of v${markOf(found[1])}`);
    this.#put(undefined, found[1]);
  }

  #rival(): void {
    const found = this.#choose();
    if (found === undefined) return;
    const mark = this.#world.model.write([], uidOf(found[1]));
    this.#log(`puts v${mark} beside v${markOf(found[1])}, with the same UID`);
    this.#put(undefined, markedText(mark, uidOf(found[1])));
  }

  /** What the other side has is put here too, by hand. */
  #mirror(): void {
    const there = this.#world.collectionAt(otherSide(this.#side), this.#act.collection);
    if (there === undefined) return;
    const texts = [...this.#world.texts(otherSide(this.#side), there)].sort(byAddress);
    const found = texts[this.#act.pick % Math.max(1, texts.length)];
    if (found === undefined || itemOf(found[1]) === undefined) return;
    const uid = uidOf(found[1]);
    if (uid === undefined && this.#texts().some(([, text]) => markOf(text) === markOf(found[1]))) return;
    const here = uid === undefined ? undefined : this.#texts().find(([, text]) => uidOf(text) === uid);
    this.#world.model.repeat(markOf(found[1]), here === undefined ? [] : [markOf(here[1])]);
    this.#log(`puts v${markOf(found[1])} of the other side here too`);
    this.#put(here?.[0], markedText(markOf(found[1]), uid));
  }

  #restore(): void {
    const found = this.#choose();
    if (found === undefined) return;
    const [at, text] = found;
    const { model } = this.#world;
    const older = model.parents(markOf(text)).find((mark) => mark !== markOf(text));
    if (older === undefined || uidOf(text) === undefined || model.uidOf(older) !== uidOf(text)) return;
    model.repeat(older, [markOf(text)]);
    this.#log(`takes v${markOf(text)} at ${at} back to v${older}`);
    this.#put(at, markedText(older, uidOf(text)));
  }

  /** To the other collection of the same storage. */
  #transfer(): void {
    const found = this.#choose();
    const target = this.#world.collections(this.#side).find((each) => each !== this.#collection);
    if (found === undefined || target === undefined) return;
    const [at, text] = found;
    if ([...this.#world.texts(this.#side, target).values()].some((each) => uidOf(each) === uidOf(text))) return;
    const mark = this.#world.model.write([markOf(text)], uidOf(text));
    this.#world.bury(this.#side, this.#collection, at, text);
    this.#log(`moves v${markOf(text)} to ${target}, as v${mark}`);
    this.#world.take(this.#side, this.#collection, at);
    this.#world.put(this.#side, target, this.#freeAddress(target), markedText(mark, uidOf(text)));
  }

  #removeCollection(): void {
    this.#log('removes the collection');
    this.#world.removeCollection(this.#side, this.#collection);
  }

  #setProperty(): void {
    const name = this.#propertyName();
    const before = propertyMark(this.#world.property(this.#side, this.#collection, name));
    const mark = this.#world.model.write(before === undefined ? [] : [before], undefined);
    this.#log(`sets ${name} to p${mark}`);
    this.#world.setProperty(this.#side, this.#collection, name, `p${mark}`);
  }

  #unsetProperty(): void {
    const name = this.#propertyName();
    if (this.#world.property(this.#side, this.#collection, name) === undefined) return;
    this.#log(`unsets ${name}`);
    this.#world.setProperty(this.#side, this.#collection, name, undefined);
  }

  #propertyName(): PropertyName {
    return PROPERTIES[this.#act.pick % PROPERTIES.length] ?? 'displayname';
  }

  #texts(): readonly (readonly [Href, string])[] {
    return [...this.#world.texts(this.#side, this.#collection)].sort(byAddress);
  }

  #choose(offset = 0): readonly [Href, string] | undefined {
    const texts = this.#texts();
    return texts[(this.#act.pick + offset) % Math.max(1, texts.length)];
  }

  /** Whether the status has it, or what it was made from, at this address. */
  #isAgreed([at, text]: readonly [Href, string]): boolean {
    const agreed = this.#world.agreementAt(this.#side, this.#collection, at);
    const mark = agreed === undefined ? undefined : this.#world.markOfContent(agreed);
    return mark !== undefined && this.#world.model.descends(markOf(text), mark);
  }

  /** Unreadable, and not where it was agreed to be: nobody can tell any more what it was. */
  #lose([, text]: readonly [Href, string]): void {
    const mark = markOf(text);
    this.#world.model.remove({ mark, side: this.#side, collection: this.#collection, of: 'item', known: false });
  }

  #put(at: Href | undefined, text: string): void {
    this.#world.put(this.#side, this.#collection, at ?? this.#freeAddress(this.#collection), text);
  }

  /** Few, so that what people put on both sides comes to be at one. */
  #freeAddress(collection: Href): Href {
    const texts = this.#world.texts(this.#side, collection);
    for (let number = this.#act.extra; ; number += 1) {
      const address = href(`${collection}/item-${number}.ics`);
      if (!texts.has(address)) return address;
    }
  }

  #log(what: string): void {
    this.#world.log?.(`  a person of ${this.#side}${this.#collection} ${what}`);
  }
}

const byAddress = ([one]: readonly [Href, string], [other]: readonly [Href, string]): number => (one < other ? -1 : 1);
