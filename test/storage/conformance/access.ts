import { expect } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import { collectionId } from '../../../src/model/names.ts';
import type { Bench } from './bench.ts';

/** What a storage says of being written, and does (SD14). */
export function accessRules(bench: Bench): void {
  const { settle, text, itemOf, putOutside, expectHeld, list, etagsOf, kindOfFailure, has, testIf } = bench;

  testIf(!has('writing'))('SD14 every write fails read-only and changes nothing', async () => {
    const at = await putOutside('one');
    await settle();
    const seen = must((await list())[0], 'it is listed');
    const item = itemOf(text('one', 'Ours'));
    const another = itemOf(text('two'));
    const free = bench.storage.nameFor(bench.collection, another, undefined, 0);
    const before = { items: await etagsOf(), collections: await bench.storage.discover() };
    expect(bench.storage.access).toBe('read-only');
    const writes: readonly (() => Promise<unknown>)[] = [
      () => bench.storage.create(bench.collection, free, another),
      () => bench.storage.update(bench.collection, seen, item),
      () => bench.storage.delete(bench.collection, seen),
      () => bench.storage.setProperty(bench.collection, 'displayname', 'Ours'),
      () => bench.storage.createCollection({ type: 'id', id: collectionId('ours') }),
      () => bench.storage.createCollection({ type: 'href', href: bench.subject.missingCollection }),
      () => bench.storage.deleteCollection(bench.collection),
    ];
    for (const write of writes) expect(await kindOfFailure(write())).toBe('read-only');
    await expectHeld(at, text('one'));
    expect({ items: await etagsOf(), collections: await bench.storage.discover() }).toEqual(before);
  });

  testIf(has('writing'))('SD14 says that it can be written', () => {
    expect(bench.storage.access).toBe('read-write');
  });
}
