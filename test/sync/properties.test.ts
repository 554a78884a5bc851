import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/model/errors.ts';
import { SIDES } from '../../src/model/sides.ts';
import type { SyncEvent } from '../../src/sync/events.ts';
import { agreedBench, type Bench, WORK } from './engine.ts';

async function values(bench: Bench): Promise<unknown> {
  return Promise.all(SIDES.map(async (side) => (await bench.storages[side].find(WORK))?.properties));
}

describe('properties of collections', () => {
  it('a change goes to the other side, and a deletion is a change', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userSetProperty(WORK, 'color', '#ff0000');
    await bench.sync();
    expect(await values(bench)).toEqual([{ color: '#ff0000' }, { color: '#ff0000' }]);
    bench.storages.b.userSetProperty(WORK, 'color', undefined);
    expect((await bench.sync()).summary.properties).toBe(1);
    expect(await values(bench)).toEqual([{}, {}]);
  });

  it('different changes are a conflict, which keep b settles', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userSetProperty(WORK, 'displayname', 'Mine');
    bench.storages.b.userSetProperty(WORK, 'displayname', 'Theirs');
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'waiting', conflicts: 1 });
    expect(await values(bench)).toEqual([{ displayname: 'Mine' }, { displayname: 'Theirs' }]);
    bench.rules = { ...bench.rules, conflictResolution: [{ type: 'keep', side: 'b' }] };
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(await values(bench)).toEqual([{ displayname: 'Theirs' }, { displayname: 'Theirs' }]);
  });

  it('colours are compared by meaning', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userSetProperty(WORK, 'color', '#F00');
    bench.storages.b.userSetProperty(WORK, 'color', '#FF0000FF');
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', properties: 0, conflicts: 0 });
    bench.storages.b.userSetProperty(WORK, 'color', 'red');
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', properties: 0 });
  });

  it('one that a storage refuses is noted once and spoils nothing else', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userSetProperty(WORK, 'color', 'red');
    bench.storages.a.userSetProperty(WORK, 'displayname', 'Work');
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase !== 'before' || name !== 'setProperty') return;
      bench.storages.b.onStep = undefined;
      throw new StorageError('rejected', 'no colours here');
    };
    const { summary, events } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'done', properties: 1, held: 1 });
    expect(events.some((each) => each.type === 'log' && each.level === 'warn')).toBe(true);
    const again = await bench.sync();
    expect(again.summary).toMatchObject({ outcome: 'done', properties: 0, held: 0 });
    expect(again.events.some((each) => each.type === 'log')).toBe(false);
    bench.storages.a.userSetProperty(WORK, 'color', 'blue');
    await bench.sync();
    expect((await bench.storages.b.find(WORK))?.properties.color).toBe('blue');
  });

  it('SG4 one that a read-only side would have to take is held, told once, and known to the status', async () => {
    const bench = await agreedBench('one');
    const { a, b } = bench.storages;
    Object.defineProperty(b, 'access', { value: 'read-only', configurable: true });
    a.userSetProperty(WORK, 'color', 'red');
    const told = (events: readonly SyncEvent[]) =>
      events.flatMap((each) => (each.type === 'action' && each.action.verb === 'hold' ? [each] : []));
    const waiting = () => bench.mapping().waiting();
    const first = await bench.sync();
    expect(first.summary).toMatchObject({ outcome: 'done', held: 1, failed: 0 });
    expect(told(first.events)).toMatchObject([
      {
        action: { subject: { type: 'property', name: 'color' }, side: 'b', waits: false },
        outcome: { type: 'held', reason: '"storage b" is read-only', waits: false },
      },
    ]);
    expect(waiting()).toMatchObject([{ type: 'held', subject: 'property:color', side: 'b', waits: false }]);
    const again = await bench.sync();
    expect([again.summary.held, told(again.events)]).toEqual([0, []]);
    expect(waiting()).toHaveLength(1);
    a.userSetProperty(WORK, 'color', 'blue');
    expect((await bench.sync()).summary.held).toBe(1);
    Object.defineProperty(b, 'access', { value: 'read-write' });
    expect((await bench.sync()).summary).toMatchObject({ properties: 1, held: 0 });
    expect((await b.find(WORK))?.properties.color).toBe('blue');
    expect(waiting()).toEqual([]);
  });

  it('a value that is taken and not kept is not taken for a deletion later', async () => {
    const bench = await agreedBench('one');
    const { a, b } = bench.storages;
    a.userSetProperty(WORK, 'order', '5');
    b.setProperty = () => Promise.resolve();
    await bench.sync();
    await bench.sync();
    expect((await a.find(WORK))?.properties).toEqual({ order: '5' });
  });

  it('only the named ones are synced, and with one_way only from a', async () => {
    const bench = await agreedBench({ properties: ['color'], oneWay: true }, 'one');
    bench.storages.a.userSetProperty(WORK, 'displayname', 'Work');
    bench.storages.a.userSetProperty(WORK, 'color', 'red');
    bench.storages.b.userSetProperty(WORK, 'color', 'blue');
    await bench.sync();
    expect(await values(bench)).toEqual([{ displayname: 'Work', color: 'red' }, { color: 'red' }]);
  });
});
