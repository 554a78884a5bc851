import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/model/errors.ts';
import { collectionId, href } from '../../src/model/names.ts';
import { SIDES, type Side } from '../../src/model/sides.ts';
import { agreedBench, Bench, put, titles, WORK } from './engine.ts';

const ALLOW = { empty: false, delete: false, rollback: false };

async function ids(bench: Bench, side: Side): Promise<readonly string[]> {
  return (await bench.storages[side].discover()).map(({ id }) => id);
}

describe('collections of two storages', () => {
  it('SC1, SF1: two that were filled apart: equal items are adopted, missing ones copied, different ones conflict', async () => {
    const bench = new Bench();
    for (const side of SIDES) {
      bench.storages[side].userMakeCollection('work');
      put(bench.storages[side], 'same', 'Same');
      put(bench.storages[side], 'other', `Other of ${side}`);
      put(bench.storages[side], `only-${side}`, `Only ${side}`);
    }
    const { summary } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', conflicts: 1 });
    expect(titles(bench.storages.a)).toEqual(['Only a', 'Only b', 'Other of a', 'Same']);
    expect(titles(bench.storages.b)).toEqual(['Only a', 'Only b', 'Other of b', 'Same']);
  });

  it('SC2: a collection of one side is created on the other, with its properties', async () => {
    const bench = new Bench();
    bench.storages.b.userMakeCollection('work');
    bench.storages.b.userSetProperty(WORK, 'displayname', 'Work');
    put(bench.storages.b, 'one', 'One');
    const { summary } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'done', collections: 1, properties: 1 });
    expect(titles(bench.storages.a)).toEqual(['One']);
    expect((await bench.storages.a.find(WORK))?.properties).toEqual({ displayname: 'Work' });
    const steps = bench.record();
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', properties: 0 });
    expect(steps).toEqual(['a discover', 'b discover']);
  });

  it('SC3: a collection that only the configuration names is created on both sides', async () => {
    const id = collectionId('home');
    const bench = new Bench({
      collectionsFrom: new Set(),
      mappings: [{ name: 'home', sides: { a: { type: 'id', id }, b: { type: 'id', id } } }],
    });
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', collections: 2 });
    expect(await ids(bench, 'a')).toEqual(['home']);
    expect(await ids(bench, 'b')).toEqual(['home']);
  });

  it('SC4: an empty collection that is gone from one side is deleted on the other', async () => {
    const bench = await agreedBench();
    bench.storages.a.userMakeCollection('other');
    await bench.sync();
    bench.storages.a.userRemoveCollection(href('/other'));
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', collections: 1 });
    expect(await ids(bench, 'b')).toEqual(['work']);
    expect(bench.status.mappings()).toHaveLength(1);
  });

  it('SC4, SG1: one that held items is held, and goes with them where that is allowed', async () => {
    const bench = await agreedBench('one', 'two');
    for (const side of SIDES) bench.storages[side].userMakeCollection('other');
    await bench.sync();
    bench.storages.a.userRemoveCollection(WORK);
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'waiting', held: 1 });
    expect(titles(bench.storages.b)).toEqual(['one', 'two']);
    expect((await bench.sync({ allow: { ...ALLOW, empty: true } })).summary.outcome).toBe('done');
    expect(await ids(bench, 'b')).toEqual(['other']);
    expect(bench.history()).toHaveLength(2);
  });

  it('SC4: an edited item brings its collection back', async () => {
    const bench = await agreedBench({ onEmpty: 'sync' }, 'one', 'two');
    for (const side of SIDES) bench.storages[side].userMakeCollection('other');
    await bench.sync();
    bench.storages.a.userRemoveCollection(WORK);
    put(bench.storages.b, 'one', 'One edited');
    await bench.sync();
    expect(titles(bench.storages.a)).toEqual(['One edited']);
    expect(titles(bench.storages.b)).toEqual(['One edited']);
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', collections: 0 });
  });

  it('SC4: with on_delete skip it is held', async () => {
    const bench = await agreedBench({ onDelete: 'skip' });
    for (const side of SIDES) bench.storages[side].userMakeCollection('other');
    await bench.sync();
    bench.storages.a.userRemoveCollection(WORK);
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    expect(await ids(bench, 'b')).toEqual(['other', 'work']);
  });

  it('SC5: a collection that the configuration no longer names is left alone and forgotten', async () => {
    const bench = await agreedBench('one');
    bench.rules = { ...bench.rules, exclude: ['w*'] };
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', collections: 0 });
    expect(titles(bench.storages.a)).toEqual(['one']);
    expect(bench.status.mappings()).toEqual([]);
  });

  it('SC6: a created collection that has another id than the wanted one is not used', async () => {
    const bench = new Bench();
    bench.storages.a.userMakeCollection('work');
    const create = bench.storages.b.createCollection.bind(bench.storages.b);
    bench.storages.b.createCollection = () => create({ type: 'id', id: collectionId('calendar-1') });
    expect((await bench.sync()).summary.outcome).toBe('failed');
  });

  it('SC7: a root that is missing is an error, not a deletion', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userUnmount();
    const { summary, events } = await bench.sync();
    expect(summary.outcome).toBe('failed');
    expect(events.find(({ type }) => type === 'failure')).toMatchObject({ side: 'a', collection: undefined });
    expect(titles(bench.storages.b)).toEqual(['one']);
  });

  it('SC7: a root is created for a pair that knows nothing yet', async () => {
    const bench = new Bench();
    bench.storages.a.userUnmount();
    bench.storages.b.userMakeCollection('work');
    expect((await bench.sync()).summary.outcome).toBe('done');
  });

  it('SC7: a storage that lists no collection any more is an error', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userRemoveCollection(WORK);
    expect((await bench.sync()).summary.outcome).toBe('failed');
    expect(titles(bench.storages.b)).toEqual(['one']);
  });

  it('SC8: two collections of one storage with one id: neither is synced, both are named', async () => {
    const bench = await agreedBench('one');
    const discover = bench.storages.a.discover.bind(bench.storages.a);
    bench.storages.a.discover = async () => {
      const all = await discover();
      return [...all, ...all.map((collection) => ({ ...collection, href: href('/twin/work') }))];
    };
    put(bench.storages.a, 'two', 'two');
    const { summary, events } = await bench.sync();
    expect(summary.outcome).toBe('waiting');
    expect(JSON.stringify(events)).toContain('/twin/work');
    expect(titles(bench.storages.b)).toEqual(['one']);
    expect(bench.status.mappings()).toHaveLength(1);
  });

  it('SC8: what is held before it was ever synced is remembered all the same, until it is clear', async () => {
    const bench = new Bench();
    for (const side of SIDES) bench.storages[side].userMakeCollection('work');
    const discover = bench.storages.a.discover.bind(bench.storages.a);
    bench.storages.a.discover = async () => {
      const all = await discover();
      return [...all, ...all.map((collection) => ({ ...collection, href: href('/twin/work') }))];
    };
    await bench.sync();
    const reason = expect.stringContaining('/twin/work');
    expect(bench.status.waiting()).toMatchObject([{ type: 'held', subject: 'work', side: 'a', reason }]);
    bench.storages.a.discover = discover;
    await bench.sync();
    expect(bench.status.waiting()).toEqual([]);
  });

  it('SC8: a collection that two mappings lead to, by id and by address, is synced with neither', async () => {
    const bench = await agreedBench('one');
    bench.storages.b.userMakeCollection('home');
    const byId = { type: 'id', id: collectionId('work') } as const;
    const home = { type: 'id', id: collectionId('home') } as const;
    const mappings = [
      { name: 'work', sides: { a: byId, b: byId } },
      { name: 'again', sides: { a: { type: 'href', href: WORK } as const, b: home } },
    ];
    bench.rules = { ...bench.rules, collectionsFrom: new Set(), mappings };
    put(bench.storages.a, 'two', 'two');
    const { summary, events } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', held: 2 });
    const reasons = events.flatMap((each) => (each.type === 'action' ? [each.action.reason] : []));
    expect(reasons).toEqual([
      'its collection of "storage a" is that of "work" too: take one of them out of the configuration',
      'its collection of "storage a" is that of "again" too: take one of them out of the configuration',
    ]);
    expect(titles(bench.storages.b)).toEqual(['one']);
    expect(bench.mapping().count()).toBe(1);
  });

  it('SC8: a collection whose id is the name of another is told, and left alone', async () => {
    const bench = await agreedBench('one');
    for (const side of SIDES) bench.storages[side].userMakeCollection('other');
    const other = { type: 'id', id: collectionId('other') } as const;
    bench.rules = { ...bench.rules, mappings: [{ name: 'work', sides: { a: other, b: other } }] };
    put(bench.storages.a, 'two', 'two');
    const { summary, events } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', held: 1 });
    expect(JSON.stringify(events)).toContain('the configuration gives this name to another collection');
    expect(titles(bench.storages.b)).toEqual(['one']);
  });

  it('SR6: a collection that cannot be created does not stop the others', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userMakeCollection('another');
    put(bench.storages.a, 'two', 'two');
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'createCollection') throw new StorageError('denied', 'no');
    };
    expect((await bench.sync()).summary.outcome).toBe('failed');
    expect(titles(bench.storages.b)).toEqual(['one', 'two']);
  });

  it('SR2: a dry run shows the plan and writes nothing', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'One edited');
    bench.storages.b.userDelete(WORK, href('/work/two.ics'));
    const steps = bench.record();
    const { summary, events } = await bench.sync({ dryRun: true });
    expect(summary).toMatchObject({ outcome: 'done', dryRun: true });
    const plan = events.find((each) => each.type === 'plan');
    expect(
      plan?.type === 'plan' &&
        plan
          .actions()
          .map(({ verb, side }) => `${verb} ${side}`)
          .sort(),
    ).toEqual(['delete a', 'update b']);
    expect(steps.filter((step) => /create|update|delete|set/.test(step))).toEqual([]);
  });

  it('a person who says no to the plan gets nothing written', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'one', 'One edited');
    await bench.sync({ confirm: () => Promise.resolve(false) });
    expect(titles(bench.storages.b)).toEqual(['one']);
    await bench.sync({ confirm: () => Promise.resolve(true) });
    expect(titles(bench.storages.b)).toEqual(['One edited']);
  });
});
