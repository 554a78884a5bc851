import { describe, expect, test } from 'vitest';
import { must, StatusError, StorageError } from '../../../src/model/errors.ts';
import { href } from '../../../src/model/names.ts';
import type { PairRules } from '../../../src/model/rules.ts';
import { mapSides, type Side } from '../../../src/model/sides.ts';
import type { KeptVersion } from '../../../src/status/history.ts';
import type { Intent, Status } from '../../../src/status/status.ts';
import { readOnly } from '../../../src/storage/decorators/read-only.ts';
import type { SyncEvent } from '../../../src/sync/events.ts';
import { restoreVersions } from '../../../src/sync/restore/restore.ts';
import { agreedBench, type Bench, event, put, titles, WORK } from '../engine.ts';

const at = (uid: string) => href(`/work/${uid}.ics`);

interface Restored {
  readonly failed: number;
  readonly collections: readonly string[];
  readonly events: readonly SyncEvent[];
}

interface Circumstances {
  readonly dryRun?: boolean;
  readonly readOnly?: Side;
  readonly status?: Status;
}

/** Puts versions back, and does nothing more: no run follows. */
async function restore(
  bench: Bench,
  choose: (version: KeptVersion) => boolean,
  { dryRun = false, readOnly: closed, status = bench.status }: Circumstances = {},
): Promise<Restored> {
  const versions = [...bench.status.versions()].filter(choose).map((version) => ({
    ...version,
    text: must(bench.status.versionText(version.id), 'it is kept'),
  }));
  if (versions.length === 0) throw new Error('the test wants a version');
  const events: SyncEvent[] = [];
  const { failed, collections } = await restoreVersions(
    {
      name: 'pair',
      storages: mapSides(bench.storages, (storage, side) => ({
        name: `storage ${side}`,
        storage: closed === side ? readOnly(storage) : storage,
      })),
      rules: bench.rules,
      historyS: 1000,
    },
    versions,
    dryRun,
    {
      status,
      clock: { now: () => bench.now, sleep: () => Promise.resolve() },
      tell: (each) => events.push(each),
      signal: new AbortController().signal,
    },
  );
  return { failed, collections: [...collections], events };
}

const all = (): boolean => true;
const allow = { empty: false, delete: false, rollback: true };

/** A bench whose item was edited on a, and the edit copied to b. */
async function editedBench(rules: Partial<PairRules> = {}): Promise<Bench> {
  const bench = await agreedBench('one', 'two', rules);
  put(bench.storages.a, 'one', 'One edited');
  await bench.sync();
  return bench;
}

/** A bench whose item was deleted on a, and so on b. */
async function deletedBench(rules: Partial<PairRules> = {}): Promise<Bench> {
  const bench = await agreedBench('one', 'two', rules);
  bench.storages.a.userDelete(WORK, at('one'));
  await bench.sync();
  return bench;
}

describe('a version', () => {
  test('SR4: replaces what is there, which goes to the history, and a run takes it to the other side', async () => {
    const bench = await editedBench();
    const { a, b } = bench.storages;
    const restored = await restore(bench, all);
    expect(restored).toMatchObject({ failed: 0, collections: ['work'] });
    expect([titles(a), titles(b)]).toEqual([
      ['One edited', 'two'],
      ['one', 'two'],
    ]);
    expect(bench.history().at(-1)).toEqual({ reason: 'restored', side: 'b', summary: 'One edited' });
    expect(bench.mapping().intents()).toEqual([]);
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', written: { a: { updated: 1 } } });
    expect(titles(a)).toEqual(['one', 'two']);
    expect((await bench.sync()).summary.written).toMatchObject({ a: { updated: 0 }, b: { updated: 0 } });
  });

  test('of an item that is gone is made again, where it was', async () => {
    const bench = await deletedBench();
    const { a, b } = bench.storages;
    const { events } = await restore(bench, all);
    expect(event(events, 'action')).toMatchObject({ action: { verb: 'create', side: 'b' }, outcome: { type: 'done' } });
    expect([...b.userItems(WORK).keys()]).toContain(at('one'));
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(a)).toEqual(['one', 'two']);
  });

  test('SI15: of an item whose address another has gets another one', async () => {
    const bench = await deletedBench();
    const { b } = bench.storages;
    b.userPut(WORK, at('one'), bench.text('three', 'Three'));
    expect(await restore(bench, all)).toMatchObject({ failed: 0 });
    expect(titles(b)).toEqual(['Three', 'one', 'two']);
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.a)).toEqual(['Three', 'one', 'two']);
  });

  test('whose item exists again replaces it, wherever it is', async () => {
    const bench = await deletedBench();
    const { b } = bench.storages;
    b.userPut(WORK, href('/work/elsewhere.ics'), bench.text('one', 'One again'));
    const { events } = await restore(bench, all);
    expect(event(events, 'action')).toMatchObject({ action: { verb: 'update' }, outcome: { type: 'done' } });
    expect(titles(b)).toEqual(['one', 'two']);
    expect(bench.history().at(-1)).toEqual({ reason: 'restored', side: 'b', summary: 'One again' });
    await bench.sync();
    expect(titles(bench.storages.a)).toEqual(['one', 'two']);
  });

  test('that is there already is not written', async () => {
    const bench = await editedBench();
    put(bench.storages.b, 'one', 'one');
    const steps = bench.record();
    const { events, failed, collections } = await restore(bench, all);
    expect(event(events, 'action')).toMatchObject({ action: { verb: 'record' }, outcome: { type: 'done' } });
    expect({ failed, collections }).toEqual({ failed: 0, collections: ['work'] });
    expect(steps.filter((step) => /update|create|delete/.test(step))).toEqual([]);
  });

  test('SI6: of an item that was edited on the other side meanwhile ends in conflict, and loses nothing', async () => {
    const bench = await editedBench();
    put(bench.storages.a, 'one', 'One edited again');
    await restore(bench, all);
    const { summary } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', conflicts: 1 });
    expect([titles(bench.storages.a)[0], titles(bench.storages.b)[0]]).toEqual(['One edited again', 'one']);
  });

  test('SD8: is not written over what changes while it is restored', async () => {
    const bench = await editedBench();
    const { b } = bench.storages;
    b.onStep = ({ phase, name }) => {
      if (phase !== 'before' || name !== 'update') return;
      b.onStep = undefined;
      put(b, 'one', 'One by another');
    };
    const { failed, events } = await restore(bench, all);
    expect(failed).toBe(1);
    expect(event(events, 'action').outcome).toMatchObject({ type: 'postponed' });
    expect(titles(b)[0]).toBe('One by another');
    expect(bench.history()).toHaveLength(1);
    expect(bench.mapping().intents()).toEqual([]);
  });

  test('a dry run writes neither to a storage nor to the status', async () => {
    const bench = await editedBench();
    const steps = bench.record();
    const { events } = await restore(bench, all, { dryRun: true });
    expect(event(events, 'plan').actions()).toMatchObject([{ verb: 'update', side: 'b', reason: 'restored' }]);
    expect(steps.filter((step) => /update|create|delete/.test(step))).toEqual([]);
    expect(bench.history()).toHaveLength(1);
  });
});

describe('a side that takes no writes', () => {
  test('SG4: has its version written on the other one', async () => {
    const bench = await editedBench();
    const { failed, events } = await restore(bench, all, { readOnly: 'b' });
    expect(failed).toBe(0);
    expect(event(events, 'action').action.side).toBe('a');
    expect(titles(bench.storages.a)).toEqual(['one', 'two']);
  });

  test('SG4: one_way has it written on a, since what is written to b is undone', async () => {
    const bench = await editedBench({ oneWay: true });
    expect(event((await restore(bench, all)).events, 'action').action.side).toBe('a');
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.b)).toEqual(['one', 'two']);
  });

  test('SG4: on both sides is told, with the way out', async () => {
    const bench = await editedBench({ oneWay: true });
    const { failed, events } = await restore(bench, all, { readOnly: 'a' });
    expect(failed).toBe(1);
    const { outcome } = event(events, 'action');
    expect(outcome).toMatchObject({ type: 'failed', error: { hint: expect.stringContaining('--to FILE') } });
  });
});

describe('nothing is restored', () => {
  test('into a collection that is gone', async () => {
    const bench = await editedBench();
    bench.storages.b.userRemoveCollection(WORK);
    bench.storages.b.userMakeCollection('other');
    const { failed, events } = await restore(bench, all);
    expect(failed).toBe(1);
    expect(event(events, 'failure')).toMatchObject({
      collection: 'work',
      error: { kind: 'not-found', hint: expect.stringContaining('--to FILE') },
    });
  });

  test('SG1: into a collection that was emptied, since the rest would be deleted then', async () => {
    const bench = await editedBench();
    const { a, b } = bench.storages;
    for (const uid of ['one', 'two']) b.userDelete(WORK, at(uid));
    const { failed, events } = await restore(bench, all);
    expect(failed).toBe(1);
    expect(event(events, 'failure').error.message).toContain('--allow-empty');
    expect([titles(a), titles(b)]).toEqual([['One edited', 'two'], []]);
  });

  test('over different items with one UID', async () => {
    const bench = await editedBench();
    bench.storages.b.userPut(WORK, href('/work/copy.ics'), bench.text('one', 'Another'));
    const { failed, events } = await restore(bench, all);
    expect(failed).toBe(1);
    expect(event(events, 'action').outcome).toMatchObject({
      error: { hint: '"pimsync repair -n storage b" shows them' },
    });
  });

  test('where a side cannot be listed', async () => {
    const bench = await editedBench();
    put(bench.storages.b, 'two', 'Two edited');
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'look') throw new StorageError('unavailable', 'no answer');
    };
    const { failed, events } = await restore(bench, all);
    expect(failed).toBe(1);
    expect(event(events, 'failure').error).toMatchObject({ kind: 'unavailable', message: 'no answer' });
  });
});

describe('many versions', () => {
  const uids = Array.from({ length: 12 }, (_, index) => `item-${String(index).padStart(2, '0')}`);

  test('SG1, SG5: all that a run deleted or replaced comes back, and is not taken for a store that was rolled back', async () => {
    const bench = await agreedBench(...uids);
    const { a, b } = bench.storages;
    const before = titles(a);
    for (const uid of uids) put(a, uid, `${uid} edited`);
    await bench.sync();
    await restore(bench, all);
    expect((await bench.sync({ allow })).summary).toMatchObject({ outcome: 'done', held: 0 });
    expect([titles(a), titles(b)]).toEqual([before, before]);

    for (const uid of uids) a.userDelete(WORK, at(uid));
    await bench.sync({ allow: { ...allow, empty: true } });
    expect([titles(a), titles(b)]).toEqual([[], []]);
    await restore(bench, ({ reason }) => reason === 'deleted');
    expect((await bench.sync({ allow })).summary).toMatchObject({ outcome: 'done', held: 0 });
    expect([titles(a), titles(b)]).toEqual([before, before]);
  });

  test('SR6: one that its storage refuses does not hinder the others', async () => {
    const bench = await agreedBench(...uids);
    for (const uid of uids) put(bench.storages.a, uid, `${uid} edited`);
    await bench.sync();
    let count = 0;
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'update' && count++ === 3) throw new StorageError('rejected', 'too beautiful');
    };
    const { failed } = await restore(bench, all);
    expect(failed).toBe(1);
    bench.storages.b.onStep = undefined;
    expect((await bench.sync({ allow })).summary.outcome).toBe('done');
    expect(titles(bench.storages.a).filter((title) => title.endsWith('edited'))).toHaveLength(1);
    expect(bench.history().filter(({ reason }) => reason === 'restored')).toHaveLength(uids.length - 1);
  });
});

describe('a crash', () => {
  /** A status that dies before or after it knows of a write, or before it knows of its end. */
  const dying = (bench: Bench, type: 'full' | 'intend' | 'done'): Status => {
    const mapping: Status['mapping'] = (name, hrefs) => {
      const real = bench.status.mapping(name, hrefs);
      const commit: typeof real.commit = (changes) => {
        if (type === 'full') throw new StatusError('the disk is full');
        if (type === 'done' && changes.some((change) => change.type === 'done')) throw new Error('killed');
        real.commit(changes);
        if (type === 'intend' && changes.some((change) => change.type === 'intend')) throw new Error('killed');
      };
      return new Proxy(real, { get: (target, key) => (key === 'commit' ? commit : bound(target, key)) });
    };
    return new Proxy<Status>(bench.status, {
      get: (target, key) => (key === 'mapping' ? mapping : bound(target, key)),
    });
  };
  const bound = (target: object, key: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, key, target);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  const noIntents: readonly Intent[] = [];

  test('SR6: of a status that cannot be written: nothing is written anywhere', async () => {
    const bench = await editedBench();
    const before = [titles(bench.storages.a), titles(bench.storages.b)];
    await expect(restore(bench, all, { status: dying(bench, 'full') })).rejects.toThrow(StatusError);
    expect([titles(bench.storages.a), titles(bench.storages.b)]).toEqual(before);
    expect(bench.history()).toHaveLength(1);
  });

  test('SR5: before the write leaves all as it was', async () => {
    for (const bench of [await editedBench(), await deletedBench()]) {
      const before = [titles(bench.storages.a), titles(bench.storages.b)];
      await expect(restore(bench, all, { status: dying(bench, 'intend') })).rejects.toThrow('killed');
      expect((await bench.sync()).summary.outcome).toBe('done');
      expect([titles(bench.storages.a), titles(bench.storages.b)]).toEqual(before);
      expect(bench.mapping().intents()).toEqual(noIntents);
    }
  });

  test('SR5: after the write is an edit that the next run takes over', async () => {
    for (const bench of [await editedBench(), await deletedBench()]) {
      await expect(restore(bench, all, { status: dying(bench, 'done') })).rejects.toThrow('killed');
      expect((await bench.sync()).summary.outcome).toBe('done');
      expect(titles(bench.storages.a)).toEqual(['one', 'two']);
      expect(titles(bench.storages.b)).toEqual(['one', 'two']);
      expect(bench.mapping().intents()).toEqual(noIntents);
    }
  });
});
