import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/model/errors.ts';
import { href } from '../../src/model/names.ts';
import { SIDES } from '../../src/model/sides.ts';
import type { Step } from '../../src/storage/memory/memory-storage.ts';
import { agreedBench, Bench, contents, put, titles, WORK } from './engine.ts';

/** Ends a run as if the process had died. */
class Crash extends Error {}

function crashAt(phase: Step['phase'], name: Step['name']): (step: Step) => void {
  let isDead = false;
  return (step) => {
    if (isDead || (step.phase === phase && step.name === name)) {
      isDead = true;
      throw new Crash();
    }
  };
}

describe('how writes are made safe', () => {
  it('SR4: before a write its intent is in the status, and what it destroys in the history', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'One edited');
    const seen: unknown[] = [];
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'update') seen.push(bench.mapping().intents(), bench.history());
    };
    await bench.sync();
    expect(seen).toEqual([
      [expect.objectContaining({ ident: 'one', side: 'b', verb: 'update', href: '/work/one.ics' })],
      [{ reason: 'replaced', side: 'b', summary: 'one' }],
    ]);
    expect(bench.mapping().intents()).toEqual([]);
  });

  it('SR5: a creation that happened before a crash is recorded, so that a deletion after it wins', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'two', 'Two');
    bench.storages.b.onStep = crashAt('after', 'create');
    await expect(bench.sync()).rejects.toThrow(Crash);
    bench.storages.b.onStep = undefined;
    expect(titles(bench.storages.b)).toEqual(['Two', 'one']);
    bench.storages.a.userDelete(WORK, href('/work/two.ics'));
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.a)).toEqual(['one']);
    expect(titles(bench.storages.b)).toEqual(['one']);
  });

  it('SR5, SG1: the only item of a mapping, created before a crash, is guarded like any other', async () => {
    const bench = await agreedBench();
    put(bench.storages.a, 'one', 'One');
    bench.storages.b.onStep = crashAt('after', 'create');
    await expect(bench.sync()).rejects.toThrow(Crash);
    bench.storages.b.onStep = undefined;
    bench.storages.a.userDelete(WORK, href('/work/one.ics'));
    expect((await bench.sync()).summary.outcome).toBe('waiting');
    expect(titles(bench.storages.b)).toEqual(['One']);
  });

  it('SR5: an intent that was not carried out is never the base of a comparison', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'Mine');
    bench.storages.b.onStep = crashAt('before', 'update');
    await expect(bench.sync()).rejects.toThrow(Crash);
    bench.storages.b.onStep = undefined;
    put(bench.storages.b, 'one', 'Theirs');
    const { summary } = await bench.sync();
    expect(summary.conflicts).toBe(1);
    expect(titles(bench.storages.a)).toEqual(['Mine', 'two']);
    expect(titles(bench.storages.b)).toEqual(['Theirs', 'two']);
  });

  it('SR5: a repeated creation goes to the address of its intent', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'two', 'Two');
    bench.storages.b.onStep = crashAt('before', 'create');
    await expect(bench.sync()).rejects.toThrow(Crash);
    bench.storages.b.onStep = undefined;
    bench.storages.a.userMove(WORK, href('/work/two.ics'), href('/work/renamed.ics'));
    await bench.sync();
    expect([...bench.storages.b.userItems(WORK).keys()]).toContain('/work/two.ics');
  });

  it('SR5: a reply that was lost leads to no second copy', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'two', 'Two');
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'after' && name === 'create') throw new StorageError('unavailable', 'the reply was lost');
    };
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'failed', failed: 1 });
    bench.storages.b.onStep = undefined;
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', written: { b: NONE } });
    expect(contents(bench.storages.b)).toEqual(contents(bench.storages.a));
  });

  it('SR3: what somebody changed meanwhile is not overwritten, and is decided about in the same run', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'Mine');
    let once = false;
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'update' && !once) {
        once = true;
        put(bench.storages.b, 'one', 'Theirs');
      }
    };
    const { summary } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', conflicts: 1 });
    expect(titles(bench.storages.b)).toEqual(['Theirs', 'two']);
    expect(bench.history()).toEqual([]);
  });

  it('gives no storage more writes at once than it gains from, whatever the other one does', async () => {
    const bench = new Bench({}, { a: { concurrency: 1 }, b: { concurrency: 3 } });
    const running = { a: 0, b: 0 };
    const most = { a: 0, b: 0 };
    for (const side of SIDES) {
      bench.storages[side].userMakeCollection('work');
      for (const n of [1, 2, 3, 4, 5]) put(bench.storages[side], `${side}${n}`, 'of one side');
      bench.storages[side].onStep = async ({ phase, name }) => {
        if (name !== 'create') return;
        running[side] += phase === 'before' ? 1 : -1;
        most[side] = Math.max(most[side], running[side]);
        await new Promise((resolve) => setImmediate(resolve));
      };
    }
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(contents(bench.storages.a)).toEqual(contents(bench.storages.b));
    expect(most).toEqual({ a: 1, b: 3 });
  });

  it('SR6: one failed item does not stop the others, and is tried again by a person only', async () => {
    const bench = await agreedBench('one');
    for (const uid of ['x', 'y', 'z']) put(bench.storages.a, uid, uid);
    bench.storages.b.onStep = ({ phase, name, item }) => {
      if (phase === 'before' && name === 'create' && item?.ident === 'y') {
        throw new StorageError('rejected', 'the server does not like it');
      }
    };
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'failed', failed: 1 });
    expect(titles(bench.storages.b)).toEqual(['one', 'x', 'z']);
    bench.storages.b.onStep = undefined;
    expect((await bench.sync({ retryFailed: false })).summary).toMatchObject({ outcome: 'failed', failed: 1 });
    expect(titles(bench.storages.b)).toEqual(['one', 'x', 'z']);
    put(bench.storages.a, 'y', 'y changed');
    expect((await bench.sync({ retryFailed: false })).summary.outcome).toBe('done'); // SI16
    expect(titles(bench.storages.b)).toEqual(['one', 'x', 'y changed', 'z']);
  });

  it('SI10, SF3: a copy that went before its target was found to be another is kept, and no deletion', async () => {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userPut(WORK, href('/work/copy.ics'), bench.text('one', 'one'));
    put(bench.storages.b, 'one', 'edited');
    bench.storages.a.onStep = ({ phase, name }) => {
      if (phase !== 'after' || name !== 'delete') return;
      bench.storages.a.userPut(WORK, href('/work/one.ics'), bench.text('three', 'three'));
      put(bench.storages.b, 'one', 'one');
    };
    await bench.sync();
    for (const side of SIDES) expect(titles(bench.storages[side])).toEqual(['one', 'three', 'two']);
    expect(bench.history()).toContainEqual({ reason: 'surplus', side: 'a', summary: 'one' });
  });

  it.each([
    ['was away', 'unavailable'],
    ['did not know us any more', 'unauthorized'],
  ] as const)('SI16: what failed because the storage %s is tried again by every run', async (_, kind) => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'x', 'x');
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'create') throw new StorageError(kind, 'not now');
    };
    expect((await bench.sync({ retryFailed: false })).summary).toMatchObject({ outcome: 'failed', failed: 1 });
    bench.storages.b.onStep = undefined;
    expect((await bench.sync({ retryFailed: false })).summary.outcome).toBe('done');
    expect(titles(bench.storages.b)).toEqual(['one', 'x']);
  });

  it('SI14: what a storage makes of an item is copied back once, and both sides end equal', async () => {
    const bench = new Bench({}, { b: { quirks: { rewrites: addClass, holdsUnknown: true } } });
    bench.storages.a.userMakeCollection('work');
    put(bench.storages.a, 'one', 'One');
    await bench.sync();
    expect(contents(bench.storages.a)).toEqual(contents(bench.storages.b));
    expect(contents(bench.storages.a)[0]).toContain('X-ROOM:unknown');
    const again = await bench.sync();
    expect(again.summary.written).toEqual({ a: NONE, b: NONE });
    expect(bench.history()).toEqual([{ reason: 'rewritten', side: 'a', summary: 'One' }]);
  });

  describe('SI14: a run that dies before it copies back what a storage made of an item', () => {
    const dying = async (): Promise<Bench> => {
      const bench = new Bench({}, { b: { quirks: { rewrites: addClass, holdsUnknown: true } } });
      bench.storages.a.userMakeCollection('work');
      for (const uid of ['one', 'two']) put(bench.storages.a, uid, uid);
      bench.storages.a.onStep = crashAt('before', 'update');
      await expect(bench.sync()).rejects.toThrow(Crash);
      bench.storages.a.onStep = undefined;
      return bench;
    };

    it('is made up for by the next', async () => {
      const bench = await dying();
      await bench.sync();
      expect(contents(bench.storages.a)).toEqual(contents(bench.storages.b));
      expect(contents(bench.storages.a)[0]).toContain('X-ROOM:unknown');
      expect((await bench.sync({ full: true })).summary.written).toEqual({ a: NONE, b: NONE });
    });

    it('L6: does not make a deletion be undone', async () => {
      const bench = await dying();
      bench.storages.a.userDelete(WORK, href('/work/one.ics'));
      await bench.sync();
      for (const side of SIDES) expect(titles(bench.storages[side])).toEqual(['two']);
    });

    it('SF1: makes no conflict of an edit', async () => {
      const bench = await dying();
      put(bench.storages.a, 'one', 'One edited');
      expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', conflicts: 0 });
      for (const side of SIDES) expect(titles(bench.storages[side])).toEqual(['One edited', 'two']);
    });

    it('SR5: waits until both sides can be known', async () => {
      const bench = await dying();
      const text = contents(bench.storages.a)[0] ?? '';
      bench.storages.a.userPut(WORK, href('/work/one.ics'), 'BEGIN:VCALENDAR');
      await bench.sync();
      bench.storages.a.userPut(WORK, href('/work/one.ics'), text);
      await bench.sync();
      expect(contents(bench.storages.a)).toEqual(contents(bench.storages.b));
    });
  });

  it('SR5: an intent whose address could not be read is looked at by the run after', async () => {
    const bench = await agreedBench('one');
    const { a, b } = bench.storages;
    put(a, 'two', 'Two');
    b.onStep = crashAt('before', 'flush');
    await expect(bench.sync()).rejects.toThrow(Crash);
    b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'fetch') throw new StorageError('unavailable', 'nobody answers');
    };
    a.userDelete(WORK, href('/work/two.ics'));
    await bench.sync();
    b.onStep = undefined;
    await bench.sync();
    for (const side of SIDES) expect(titles(bench.storages[side])).toEqual(['one']);
  });

  it('SI14, SI11: items without UID that are rewritten are copied back too, and none is deleted', async () => {
    const bench = new Bench({}, { b: { quirks: { rewrites: addClass, holdsUnknown: true } } });
    bench.storages.a.userMakeCollection('work');
    for (const title of ['One', 'Two']) {
      bench.storages.a.userPut(WORK, undefined, bench.text('x', title).replace(/UID:.*\r\n/, ''));
    }
    await bench.sync();
    expect(contents(bench.storages.a)).toEqual(contents(bench.storages.b));
    for (let run = 0; run < 2; run += 1) {
      expect((await bench.sync({ full: true })).summary).toMatchObject({
        outcome: 'done',
        written: { a: NONE, b: NONE },
      });
    }
    expect(titles(bench.storages.a)).toEqual(['One', 'Two']);
  });

  it('SI14, SI11: a storage that makes two items without UID alike loses neither', async () => {
    const alike = (text: string): string => text.replace(/SUMMARY:.*/, 'SUMMARY:Same');
    const bench = new Bench({}, { b: { quirks: { rewrites: alike, holdsUnknown: true } } });
    bench.storages.a.userMakeCollection('work');
    for (const title of ['One', 'Two']) {
      bench.storages.a.userPut(WORK, undefined, bench.text('x', title).replace(/UID:.*\r\n/, ''));
    }
    for (let run = 0; run < 3; run += 1) await bench.sync({ full: true });
    expect(contents(bench.storages.a)).toHaveLength(2);
    expect(contents(bench.storages.b)).toHaveLength(2);
  });

  it('SI14: a UID that a storage gives to an item is copied back with it', async () => {
    const named = (text: string): string =>
      text.includes('UID:') ? text : text.replace('BEGIN:VEVENT\r\n', 'BEGIN:VEVENT\r\nUID:given\r\n');
    const bench = new Bench({}, { b: { quirks: { rewrites: named, holdsUnknown: true } } });
    bench.storages.a.userMakeCollection('work');
    bench.storages.a.userPut(WORK, undefined, bench.text('x', 'One').replace(/UID:.*\r\n/, ''));
    await bench.sync();
    expect(bench.uids('a')).toEqual(['given']);
    expect((await bench.sync({ full: true })).summary).toMatchObject({
      outcome: 'done',
      written: { a: NONE, b: NONE },
    });
  });

  it('SI14: two storages that both rewrite are recorded and left: no ping-pong', async () => {
    const bench = new Bench(
      {},
      {
        a: { quirks: { rewrites: (text) => text.replace(/X-ROOM.*\r\n/, ''), holdsUnknown: true } },
        b: { quirks: { rewrites: addClass, holdsUnknown: true, etagInWritten: false } },
      },
    );
    bench.storages.a.userMakeCollection('work');
    put(bench.storages.a, 'one', 'One');
    await bench.sync();
    for (let run = 0; run < 3; run += 1) {
      expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', written: { a: NONE, b: NONE } });
    }
    put(bench.storages.a, 'one', 'One edited');
    await bench.sync();
    expect(titles(bench.storages.b)).toEqual(['One edited']);
  });

  it('SI15: a name that is taken leads to another, never to an overwrite', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userPut(WORK, href('/work/same.ics'), bench.text('mine', 'Mine'));
    bench.storages.b.userPut(WORK, href('/work/same.ics'), bench.text('theirs', 'Theirs'));
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.a)).toEqual(['Mine', 'Theirs', 'one']);
    expect(titles(bench.storages.b)).toEqual(['Mine', 'Theirs', 'one']);
  });

  it('SL6: after a crash an item that came and went since the checkpoint is missed all the same', async () => {
    const bench = await agreedBench('one');
    put(bench.storages.a, 'two', 'Two');
    bench.storages.b.onStep = crashAt('before', 'look');
    await expect(bench.sync()).rejects.toThrow(Crash);
    bench.storages.b.onStep = undefined;
    expect(bench.mapping().count()).toBe(2);
    bench.storages.b.userDelete(WORK, href('/work/two.ics'));
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(titles(bench.storages.a)).toEqual(['one']);
  });

  it('a property that was copied is not unset by the second look at what others changed', async () => {
    const bench = await agreedBench('one', 'two');
    put(bench.storages.a, 'one', 'Mine');
    bench.storages.a.userSetProperty(WORK, 'displayname', 'Work');
    let once = false;
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase !== 'before' || name !== 'update' || once) return;
      once = true;
      bench.storages.b.userMove(WORK, href('/work/one.ics'), href('/work/moved.ics'));
    };
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect((await bench.storages.a.find(WORK))?.properties).toEqual({ displayname: 'Work' });
    expect(titles(bench.storages.b)).toEqual(['Mine', 'two']);
  });

  it('SR1: an interrupted run ends what is under way, and the next one goes on', async () => {
    const bench = await agreedBench('one');
    for (let n = 0; n < 50; n += 1) put(bench.storages.a, `n${n}`, `n${n}`);
    const abort = new AbortController();
    let writes = 0;
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'after' && name === 'create') {
        writes += 1;
        if (writes === 10) abort.abort();
      }
    };
    const { summary } = await bench.sync({}, abort.signal);
    expect(summary.outcome).toBe('interrupted');
    expect(bench.mapping().intents()).toEqual([]);
    expect(summary.written.b.created).toBeLessThan(50);
    expect(bench.mapping().count()).toBe(summary.written.b.created + 1);
    const rest = await bench.sync();
    expect(rest.summary.written.b.created).toBe(50 - summary.written.b.created);
  });

  it('SL6: a deletion that a run could not do is not forgotten where another item took its address', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userPut(WORK, href('/work/one.ics'), bench.text('other', 'Other'));
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'delete') throw new StorageError('unavailable', 'it is busy');
    };
    expect((await bench.sync()).summary.outcome).not.toBe('done');
    bench.storages.b.onStep = undefined;
    await bench.sync();
    expect(bench.uids('b')).toEqual(['other']);
  });

  it('SI9: an item that took the address of one just written is not taken for it', async () => {
    const bench = new Bench({}, { b: { quirks: { etagInWritten: false } } });
    for (const side of SIDES) bench.storages[side].userMakeCollection('work');
    put(bench.storages.b, 'one', 'one');
    await bench.sync();
    put(bench.storages.a, 'two', 'two');
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase !== 'after' || name !== 'create') return;
      bench.storages.b.userPut(WORK, href('/work/two.ics'), bench.text('one', 'one'));
      bench.storages.b.userPut(WORK, href('/work/one.ics'), bench.text('two', 'two'));
    };
    await bench.sync();
    bench.storages.b.onStep = undefined;
    await bench.sync();
    for (const side of SIDES) expect(bench.uids(side)).toEqual(['one', 'two']);
  });

  it('SR7: the run after an undisturbed one asks each storage for its collections, and for nothing else', async () => {
    const bench = await agreedBench('one', 'two', 'three');
    const steps = bench.record();
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', written: { a: NONE, b: NONE } });
    expect(steps).toEqual(['a discover', 'b discover']);
  });
});

const NONE = { created: 0, updated: 0, deleted: 0 };

const addClass = (text: string): string =>
  text.includes('X-ROOM') ? text : text.replace('END:VEVENT', 'X-ROOM:unknown\r\nEND:VEVENT');
