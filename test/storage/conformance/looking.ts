import { expect, test } from 'vitest';
import type { FetchedItem, UnreadableItem } from '../../../src/model/item.ts';
import type { Bench } from './bench.ts';

/** What a look says (SD1, SD2), and what is found before one. */
export function lookRules(bench: Bench): void {
  const { settle, putOutside, editOutside, list, etagsOf, etagAt, fetchOne, kindOfFailure } = bench;

  test('checks itself without writing', async () => {
    const { found } = await bench.storage.check();
    expect(found).not.toBe('');
    expect(found).not.toContain('\n');
  });

  test('finds the collection that it discovers', async () => {
    const discovered = await bench.storage.discover();
    expect(discovered.map((one) => one.href)).toContain(bench.collection);
    expect(discovered.map((one) => one.id)).toEqual(discovered.map((one) => one.id).sort());
    expect((await bench.storage.find(bench.collection))?.href).toBe(bench.collection);
    expect(await bench.storage.find(bench.subject.missingCollection)).toBeUndefined();
  });

  test('SD1 look names each item once', async () => {
    const put = [await putOutside('one'), await putOutside('two'), await putOutside('three')];
    const look = await bench.storage.look(bench.collection, undefined);
    expect(look.type === 'all' && look.complete).toBe(true);
    expect((await list()).map((item) => item.href).sort()).toEqual(put.sort());
  });

  test('SD1 look at an empty collection lists nothing', async () => {
    const look = await bench.storage.look(bench.collection, undefined);
    expect(look).toMatchObject({ type: 'all', items: [], unknown: [], complete: true });
  });

  test('SD1 look at a missing collection fails', async () => {
    expect(await kindOfFailure(bench.storage.look(bench.subject.missingCollection, undefined))).toBe('not-found');
  });

  test('SD1 what a look gives of an item at once is what fetch gives', async () => {
    const at = await putOutside('one');
    const [looked] = await list();
    const fetched = await fetchOne(at);
    if (looked?.item !== undefined) expect(looked.item).toEqual(fetched.item);
  });

  test('SD1 what a first look hands over is what fetch gives, and is listed all the same', async () => {
    const put = [await putOutside('one'), await putOutside('two')];
    await settle();
    const taken: (FetchedItem | UnreadableItem)[] = [];
    const look = await bench.storage.look(bench.collection, undefined, (read) => taken.push(read));
    expect(look.type === 'all' && look.items.map((item) => item.href).sort()).toEqual(put.sort());
    const fetched = new Map((await bench.fetchAll(put)).map((each) => [each.href, each]));
    for (const each of taken) expect(each).toEqual(fetched.get(each.href));
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
}
