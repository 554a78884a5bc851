import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readItem } from '../../src/content/item.ts';
import { PROPERTY_NAMES, type PropertyName, propertiesOf } from '../../src/model/collection.ts';
import { must, StorageError, type StorageErrorKind } from '../../src/model/errors.ts';
import type { FetchedItem, Item, ItemRef, Kind, UnreadableItem } from '../../src/model/item.ts';
import { checkpoint, collectionId, type Etag, etag, type Href, href } from '../../src/model/names.ts';
import type { LookedItem, Storage, Written } from '../../src/storage/storage.ts';
import { itemText } from '../support/item-text.ts';

/** A storage to be tested, and the hand of somebody else that reaches what it holds by another way. */
export interface Subject {
  readonly storage: Storage;
  /** Makes an empty collection by that other way. Is called at most twice for a subject; once where collections cannot be made. */
  freshCollection(): Promise<Href>;
  /** An address at which there is no collection, where one could be. */
  readonly missingCollection: Href;
  readonly outside: Outside;
  /** Lets so much time pass that the storage trusts what was written until now (SL5, SL6). */
  settle?(): Promise<void>;
  /** What the storage keeps of a text that is written to it, where that differs in more than SI13 leaves out. */
  stored?(text: string): string;
  /** Called once, at the end of each test. */
  close(): Promise<void>;
}

export interface Outside {
  /** Adds an item (`at` undefined), or replaces the one at `at`, and answers where it is now. */
  put(collection: Href, at: Href | undefined, text: string): Promise<Href>;
  remove(collection: Href, at: Href): Promise<void>;
  /** What is held at `at`, as the storage would read it; undefined: nothing. */
  read(collection: Href, at: Href): Promise<string | undefined>;
}

/**
 * - `writing`: it is read-only. Its items and collections come from outside only.
 * - `making-collections`: it has the one collection (or those) that it has.
 * - `checkpoints`: every look answers all.
 * - `properties`: it has none of them.
 * - `true-properties`: what it says to have set is not always there afterwards.
 * - `watching`: `changes` is unsupported.
 * - `garbling`: what cannot be read cannot be put there from outside either.
 */
export type Lack =
  | 'writing'
  | 'making-collections'
  | 'checkpoints'
  | 'properties'
  | 'true-properties'
  | 'watching'
  | 'garbling';

/** The contract of all storages: one suite, run on each of them, alone and within its decorators. */
export function conformanceOf(
  name: string,
  make: () => Promise<Subject>,
  { lacks = [] }: { readonly lacks?: readonly Lack[] } = {},
): void {
  const has = (feature: Lack): boolean => !lacks.includes(feature);

  describe(`${name} keeps the storage contract`, () => {
    let subject: Subject;
    let storage: Storage;
    let kind: Kind;
    let collection: Href;

    beforeEach(async () => {
      subject = await make();
      storage = subject.storage;
      kind = storage.kind;
      collection = await subject.freshCollection();
    });
    afterEach(() => subject.close());

    const settle = async (): Promise<void> => subject.settle?.();
    const text = (uid: string, title = 'As it was'): string => itemText(kind, uid, title);
    const itemOf = (content: string): Item => {
      const read = readItem(content, kind);
      if (read.type !== 'item') throw new Error(`not an item: ${read.reason}`);
      return read.item;
    };
    const kept = (content: string): Item => itemOf(subject.stored?.(content) ?? content);
    const putOutside = (uid: string, title?: string): Promise<Href> =>
      subject.outside.put(collection, undefined, text(uid, title));
    const editOutside = (at: Href, uid: string, title: string): Promise<Href> =>
      subject.outside.put(collection, at, text(uid, title));
    const expectHeld = async (at: Href, content: string | undefined): Promise<void> => {
      const held = await subject.outside.read(collection, at);
      expect(held === undefined ? undefined : itemOf(held).fingerprint).toBe(
        content === undefined ? undefined : kept(content).fingerprint,
      );
    };
    const list = async (at = collection): Promise<readonly LookedItem[]> => {
      const look = await storage.look(at, undefined);
      if (look.type !== 'all') throw new Error('a look without a checkpoint answers all');
      return look.items;
    };
    const etagsOf = async (at = collection): Promise<ReadonlyMap<Href, Etag>> =>
      new Map((await list(at)).map((item) => [item.href, item.etag]));
    const etagAt = async (at: Href): Promise<Etag> => must((await etagsOf()).get(at), 'the item is listed');
    const fetchAll = async (
      hrefs: readonly Href[],
      from = collection,
    ): Promise<readonly (FetchedItem | UnreadableItem)[]> => {
      const all: (FetchedItem | UnreadableItem)[] = [];
      for await (const one of storage.fetch(from, hrefs)) all.push(one);
      return all;
    };
    const fetchOne = async (at: Href): Promise<FetchedItem> => {
      const [found, ...more] = await fetchAll([at]);
      if (found?.type !== 'item' || more.length > 0) throw new Error(`not one item, but ${found?.type}`);
      return found;
    };
    /** As the engine does it: a name that is taken leads to another. */
    const create = async (item: Item): Promise<Written> => {
      for (let attempt = 0; attempt < 20; attempt += 1) {
        try {
          return await storage.create(collection, storage.nameFor(collection, item, undefined, attempt), item);
        } catch (error) {
          if (!(error instanceof StorageError) || error.kind !== 'already-exists') throw error;
        }
      }
      throw new Error('no name is free');
    };
    /** The version that a write left, as the write said or as a fetch finds it. */
    const written = async (outcome: Written): Promise<ItemRef> => {
      const ref = outcome.etag === undefined ? await fetchOne(outcome.href) : { ...outcome, etag: outcome.etag };
      return { href: ref.href, etag: ref.etag };
    };
    const kindOfFailure = async (work: Promise<unknown>): Promise<StorageErrorKind> => {
      const outcome = await work.then(
        () => 'no failure',
        (error: unknown) => error,
      );
      if (outcome instanceof StorageError) return outcome.kind;
      throw new Error(`expected a StorageError, not ${String(outcome)}`);
    };
    const PAST_ALL = etag('a version that never was');

    test('checks itself without writing', async () => {
      const { found } = await storage.check();
      expect(found).not.toBe('');
      expect(found).not.toContain('\n');
    });

    test('finds the collection that it discovers', async () => {
      const discovered = await storage.discover();
      expect(discovered.map((one) => one.href)).toContain(collection);
      expect(discovered.map((one) => one.id)).toEqual(discovered.map((one) => one.id).sort());
      expect((await storage.find(collection))?.href).toBe(collection);
      expect(await storage.find(subject.missingCollection)).toBeUndefined();
    });

    test('SD1 look names each item once', async () => {
      const put = [await putOutside('one'), await putOutside('two'), await putOutside('three')];
      const look = await storage.look(collection, undefined);
      expect(look.type === 'all' && look.complete).toBe(true);
      expect((await list()).map((item) => item.href).sort()).toEqual(put.sort());
    });

    test('SD1 look at an empty collection lists nothing', async () => {
      const look = await storage.look(collection, undefined);
      expect(look).toMatchObject({ type: 'all', items: [], unknown: [], complete: true });
    });

    test('SD1 look at a missing collection fails', async () => {
      expect(await kindOfFailure(storage.look(subject.missingCollection, undefined))).toBe('not-found');
    });

    test('SD1 what a look gives of an item at once is what fetch gives', async () => {
      const at = await putOutside('one');
      const [looked] = await list();
      const fetched = await fetchOne(at);
      if (looked?.item !== undefined) expect(looked.item).toEqual(fetched.item);
    });

    test('SD2 two looks with nothing between are equal', async () => {
      await putOutside('one');
      await putOutside('two');
      await settle();
      expect(await etagsOf()).toEqual(await etagsOf());
    });

    test('SD2 an edit from outside changes the etag, within the same second too', async () => {
      const at = await putOutside('one', 'aaaa');
      const before = await etagAt(at);
      const then = await editOutside(at, 'one', 'bbbb');
      const between = await etagAt(then);
      const after = await etagAt(await editOutside(then, 'one', 'cccc'));
      expect(new Set([before, between, after]).size).toBe(3);
    });

    test('SD2 an edit from outside changes the etag of what is old', async () => {
      const at = await putOutside('one', 'aaaa');
      await settle();
      const before = await etagAt(at);
      expect(await etagAt(await editOutside(at, 'one', 'bbbb'))).not.toBe(before);
    });

    test('SD3 fetch gives each asked item once, and leaves out what is gone', async () => {
      const one = await putOutside('one');
      const two = await putOutside('two');
      const gone = await putOutside('three');
      await list();
      await subject.outside.remove(collection, gone);
      await settle();
      const fetched = await fetchAll([one, two, one, gone]);
      expect(fetched.map((item) => item.href).sort()).toEqual([one, two].sort());
    });

    test('SD3 fetch of nothing asks nobody', async () => {
      const before = storage.traffic();
      expect(await fetchAll([])).toEqual([]);
      expect(await fetchAll([], subject.missingCollection)).toEqual([]);
      expect(storage.traffic()).toEqual(before);
    });

    test('SD3 fetch from a missing collection gives nothing, or fails not-found', async () => {
      const outcome = fetchAll([await putOutside('one')], subject.missingCollection).catch((error: unknown) => error);
      expect(await outcome).toSatisfy(
        (end) => (Array.isArray(end) && end.length === 0) || (end instanceof StorageError && end.kind === 'not-found'),
      );
    });

    test('SD4 a fetched etag belongs to the fetched text', async () => {
      const at = await putOutside('one', 'First');
      await settle();
      const first = await fetchOne(at);
      expect(first.item.fingerprint).toBe(kept(text('one', 'First')).fingerprint);
      expect(await etagAt(at)).toBe(first.etag);
      const then = await editOutside(at, 'one', 'Second');
      await settle();
      expect(await etagAt(then)).not.toBe(first.etag);
      const second = await fetchOne(then);
      expect(second.item.fingerprint).toBe(kept(text('one', 'Second')).fingerprint);
      expect(await etagAt(then)).toBe(second.etag);
    });

    test.runIf(has('garbling'))('SD5 what cannot be identified is given as unreadable', async () => {
      const good = await putOutside('good');
      const whole = text('bad');
      const bad = await subject.outside.put(collection, undefined, whole.slice(0, whole.length / 2));
      await settle();
      expect((await list()).map((item) => item.href).sort()).toEqual([good, bad].sort());
      const fetched = await fetchAll([good, bad]);
      expect(fetched.find((one) => one.href === good)?.type).toBe('item');
      expect(fetched.find((one) => one.href === bad)).toMatchObject({ type: 'unreadable', reason: expect.any(String) });
    });

    test('SL3 what is gone is confirmed, and nothing else is', async () => {
      const there = await putOutside('one');
      const gone = await putOutside('two');
      await list();
      await subject.outside.remove(collection, gone);
      await list();
      expect([...(await storage.confirmGone(collection, [there, gone]))]).toEqual([gone]);
      expect([...(await storage.confirmGone(collection, []))]).toEqual([]);
    });

    test.runIf(has('writing'))('SI15 a name is the same at each asking, and another at each attempt', () => {
      const item = itemOf(text('a-uid'));
      const like = href('/elsewhere/its%20own-name.ics');
      for (const counterpart of [undefined, href('/elsewhere/name.ics'), like]) {
        const names = [0, 1, 2, 3].map((attempt) => storage.nameFor(collection, item, counterpart, attempt));
        expect(new Set(names).size).toBe(4);
        expect(storage.nameFor(collection, item, counterpart, 2)).toBe(names[2]);
      }
    });

    describe.runIf(has('writing'))('as a storage that can be written', () => {
      test('SD6 what create returned is what the next look lists', async () => {
        const item = itemOf(text('one'));
        const outcome = await create(item);
        await storage.flush(collection);
        await settle();
        const etags = await etagsOf();
        expect([...etags.keys()]).toEqual([outcome.href]);
        if (outcome.etag !== undefined) expect(etags.get(outcome.href)).toBe(outcome.etag);
        const fetched = await fetchOne(outcome.href);
        expect(fetched.item.fingerprint).toBe(kept(item.text).fingerprint);
        if (outcome.holds === 'as-sent') expect(fetched.item.text).toBe(item.text);
      });

      test('SD6 what update returned is what the next look lists', async () => {
        const at = await putOutside('one');
        const item = itemOf(text('one', 'Another and a longer one'));
        const outcome = await storage.update(collection, { href: at, etag: (await fetchOne(at)).etag }, item);
        await settle();
        expect(outcome.href).toBe(at);
        if (outcome.etag !== undefined) expect(await etagAt(at)).toBe(outcome.etag);
        const fetched = await fetchOne(at);
        expect(fetched.item.fingerprint).toBe(kept(item.text).fingerprint);
        if (outcome.holds === 'as-sent') expect(fetched.item.text).toBe(item.text);
      });

      test('SD6 what was written can be written again at once', async () => {
        const first = await written(await create(itemOf(text('one', 'First'))));
        const second = await written(await storage.update(collection, first, itemOf(text('one', 'Second'))));
        const third = await written(await storage.update(collection, second, itemOf(text('one', 'Third'))));
        await expectHeld(third.href, text('one', 'Third'));
        await storage.delete(collection, third);
        await expectHeld(third.href, undefined);
      });

      test('SD7 creating what is there fails and changes nothing', async () => {
        const at = await putOutside('one', 'As it was');
        await settle();
        const before = await etagsOf();
        const outcome = storage.create(collection, at, itemOf(text('one', 'Another')));
        expect(await kindOfFailure(outcome)).toBe('already-exists');
        await expectHeld(at, text('one', 'As it was'));
        expect(await etagsOf()).toEqual(before);
      });

      test('SD8 a version that was seen is updated and deleted', async () => {
        const at = await putOutside('one');
        const seen = await fetchOne(at);
        const updated = await written(await storage.update(collection, seen, itemOf(text('one', 'Newer'))));
        await expectHeld(at, text('one', 'Newer'));
        await storage.delete(collection, updated);
        await expectHeld(at, undefined);
      });

      test('SD8 a version that was listed and is old is updated and deleted', async () => {
        const one = await putOutside('one');
        const two = await putOutside('two');
        await settle();
        const etags = await etagsOf();
        const seen = (at: Href): ItemRef => ({ href: at, etag: must(etags.get(at), 'it is listed') });
        await storage.update(collection, seen(one), itemOf(text('one', 'Newer')));
        await storage.delete(collection, seen(two));
        await expectHeld(one, text('one', 'Newer'));
        await expectHeld(two, undefined);
      });

      test('SD8 an update of anything but the seen version fails and changes nothing', async () => {
        const at = await putOutside('one', 'First');
        const seen = await fetchOne(at);
        await editOutside(at, 'one', 'Other');
        const item = itemOf(text('one', 'Ours'));
        expect(await kindOfFailure(storage.update(collection, seen, item))).toBe('changed');
        expect(await kindOfFailure(storage.update(collection, { href: at, etag: PAST_ALL }, item))).toBe('changed');
        await expectHeld(at, text('one', 'Other'));
      });

      test('SD8 a deletion of anything but the seen version fails and changes nothing', async () => {
        const at = await putOutside('one', 'First');
        const seen = await fetchOne(at);
        await editOutside(at, 'one', 'Other');
        expect(await kindOfFailure(storage.delete(collection, seen))).toBe('changed');
        expect(await kindOfFailure(storage.delete(collection, { href: at, etag: PAST_ALL }))).toBe('changed');
        await expectHeld(at, text('one', 'Other'));
      });

      test('SD8 what is gone is not updated into being, and deleting it succeeds', async () => {
        const at = await putOutside('one');
        const seen = await fetchOne(at);
        await subject.outside.remove(collection, at);
        const update = storage.update(collection, seen, itemOf(text('one', 'Ours')));
        expect(await kindOfFailure(update)).toMatch(/^(changed|not-found)$/);
        await storage.delete(collection, seen);
        await expectHeld(at, undefined);
      });

      test('SD9 whoever reads during an update reads the old item or the new one', async () => {
        const long = (title: string): string => text('one', title.repeat(400));
        const at = await subject.outside.put(collection, undefined, long('old'));
        let seen: ItemRef = await fetchOne(at);
        const allowed = new Set([kept(long('old')).fingerprint, kept(long('new')).fingerprint]);
        for (const title of ['new', 'old', 'new']) {
          let isDone = false;
          const update = storage.update(collection, seen, itemOf(long(title))).finally(() => {
            isDone = true;
          });
          while (!isDone) {
            const held = must(await subject.outside.read(collection, at), 'the item is never gone');
            expect(allowed).toContain(itemOf(held).fingerprint);
          }
          seen = await written(await update);
        }
      });

      test('SD9 a storage that is closed during a write leaves the old item or the new one', async () => {
        const at = await putOutside('one', 'Old');
        const update = storage
          .update(collection, await fetchOne(at), itemOf(text('one', 'New')))
          .catch((error: unknown) => expect(error).toBeInstanceOf(StorageError));
        await storage.close();
        await update;
        const held = must(await subject.outside.read(collection, at), 'the item is never gone');
        expect([kept(text('one', 'Old')).fingerprint, kept(text('one', 'New')).fingerprint]).toContain(
          itemOf(held).fingerprint,
        );
      });

      test('SD10 any UID works', async () => {
        const hrefs = new Map<string, Href>();
        for (const uid of ODD_UIDS) {
          const item = itemOf(text(uid, `Item ${hrefs.size}`));
          hrefs.set(kept(item.text).ident, (await create(item)).href);
        }
        await settle();
        expect((await list()).map((item) => item.href).sort()).toEqual([...hrefs.values()].sort());
        const fetched = await fetchAll([...hrefs.values()]);
        const found = fetched.map((one): [string, Href] => [
          one.type === 'item' ? one.item.ident : one.reason,
          one.href,
        ]);
        expect(new Map(found)).toEqual(hrefs);
      });

      test('SD11 writing one item leaves other etags alone', async () => {
        const other = await putOutside('other');
        const edited = await putOutside('edited');
        const removed = await putOutside('removed');
        await settle();
        const before = await etagsOf();
        const seen = (at: Href): ItemRef => ({ href: at, etag: must(before.get(at), 'it is listed') });
        await create(itemOf(text('created')));
        await storage.update(collection, seen(edited), itemOf(text('edited', 'Newer')));
        await storage.delete(collection, seen(removed));
        await settle();
        expect(await etagAt(other)).toBe(before.get(other));
      });
    });

    describe.runIf(has('writing') && has('making-collections'))('as a storage that makes collections', () => {
      const id = collectionId('made-by-us');

      test('SD12 a created collection is discovered with its id', async () => {
        const made = await storage.createCollection({ type: 'id', id });
        expect(made.id).toBe(id);
        expect((await storage.discover()).find((one) => one.href === made.href)?.id).toBe(id);
        expect((await storage.find(made.href))?.id).toBe(id);
        expect(await list(made.href)).toEqual([]);
      });

      test('SD12 a collection is made at the address that was free', async () => {
        const made = await storage.createCollection({ type: 'href', href: subject.missingCollection });
        expect(made.href).toBe(subject.missingCollection);
        expect(await list(subject.missingCollection)).toEqual([]);
      });

      test('SD12 creating it again fails', async () => {
        const made = await storage.createCollection({ type: 'id', id });
        const item = itemOf(text('one'));
        await storage.create(made.href, storage.nameFor(made.href, item, undefined, 0), item);
        expect(await kindOfFailure(storage.createCollection({ type: 'id', id }))).toBe('already-exists');
        expect(await kindOfFailure(storage.createCollection({ type: 'href', href: made.href }))).toBe('already-exists');
        expect(await list(made.href)).toHaveLength(1);
      });

      test('SD12 deleting one that holds items fails', async () => {
        const at = await putOutside('one');
        expect(await kindOfFailure(storage.deleteCollection(collection))).toBe('not-empty');
        await expectHeld(at, text('one'));
      });

      test('SD12 one that is empty can be deleted', async () => {
        const made = await storage.createCollection({ type: 'id', id });
        await storage.deleteCollection(made.href);
        expect((await storage.discover()).map((one) => one.href)).not.toContain(made.href);
        expect(await storage.find(made.href)).toBeUndefined();
        expect(await kindOfFailure(storage.look(made.href, undefined))).toBe('not-found');
      });
    });

    describe.runIf(has('writing'))('as a storage with or without properties', () => {
      const values = (property: PropertyName): readonly string[] =>
        ({
          displayname: ['Work', 'Ärzte, 予定 & <more>', 'Work'],
          description: ['All of it', 'Über "alles"'],
          color: ['#ff0000', '#00ff00'],
          order: ['7', '12'],
        })[property];
      const valueNow = async (property: PropertyName): Promise<string | undefined> =>
        must(await storage.find(collection), 'it is there').properties[property];

      test.runIf(has('properties') && has('true-properties'))(
        'SD13 a property that is set is read back, and unset is removed',
        async () => {
          for (const property of propertiesOf(kind)) {
            for (const value of values(property)) {
              await storage.setProperty(collection, property, value);
              const found = await valueNow(property);
              // Servers add an opacity to colours, and some write them large.
              expect(property === 'color' ? found?.toLowerCase().slice(0, 7) : found).toBe(value);
              const discovered = (await storage.discover()).find((one) => one.href === collection);
              expect(discovered?.properties[property]).toBe(found);
            }
            await storage.setProperty(collection, property, undefined);
            expect(await valueNow(property)).not.toBe(values(property).at(-1));
            await storage.setProperty(collection, property, undefined);
          }
        },
      );

      test('SD13 a property that the storage does not have is unsupported', async () => {
        const known = has('properties') ? propertiesOf(kind) : [];
        for (const property of PROPERTY_NAMES.filter((one) => !known.includes(one))) {
          expect(await kindOfFailure(storage.setProperty(collection, property, '1'))).toBe('unsupported');
        }
      });
    });

    test.runIf(!has('writing'))('SD14 every write fails read-only and changes nothing', async () => {
      const at = await putOutside('one');
      await settle();
      const seen = must((await list())[0], 'it is listed');
      const item = itemOf(text('one', 'Ours'));
      const another = itemOf(text('two'));
      const free = storage.nameFor(collection, another, undefined, 0);
      const before = { items: await etagsOf(), collections: await storage.discover() };
      expect(storage.access).toBe('read-only');
      const writes: readonly (() => Promise<unknown>)[] = [
        () => storage.create(collection, free, another),
        () => storage.update(collection, seen, item),
        () => storage.delete(collection, seen),
        () => storage.setProperty(collection, 'displayname', 'Ours'),
        () => storage.createCollection({ type: 'id', id: collectionId('ours') }),
        () => storage.createCollection({ type: 'href', href: subject.missingCollection }),
        () => storage.deleteCollection(collection),
      ];
      for (const write of writes) expect(await kindOfFailure(write())).toBe('read-only');
      await expectHeld(at, text('one'));
      expect({ items: await etagsOf(), collections: await storage.discover() }).toEqual(before);
    });

    test.runIf(has('writing'))('SD14 says that it can be written', () => {
      expect(storage.access).toBe('read-write');
    });

    describe('as a storage with or without checkpoints', () => {
      const look = async (since: Parameters<Storage['look']>[1]) => storage.look(collection, since);

      test.runIf(has('checkpoints'))('SD15 a look since a checkpoint names exactly what changed', async () => {
        const kept = await putOutside('kept');
        const before = await putOutside('edited');
        const removed = await putOutside('removed');
        await settle();
        const start = must((await look(undefined)).checkpoint, 'there are checkpoints');
        expect(await look(start)).toMatchObject({ type: 'changes', changed: [], unknown: [], gone: [] });

        const edited = await editOutside(before, 'edited', 'Newer');
        await subject.outside.remove(collection, removed);
        const added = await putOutside('added');
        await settle();
        const etags = await etagsOf();
        // A token that is still alive says the same again, however often it is used.
        for (const since of [start, start]) {
          const changes = await look(since);
          if (changes.type !== 'changes') continue;
          expect(changes.changed.map((item) => item.href).sort()).toEqual([added, edited].sort());
          for (const item of changes.changed) expect(item.etag).toBe(etags.get(item.href));
          expect(changes.gone).toEqual([removed]);
          expect(await look(changes.checkpoint)).toMatchObject({ type: 'changes', changed: [], gone: [] });
        }
        expect([...etags.keys()].sort()).toEqual([kept, edited, added].sort());
      });

      test.runIf(has('checkpoints') && has('writing'))('SD15 own writes are changes too', async () => {
        const start = must((await look(undefined)).checkpoint, 'there are checkpoints');
        const { href: at } = await create(itemOf(text('one')));
        await settle();
        const changes = await look(start);
        const named = changes.type === 'all' ? changes.items : changes.changed;
        expect(named.map((item) => item.href)).toEqual([at]);
      });

      test.runIf(has('checkpoints'))('SD15 the version of a collection moves with what it holds', async () => {
        const versionNow = async () => (await storage.find(collection))?.version;
        const at = await putOutside('one');
        await settle();
        const { checkpoint: taken } = await look(undefined);
        const before = await versionNow();
        if (before === undefined) return;
        expect(before).toBe(taken);
        await editOutside(at, 'one', 'Newer');
        expect(await versionNow()).not.toBe(before);
      });

      test('SD15 a foreign checkpoint leads to all, and loses nothing', async () => {
        const at = await putOutside('one');
        const foreign = ['', 'foreign', '0', 'http://example.com/sync/1', '{"a":1}', '9'.repeat(300)];
        for (const since of foreign) {
          const answer = await look(checkpoint(since));
          expect(answer.type).toBe('all');
          if (answer.type === 'all') expect(answer.items.map((item) => item.href)).toEqual([at]);
        }
      });

      test.runIf(has('checkpoints') && has('making-collections'))(
        'SD15 the checkpoint of another collection loses nothing',
        async () => {
          const at = await putOutside('one');
          const other = await subject.freshCollection();
          await subject.outside.put(other, undefined, text('other'));
          await settle();
          const { checkpoint: foreign } = await storage.look(other, undefined);
          const answer = await look(foreign);
          const named = answer.type === 'all' ? answer.items : answer.changed;
          expect(named.map((item) => item.href)).toEqual([at]);
        },
      );
    });

    test.runIf(has('watching'))('SD16 changes yields after an outside write and ends with its signal', async () => {
      const stop = new AbortController();
      const changes = storage.changes(stop.signal)[Symbol.asyncIterator]();
      // The first look-out takes a moment to be set up, and what happens meanwhile may go unnoticed: so write until it is seen.
      let isSeen = false;
      const seen = (async () => {
        for (;;) {
          const next = await changes.next();
          if (next.done === true) throw new Error('ended before its signal');
          if (next.value.collection === collection) return;
        }
      })().finally(() => {
        isSeen = true;
      });
      for (let round = 0; !isSeen; round += 1) {
        await putOutside(`round-${round}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await seen;
      stop.abort();
      for (;;) if ((await changes.next()).done === true) break;
    });

    test.runIf(has('watching'))('SD16 changes ends at once where its signal was given before', async () => {
      for await (const change of storage.changes(AbortSignal.abort())) expect(change).toBeUndefined();
    });

    test.runIf(!has('watching'))('SD16 changes is unsupported', async () => {
      const first = storage.changes(new AbortController().signal)[Symbol.asyncIterator]().next();
      expect(await kindOfFailure(first)).toBe('unsupported');
    });
  });
}

const ODD_UIDS: readonly string[] = [
  'plain',
  'with some spaces',
  'a/path/like/this',
  '/leading-slash',
  'back\\\\slash',
  'per%cent',
  '%2e%2e%2f',
  '%0A:colon',
  '"quoted"',
  "it's",
  'q?a=b#c',
  'über-ID-Привет-予定',
  '..',
  '.',
  '../../etc/passwd',
  '.hidden',
  '-dash',
  '~tilde',
  'x.tmp',
  'con',
  '😀',
  'e\u0301',
  '\u00e9',
  'someone@example.com',
  '{curly}',
  '*?[glob]',
  '<xml>&amp;',
  'a'.repeat(500),
  `${'a'.repeat(499)}b`,
  'Case',
  'case',
  'CASE',
];
