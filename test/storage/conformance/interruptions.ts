import { expect, test } from 'vitest';
import { must, StorageError } from '../../../src/model/errors.ts';
import type { ItemRef } from '../../../src/model/item.ts';
import type { Bench } from './bench.ts';

/** What is there while a write goes on, and when it does not come to its end (SD9). */
export function interruptionRules(bench: Bench): void {
  const { text, itemOf, kept, putOutside, fetchOne, written } = bench;

  test('SD9 whoever reads during an update reads the old item or the new one', async () => {
    const long = (title: string): string => text('one', title.repeat(400));
    const at = await bench.subject.outside.put(bench.collection, undefined, long('old'));
    let seen: ItemRef = await fetchOne(at);
    const allowed = new Set([kept(long('old')).fingerprint, kept(long('new')).fingerprint]);
    for (const title of ['new', 'old', 'new']) {
      let isDone = false;
      const update = bench.storage.update(bench.collection, seen, itemOf(long(title))).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        const held = must(await bench.subject.outside.read(bench.collection, at), 'the item is never gone');
        expect(allowed).toContain(itemOf(held).fingerprint);
      }
      seen = await written(await update);
    }
  });

  test('SD9 a storage that is closed during a write leaves the old item or the new one', async () => {
    const at = await putOutside('one', 'Old');
    const update = bench.storage
      .update(bench.collection, await fetchOne(at), itemOf(text('one', 'New')))
      .catch((error: unknown) => expect(error).toBeInstanceOf(StorageError));
    await bench.storage.close();
    await update;
    const held = must(await bench.subject.outside.read(bench.collection, at), 'the item is never gone');
    expect([kept(text('one', 'Old')).fingerprint, kept(text('one', 'New')).fingerprint]).toContain(
      itemOf(held).fingerprint,
    );
  });
}
