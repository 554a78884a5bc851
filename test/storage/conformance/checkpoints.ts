import { expect, test } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import { type Checkpoint, checkpoint } from '../../../src/model/names.ts';
import type { Bench } from './bench.ts';

/** What a checkpoint stands for (SD15). */
export function checkpointRules(bench: Bench): void {
  const { settle, text, itemOf, putOutside, editOutside, etagsOf, create, has, testIf } = bench;

  const look = async (since: Checkpoint | undefined) => bench.storage.look(bench.collection, since);

  testIf(has('checkpoints'))('SD15 a look since a checkpoint names exactly what changed', async () => {
    const kept = await putOutside('kept');
    const before = await putOutside('edited');
    const removed = await putOutside('removed');
    await settle();
    const start = must((await look(undefined)).checkpoint, 'there are checkpoints');
    expect(await look(start)).toMatchObject({ type: 'changes', changed: [], unknown: [], gone: [] });

    const edited = await editOutside(before, 'edited', 'Newer');
    await bench.subject.outside.remove(bench.collection, removed);
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

  testIf(has('checkpoints') && has('writing'))('SD15 own writes are changes too', async () => {
    const start = must((await look(undefined)).checkpoint, 'there are checkpoints');
    const { href: at } = await create(itemOf(text('one')));
    await settle();
    const changes = await look(start);
    const named = changes.type === 'all' ? changes.items : changes.changed;
    expect(named.map((item) => item.href)).toEqual([at]);
  });

  testIf(has('checkpoints'))('SD15 the version of a collection moves with what it holds', async () => {
    const versionNow = async () => (await bench.storage.find(bench.collection))?.version;
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

  testIf(has('checkpoints') && has('making-collections'))(
    'SD15 the checkpoint of another collection loses nothing',
    async () => {
      const at = await putOutside('one');
      const other = await bench.subject.freshCollection();
      await bench.subject.outside.put(other, undefined, text('other'));
      await settle();
      const { checkpoint: foreign } = await bench.storage.look(other, undefined);
      const answer = await look(foreign);
      const named = answer.type === 'all' ? answer.items : answer.changed;
      expect(named.map((item) => item.href)).toEqual([at]);
    },
  );
}
