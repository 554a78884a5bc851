import { describe, expect, it } from 'vitest';
import { href, ident } from '../../src/model/names.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { SIDES } from '../../src/model/sides.ts';
import { agreedBench, Bench, put, titles, WORK } from './engine.ts';

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `n${n}`);

const ALLOW = { empty: false, delete: false, rollback: false };

describe('guards', () => {
  it('SG1: an emptied side holds the mapping, with how much is at stake, until that is allowed', async () => {
    const bench = await agreedBench('one', 'two', 'three');
    for (const uid of ['one', 'two', 'three']) bench.storages.a.userDelete(WORK, href(`/work/${uid}.ics`));
    const { summary, events } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', held: 1, written: { b: { deleted: 0 } } });
    expect(JSON.stringify(events)).toMatch(/3 items of .*--allow-empty/);
    await bench.sync();
    expect(titles(bench.storages.b)).toHaveLength(3);
    await bench.sync({ allow: { ...ALLOW, empty: true } });
    expect(titles(bench.storages.b)).toEqual([]);
  });

  it('SG1, SR5: what an interrupted run of our own deleted did not empty a side', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userDelete(WORK, href('/work/one.ics'));
    put(bench.storages.a, 'two', 'two');
    // The run has deleted it on b, and died before it could record that.
    const one = { href: href('/work/one.ics'), fingerprint: undefined, source: undefined };
    const intent = { ident: ident('one'), side: 'b', verb: 'delete', ...one } as const;
    bench.mapping().commit([{ type: 'intend', intent, destroys: [] }]);
    bench.storages.b.userDelete(WORK, one.href);
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.b)).toEqual(['two']);
  });

  it('SG1: that holds for an only item too, and on_empty sync lifts it', async () => {
    const bench = await agreedBench('one');
    bench.storages.b.userDelete(WORK, href('/work/one.ics'));
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    bench.rules = { ...bench.rules, onEmpty: 'sync' };
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.a)).toEqual([]);
  });

  it('SG2: more deletions than max_delete hold the mapping', async () => {
    const bench = await agreedBench({ maxDelete: { type: 'share', percent: 20 } }, ...many(10));
    for (const uid of ['n1', 'n2', 'n3']) bench.storages.a.userDelete(WORK, href(`/work/${uid}.ics`));
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    expect(titles(bench.storages.b)).toHaveLength(10);
    put(bench.storages.a, 'n1', 'n1');
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.b)).toHaveLength(8);
  });

  it('SG3: both sides emptied is no cause for a hold', async () => {
    const bench = await agreedBench('one');
    for (const side of SIDES) bench.storages[side].userDelete(WORK, href('/work/one.ics'));
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(bench.mapping().count()).toBe(0);
  });

  it('SG4: a read-only side gets no write, and that is no error', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.b.quirks = { ...bench.storages.b.quirks, readOnly: true };
    put(bench.storages.a, 'one', 'Mine');
    const steps = bench.record();
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', held: 1 });
    expect(steps.filter((step) => /b (create|update|delete|set)/.test(step))).toEqual([]);
    put(bench.storages.b, 'two', 'Two edited');
    await bench.sync();
    expect(titles(bench.storages.a)).toEqual(['Mine', 'Two edited']);
  });

  it('SG4: with one_way, what b changed, added or removed is undone at once and kept', async () => {
    const bench = await agreedBench({ oneWay: true }, 'one', 'two', 'three');
    const { a, b } = bench.storages;
    put(b, 'one', 'Changed');
    put(b, 'extra', 'Added');
    b.userDelete(WORK, href('/work/two.ics'));
    const steps = bench.record();
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(b)).toEqual(['one', 'three', 'two']);
    expect(titles(a)).toEqual(['one', 'three', 'two']);
    expect(
      bench
        .history()
        .map(({ summary }) => summary)
        .sort(),
    ).toEqual(['Added', 'Changed']);
    expect(steps.filter((step) => /a (create|update|delete|set)/.test(step))).toEqual([]);
  });

  it('SG4: a first run one way holds what only b has', async () => {
    const bench = new Bench({ oneWay: true });
    for (const side of SIDES) bench.storages[side].userMakeCollection('work');
    put(bench.storages.a, 'one', 'one');
    put(bench.storages.b, 'extra', 'extra');
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    expect(titles(bench.storages.b)).toEqual(['extra', 'one']);
    put(bench.storages.b, 'later', 'later');
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    expect(titles(bench.storages.b)).toEqual(['extra', 'one']);
    const held = await bench.sync({ allow: { ...ALLOW, delete: true } });
    expect(held.summary.outcome).toBe('done');
    expect(titles(bench.storages.b)).toEqual(['one']);
  });

  it('SG4: with one_way, a first run that dies does not make what only b holds an addition', async () => {
    const bench = new Bench({ oneWay: true });
    for (const side of SIDES) bench.storages[side].userMakeCollection('work');
    put(bench.storages.a, 'one', 'one');
    put(bench.storages.b, 'extra', 'extra');
    let isCreated = false;
    bench.storages.b.onStep = ({ name }) => {
      isCreated ||= name === 'create';
      if (isCreated && name === 'look') throw new Error('the process died');
    };
    await expect(bench.sync()).rejects.toThrow('died');
    bench.storages.b.onStep = undefined;
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    expect(titles(bench.storages.b)).toEqual(['extra', 'one']);
  });

  it('SG5: many items that go back to older content at once hold the mapping', async () => {
    const bench = await agreedBench(...many(12));
    for (const uid of many(12)) put(bench.storages.a, uid, `${uid} later`);
    await bench.sync();
    for (const uid of many(12)) put(bench.storages.b, uid, uid);
    const { summary } = await bench.sync();
    expect(summary.outcome).toBe('waiting');
    expect(titles(bench.storages.a)).toContain('n1 later');
    await bench.sync({ allow: { ...ALLOW, rollback: true } });
    expect(titles(bench.storages.a)).toContain('n1');
  });

  it('SG5: fewer than ten are a person who takes edits back', async () => {
    const rules: Partial<PairRules> = {};
    const bench = await agreedBench(rules, ...many(9));
    for (const uid of many(9)) put(bench.storages.a, uid, `${uid} later`);
    await bench.sync();
    for (const uid of many(9)) put(bench.storages.b, uid, uid);
    expect((await bench.sync()).summary.outcome).toBe('done');
  });
});
