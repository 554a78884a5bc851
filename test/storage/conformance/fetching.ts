import { expect, test } from 'vitest';
import { StorageError } from '../../../src/model/errors.ts';
import { href } from '../../../src/model/names.ts';
import type { Bench } from './bench.ts';

/** What a fetch gives (SD3 to SD5), and what a direct look proves (SL3). */
export function fetchRules(bench: Bench): void {
  const { settle, text, itemOf, kept, putOutside, editOutside, list, etagAt, fetchAll, fetchOne, has, testIf } = bench;

  test('SD3 fetch gives each asked item once, and leaves out what is gone', async () => {
    const one = await putOutside('one');
    const two = await putOutside('two');
    const gone = await putOutside('three');
    await list();
    await bench.subject.outside.remove(bench.collection, gone);
    await settle();
    const fetched = await fetchAll([one, two, one, gone]);
    expect(fetched.map((item) => item.href).sort()).toEqual([one, two].sort());
  });

  test('SD3 fetch of nothing asks nobody', async () => {
    const before = bench.storage.traffic();
    expect(await fetchAll([])).toEqual([]);
    expect(await fetchAll([], bench.subject.missingCollection)).toEqual([]);
    expect(bench.storage.traffic()).toEqual(before);
  });

  test('SD3 fetch from a missing collection gives nothing, or fails not-found', async () => {
    const outcome = fetchAll([await putOutside('one')], bench.subject.missingCollection).catch(
      (error: unknown) => error,
    );
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

  testIf(has('garbling'))('SD5 what cannot be identified is given as unreadable', async () => {
    const good = await putOutside('good');
    const whole = text('bad');
    const bad = await bench.subject.outside.put(bench.collection, undefined, whole.slice(0, whole.length / 2));
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
    await bench.subject.outside.remove(bench.collection, gone);
    await list();
    expect([...(await bench.storage.confirmGone(bench.collection, [there, gone]))]).toEqual([gone]);
    expect([...(await bench.storage.confirmGone(bench.collection, []))]).toEqual([]);
  });

  testIf(has('writing'))('SI15 a name is the same at each asking, and another at each attempt', () => {
    const item = itemOf(text('a-uid'));
    const like = href('/elsewhere/its%20own-name.ics');
    for (const counterpart of [undefined, href('/elsewhere/name.ics'), like]) {
      const names = [0, 1, 2, 3].map((attempt) => bench.storage.nameFor(bench.collection, item, counterpart, attempt));
      expect(new Set(names).size).toBe(4);
      expect(bench.storage.nameFor(bench.collection, item, counterpart, 2)).toBe(names[2]);
    }
  });
}
