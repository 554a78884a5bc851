import { expect, test } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import type { ItemRef } from '../../../src/model/item.ts';
import type { Href } from '../../../src/model/names.ts';
import { type Bench, NEVER_WAS } from './bench.ts';

/** What a write answers (SD6), and on what it insists (SD7, SD8). */
export function versionRules(bench: Bench): void {
  const {
    settle,
    text,
    itemOf,
    kept,
    putOutside,
    editOutside,
    expectHeld,
    etagsOf,
    etagAt,
    fetchOne,
    create,
    written,
    kindOfFailure,
  } = bench;

  test('SD6 what create returned is what the next look lists', async () => {
    const item = itemOf(text('one'));
    const outcome = await create(item);
    await bench.storage.flush(bench.collection);
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
    const outcome = await bench.storage.update(bench.collection, { href: at, etag: (await fetchOne(at)).etag }, item);
    await settle();
    expect(outcome.href).toBe(at);
    if (outcome.etag !== undefined) expect(await etagAt(at)).toBe(outcome.etag);
    const fetched = await fetchOne(at);
    expect(fetched.item.fingerprint).toBe(kept(item.text).fingerprint);
    if (outcome.holds === 'as-sent') expect(fetched.item.text).toBe(item.text);
  });

  test('SD6 what was written can be written again at once', async () => {
    const first = await written(await create(itemOf(text('one', 'First'))));
    const second = await written(await bench.storage.update(bench.collection, first, itemOf(text('one', 'Second'))));
    const third = await written(await bench.storage.update(bench.collection, second, itemOf(text('one', 'Third'))));
    await expectHeld(third.href, text('one', 'Third'));
    await bench.storage.delete(bench.collection, third);
    await expectHeld(third.href, undefined);
  });

  test('SD7 creating what is there fails and changes nothing', async () => {
    const at = await putOutside('one', 'As it was');
    await settle();
    const before = await etagsOf();
    const outcome = bench.storage.create(bench.collection, at, itemOf(text('one', 'Another')));
    expect(await kindOfFailure(outcome)).toBe('already-exists');
    await expectHeld(at, text('one', 'As it was'));
    expect(await etagsOf()).toEqual(before);
  });

  test('SD8 a version that was seen is updated and deleted', async () => {
    const at = await putOutside('one');
    const seen = await fetchOne(at);
    const updated = await written(await bench.storage.update(bench.collection, seen, itemOf(text('one', 'Newer'))));
    await expectHeld(at, text('one', 'Newer'));
    await bench.storage.delete(bench.collection, updated);
    await expectHeld(at, undefined);
  });

  test('SD8 a version that was listed and is old is updated and deleted', async () => {
    const one = await putOutside('one');
    const two = await putOutside('two');
    await settle();
    const etags = await etagsOf();
    const seen = (at: Href): ItemRef => ({ href: at, etag: must(etags.get(at), 'it is listed') });
    await bench.storage.update(bench.collection, seen(one), itemOf(text('one', 'Newer')));
    await bench.storage.delete(bench.collection, seen(two));
    await expectHeld(one, text('one', 'Newer'));
    await expectHeld(two, undefined);
  });

  test('SD8 an update of anything but the seen version fails and changes nothing', async () => {
    const at = await putOutside('one', 'First');
    const seen = await fetchOne(at);
    await editOutside(at, 'one', 'Other');
    const item = itemOf(text('one', 'Ours'));
    expect(await kindOfFailure(bench.storage.update(bench.collection, seen, item))).toBe('changed');
    expect(await kindOfFailure(bench.storage.update(bench.collection, { href: at, etag: NEVER_WAS }, item))).toBe(
      'changed',
    );
    await expectHeld(at, text('one', 'Other'));
  });

  test('SD8 a deletion of anything but the seen version fails and changes nothing', async () => {
    const at = await putOutside('one', 'First');
    const seen = await fetchOne(at);
    await editOutside(at, 'one', 'Other');
    expect(await kindOfFailure(bench.storage.delete(bench.collection, seen))).toBe('changed');
    expect(await kindOfFailure(bench.storage.delete(bench.collection, { href: at, etag: NEVER_WAS }))).toBe('changed');
    await expectHeld(at, text('one', 'Other'));
  });

  test('SD8 what is gone is not updated into being, and deleting it succeeds', async () => {
    const at = await putOutside('one');
    const seen = await fetchOne(at);
    await bench.subject.outside.remove(bench.collection, at);
    const update = bench.storage.update(bench.collection, seen, itemOf(text('one', 'Ours')));
    expect(await kindOfFailure(update)).toMatch(/^(changed|not-found)$/);
    await bench.storage.delete(bench.collection, seen);
    await expectHeld(at, undefined);
  });
}
