import { describe, expect, it } from 'vitest';
import { href } from '../../src/model/names.ts';
import type { SyncEvent } from '../../src/sync/events.ts';
import { agreedBench, contents, event, put, titles, WORK } from './engine.ts';

describe('items between two storages', () => {
  it('SI2: a new item is created on the other side, to the byte', async () => {
    const bench = await agreedBench();
    put(bench.storages.a, 'one', 'One');
    const { summary } = await bench.sync();
    expect(summary.outcome).toBe('done');
    expect(summary.written.b).toEqual({ created: 1, updated: 0, deleted: 0 });
    expect(contents(bench.storages.b)).toEqual(contents(bench.storages.a));
  });

  it('SI3: an item that one side deleted is deleted on the other', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.b.userDelete(WORK, href('/work/one.ics'));
    const { summary } = await bench.sync();
    expect(summary.written.a).toEqual({ created: 0, updated: 0, deleted: 1 });
    expect(titles(bench.storages.a)).toEqual(['two']);
  });

  it('SI4: an edit goes to the other side in place', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'One edited');
    const { summary } = await bench.sync();
    expect(summary.written.b).toEqual({ created: 0, updated: 1, deleted: 0 });
    expect(titles(bench.storages.b)).toEqual(['One edited', 'two']);
    expect([...bench.storages.b.userItems(WORK).keys()]).toContain('/work/one.ics');
  });

  it('SI2: an edit outlives a deletion', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userDelete(WORK, href('/work/one.ics'));
    put(bench.storages.b, 'one', 'One edited');
    await bench.sync();
    expect(titles(bench.storages.a)).toEqual(['One edited', 'two']);
    expect(titles(bench.storages.b)).toEqual(['One edited', 'two']);
  });

  it('SI5: equal edits on both sides are recorded, and nothing is written', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'one', 'Same');
    put(bench.storages.b, 'one', 'Same');
    const { summary } = await bench.sync();
    expect(summary.outcome).toBe('done');
    expect(summary.written).toEqual({ a: NONE, b: NONE });
    put(bench.storages.a, 'one', 'Later');
    await bench.sync();
    expect(titles(bench.storages.b)).toEqual(['Later']);
  });

  it('SI6, SF1: different edits are a conflict: told, remembered, and neither side is touched', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'Mine');
    put(bench.storages.b, 'one', 'Theirs');
    put(bench.storages.b, 'two', 'Two edited');
    const { summary, events } = await bench.sync();
    expect(summary.outcome).toBe('waiting');
    expect(summary.conflicts).toBe(1);
    expect(event(events, 'conflict').conflict.subject).toMatchObject({ type: 'item', ident: 'one' });
    expect(titles(bench.storages.a)).toEqual(['Mine', 'Two edited']);
    expect(titles(bench.storages.b)).toEqual(['Theirs', 'Two edited']);
  });

  it('SF1, SR7: an open conflict is told at each run and costs no reading', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'one', 'Mine');
    put(bench.storages.b, 'one', 'Theirs');
    await bench.sync();
    const steps = bench.record();
    const { summary } = await bench.sync();
    expect(summary.conflicts).toBe(1);
    expect(steps).toEqual(['a discover', 'b discover']);
  });

  it('SF3: keep a settles a conflict; what loses is in the history', async () => {
    const bench = await agreedBench({ conflictResolution: [{ type: 'keep', side: 'a' }] }, 'one');
    put(bench.storages.a, 'one', 'Mine');
    put(bench.storages.b, 'one', 'Theirs');
    const told: string[] = [];
    const tell = (each: SyncEvent): void => {
      if (each.type === 'action' && each.action.subject.type === 'item') told.push(each.action.subject.summary());
    };
    const { summary } = await bench.sync({}, undefined, { tell });
    expect(summary.outcome).toBe('done');
    expect(told).toEqual(['Mine']);
    expect(titles(bench.storages.b)).toEqual(['Mine']);
    expect(bench.history()).toEqual([{ reason: 'conflict', side: 'b', summary: 'Theirs' }]);
  });

  it('SI7: a moved item is recorded, neither copied nor deleted', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userMove(WORK, href('/work/one.ics'), href('/work/other.ics'));
    const { summary } = await bench.sync();
    expect(summary.written).toEqual({ a: NONE, b: NONE });
    put(bench.storages.b, 'one', 'One edited');
    await bench.sync();
    expect([...bench.storages.a.userItems(WORK).keys()]).toEqual(['/work/other.ics']);
    expect(titles(bench.storages.a)).toEqual(['One edited']);
  });

  it('SI8: an item that cannot be read is held, whatever the other side does', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userGarble(WORK, href('/work/one.ics'));
    put(bench.storages.b, 'one', 'One edited');
    const { summary } = await bench.sync();
    expect(summary.outcome).toBe('waiting');
    expect(summary.held).toBe(1);
    expect(titles(bench.storages.b)).toEqual(['One edited', 'two']);
    put(bench.storages.a, 'one', 'one');
    await bench.sync();
    expect(titles(bench.storages.a)).toEqual(['One edited', 'two']);
  });

  it('SI9: a changed UID is one item gone and another one new', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userPut(WORK, href('/work/one.ics'), bench.text('three', 'one'));
    await bench.sync();
    expect(bench.uids('b')).toEqual(['three', 'two']);
  });

  it('SI9: two items that swap their names are recorded, and nothing is written', async () => {
    const bench = await agreedBench('one', 'two');
    const { a } = bench.storages;
    a.userMove(WORK, href('/work/one.ics'), href('/work/x.ics'));
    a.userMove(WORK, href('/work/two.ics'), href('/work/one.ics'));
    a.userMove(WORK, href('/work/x.ics'), href('/work/two.ics'));
    const { summary } = await bench.sync();
    expect(summary.written).toEqual({ a: NONE, b: NONE });
    expect((await bench.sync()).summary.outcome).toBe('done');
  });

  it('SI10: different items with one UID are all held and named; the others go on', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userPut(WORK, href('/work/copy.ics'), bench.text('one', 'Another'));
    put(bench.storages.a, 'two', 'Two edited');
    const { summary, events } = await bench.sync();
    expect(summary.outcome).toBe('waiting');
    const held = events.find((each) => each.type === 'action' && each.outcome.type === 'held');
    expect(JSON.stringify(held)).toContain('/work/copy.ics, /work/one.ics');
    expect(titles(bench.storages.b)).toEqual(['Two edited', 'one']);
  });

  it('SI10: equal copies count as one, and go with it', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userPut(WORK, href('/work/copy.ics'), bench.text('one', 'one'));
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', written: { a: NONE, b: NONE } });
    bench.storages.b.userDelete(WORK, href('/work/one.ics'));
    await bench.sync();
    expect(titles(bench.storages.a)).toEqual(['two']);
    expect(
      bench
        .history()
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(['deleted', 'surplus']);
  });

  it('SI11: items without UID are known by their content', async () => {
    const bench = await agreedBench('one');
    const text = bench.text('x', 'No name').replace(/UID:.*\r\n/, '');
    bench.storages.a.userPut(WORK, href('/work/n1.ics'), text);
    bench.storages.a.userPut(WORK, href('/work/n2.ics'), text);
    await bench.sync();
    expect(titles(bench.storages.b)).toEqual(['No name', 'one']);
    expect((await bench.sync()).summary.written).toEqual({ a: NONE, b: NONE });
  });

  it('SI1: what both sides deleted is forgotten', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userDelete(WORK, href('/work/one.ics'));
    bench.storages.b.userDelete(WORK, href('/work/one.ics'));
    const { summary } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'done', written: { a: NONE, b: NONE } });
    expect(bench.mapping().count()).toBe(1);
  });
});

const NONE = { created: 0, updated: 0, deleted: 0 };
