import { expect, test } from 'vitest';
import { collectionId } from '../../../src/model/names.ts';
import type { Bench } from './bench.ts';

/** How collections come and go (SD12). */
export function collectionRules(bench: Bench): void {
  const { text, itemOf, putOutside, expectHeld, list, kindOfFailure } = bench;

  const id = collectionId('made-by-us');

  test('SD12 a created collection is discovered with its id', async () => {
    const made = await bench.storage.createCollection({ type: 'id', id });
    expect(made.id).toBe(id);
    expect((await bench.storage.discover()).find((one) => one.href === made.href)?.id).toBe(id);
    expect((await bench.storage.find(made.href))?.id).toBe(id);
    expect(await list(made.href)).toEqual([]);
  });

  test('SD12 a collection is made at the address that was free', async () => {
    const made = await bench.storage.createCollection({ type: 'href', href: bench.subject.missingCollection });
    expect(made.href).toBe(bench.subject.missingCollection);
    expect(await list(bench.subject.missingCollection)).toEqual([]);
  });

  test('SD12 creating it again fails', async () => {
    const made = await bench.storage.createCollection({ type: 'id', id });
    const item = itemOf(text('one'));
    await bench.storage.create(made.href, bench.storage.nameFor(made.href, item, undefined, 0), item);
    expect(await kindOfFailure(bench.storage.createCollection({ type: 'id', id }))).toBe('already-exists');
    expect(await kindOfFailure(bench.storage.createCollection({ type: 'href', href: made.href }))).toBe(
      'already-exists',
    );
    expect(await list(made.href)).toHaveLength(1);
  });

  test('SD12 deleting one that holds items fails', async () => {
    const at = await putOutside('one');
    expect(await kindOfFailure(bench.storage.deleteCollection(bench.collection))).toBe('not-empty');
    await expectHeld(at, text('one'));
  });

  test('SD12 one that is empty can be deleted', async () => {
    const made = await bench.storage.createCollection({ type: 'id', id });
    await bench.storage.deleteCollection(made.href);
    expect((await bench.storage.discover()).map((one) => one.href)).not.toContain(made.href);
    expect(await bench.storage.find(made.href)).toBeUndefined();
    expect(await kindOfFailure(bench.storage.look(made.href, undefined))).toBe('not-found');
  });
}
