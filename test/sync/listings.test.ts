import { describe, expect, it } from 'vitest';
import { must, StorageError } from '../../src/model/errors.ts';
import { type Checkpoint, href } from '../../src/model/names.ts';
import type { MemoryStorage } from '../../src/storage/memory/memory-storage.ts';
import type { Look, LookedItem } from '../../src/storage/storage.ts';
import { agreedBench, put, titles, WORK } from './engine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('what listings prove', () => {
  it('SL1, SL2: an incomplete listing deletes nothing; copies go on', async () => {
    const bench = await agreedBench('one', 'two', 'three');
    const { a, b } = bench.storages;
    a.quirks = { ...a.quirks, complete: false, checkpoints: false };
    a.userDelete(WORK, href('/work/one.ics'));
    put(a, 'two', 'Two edited');
    const { summary } = await bench.sync({ full: true });
    expect(summary.written.b).toEqual({ created: 0, updated: 1, deleted: 0 });
    expect(titles(b)).toEqual(['Two edited', 'one', 'three']);
    a.quirks = { ...a.quirks, complete: true };
    await bench.sync();
    expect(titles(b)).toEqual(['Two edited', 'three']);
  });

  it('SL2: a side that cannot be listed: nothing is done with the mapping, and that is told', async () => {
    const bench = await agreedBench('one', 'two');
    const { a, b } = bench.storages;
    put(b, 'two', 'Two edited');
    a.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'look') throw new StorageError('invalid-data', 'the answer is a web page');
    };
    const { summary, events } = await bench.sync({ full: true });
    expect(summary.outcome).toBe('failed');
    expect(events.find(({ type }) => type === 'failure')).toMatchObject({ collection: 'work', side: 'a' });
    expect(titles(a)).toEqual(['one', 'two']);
  });

  it('SL2: that a collection could not be listed is remembered until a run that concerns it could', async () => {
    const bench = await agreedBench('one');
    const { a } = bench.storages;
    a.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'look') throw new StorageError('invalid-data', 'the answer is a web page');
    };
    await bench.sync({ full: true });
    a.onStep = undefined;
    const failed = { type: 'failed', subject: 'work', side: 'a', reason: 'the answer is a web page' };
    expect(bench.status.waiting()).toMatchObject([failed]);
    await bench.sync({ only: new Set(['home']) });
    expect(bench.status.waiting()).toMatchObject([failed]);
    await bench.sync({ only: new Set(['work']) });
    expect(bench.status.waiting()).toEqual([]);
  });

  it('SL2: items that could not be read leave edits going on, and nothing is deleted or made twice', async () => {
    const bench = await agreedBench('one', 'two');
    const { a, b } = bench.storages;
    put(a, 'one', 'One edited');
    a.userPut(WORK, href('/work/by-another-name.ics'), bench.text('three', 'Three'));
    put(b, 'two', 'Two edited');
    put(b, 'three', 'Three');
    a.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'fetch') throw new StorageError('unavailable', 'no answer');
    };
    expect((await bench.sync()).summary.outcome).toBe('failed');
    expect(titles(a)).toEqual(['One edited', 'Three', 'Two edited']);
    a.onStep = undefined;
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(b)).toEqual(['One edited', 'Three', 'Two edited']);
  });

  it('SL3: an item that is not listed and is still there is not gone', async () => {
    const bench = await agreedBench('one', 'two');
    const { a, b } = bench.storages;
    a.quirks = { ...a.quirks, checkpoints: false };
    const look = a.look.bind(a);
    a.look = async (collection, since) => {
      const answer = await look(collection, since);
      return answer.type === 'all' ? { ...answer, items: answer.items.slice(1) } : answer;
    };
    const { summary } = await bench.sync({ full: true });
    expect(summary.written.b).toEqual({ created: 0, updated: 0, deleted: 0 });
    expect(titles(b)).toEqual(['one', 'two']);
  });

  it('SL6: everything is listed once a day, and with full', async () => {
    const bench = await agreedBench('one');
    const steps = bench.record();
    bench.now += DAY_MS - 1;
    await bench.sync();
    expect(steps).toEqual(['a discover', 'b discover']);
    bench.now += DAY_MS;
    await bench.sync();
    expect(steps.filter((step) => step.endsWith('look'))).toEqual(['a look', 'b look']);
    await bench.sync({ full: true });
    expect(steps.filter((step) => step.endsWith('look'))).toHaveLength(4);
  });

  it('SL6: a token that is answered by a list of everything, without what is gone, is of no use', async () => {
    const bench = await agreedBench('one', 'two', 'three', 'four');
    const { a, b } = bench.storages;
    const looks = answersWith(b, ({ items }) => items);
    b.userDelete(WORK, href('/work/two.ics'));
    put(b, 'three', 'Three edited');
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(a)).toEqual(['Three edited', 'four', 'one']);
    expect(looks().filter((since) => since === undefined)).toHaveLength(1);
  });

  it('SL6: a change that is reported again is no list of everything', async () => {
    const bench = await agreedBench('one', 'two', 'three');
    const { a, b } = bench.storages;
    const looks = answersWith(b, ({ items }) => items.filter((item) => item.href !== '/work/one.ics'));
    put(b, 'three', 'Three edited');
    await bench.sync();
    expect(titles(a)).toEqual(['Three edited', 'one', 'two']);
    expect(looks()).not.toContain(undefined);
  });

  it('SL6: an item that we put and somebody deletes at once is not forgotten', async () => {
    const bench = await agreedBench('one');
    const { a, b } = bench.storages;
    put(a, 'two', 'Two');
    b.onStep = ({ phase, name }) => {
      if (phase === 'after' && name === 'create') b.userDelete(WORK, href('/work/two.ics'));
    };
    await bench.sync();
    b.onStep = undefined;
    await bench.sync();
    expect(titles(a)).toEqual(['one']);
  });

  it('SL6: what was never agreed on and goes while we write leaves nothing behind', async () => {
    const bench = await agreedBench('one');
    const { a, b } = bench.storages;
    put(a, 'two', 'Mine');
    put(b, 'two', 'Theirs');
    put(a, 'three', 'Three');
    b.onStep = ({ phase, name }) => {
      if (phase === 'after' && name === 'create') b.userDelete(WORK, href('/work/two.ics'));
    };
    expect((await bench.sync()).summary.conflicts).toBe(1);
    b.onStep = undefined;
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(b)).toEqual(['Mine', 'Three', 'one']);
  });

  it('SL6: what others did while we wrote is kept for the next run', async () => {
    const bench = await agreedBench('one', 'two');
    const { a, b } = bench.storages;
    put(a, 'three', 'Three');
    b.onStep = ({ phase, name }) => {
      if (phase !== 'after' || name !== 'create') return;
      put(b, 'four', 'Four');
      put(b, 'two', 'Two edited');
      b.userDelete(WORK, href('/work/one.ics'));
    };
    await bench.sync();
    b.onStep = undefined;
    const { summary } = await bench.sync();
    expect(summary.outcome).toBe('done');
    expect(titles(a)).toEqual(['Four', 'Three', 'Two edited']);
    expect(titles(b)).toEqual(['Four', 'Three', 'Two edited']);
  });

  it('SL6: what others did while we wrote is kept until it could be read', async () => {
    const bench = await agreedBench('one');
    const { a, b } = bench.storages;
    put(a, 'two', 'Two');
    b.onStep = ({ phase, name }) => {
      if (phase === 'after' && name === 'create') put(b, 'three', 'Three');
    };
    await bench.sync();
    b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'fetch') throw new StorageError('unavailable', 'nobody answers');
    };
    expect((await bench.sync()).summary.outcome).toBe('failed');
    b.onStep = undefined;
    await bench.sync();
    expect(titles(a)).toEqual(['Three', 'Two', 'one']);
  });
});

/** Makes a storage answer every checkpoint with these of its items, and nothing gone; answers what it is asked from. */
function answersWith(
  storage: MemoryStorage,
  choose: (all: Extract<Look, { type: 'all' }>) => readonly LookedItem[],
): () => readonly (Checkpoint | undefined)[] {
  const asked: (Checkpoint | undefined)[] = [];
  const look = storage.look.bind(storage);
  storage.look = async (collection, since) => {
    asked.push(since);
    const all = await look(collection, undefined);
    if (since === undefined || all.type !== 'all') return all;
    const checkpoint = must(all.checkpoint, 'a memory storage has checkpoints');
    return { type: 'changes', changed: choose(all), unknown: [], gone: [], checkpoint };
  };
  return () => asked;
}
