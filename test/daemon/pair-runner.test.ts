import { beforeEach, describe, expect, test } from 'vitest';
import { PairRunner } from '../../src/daemon/pair-runner.ts';
import type { Wake } from '../../src/daemon/wakes.ts';
import { CommandError, LockedError, StorageError } from '../../src/model/errors.ts';
import { href } from '../../src/model/names.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { put, titles, WORK } from '../sync/engine.ts';
import { FakePair, type ToldTeller, toldTeller } from './fake-pair.ts';

const ALL: Wake = { reason: 'interval', changed: undefined };
const changed = (...collections: readonly string[]): Wake => ({
  reason: 'change',
  changed: { a: new Set(collections.map(href)), b: new Set() },
});

describe('a run of the daemon', () => {
  let pair: FakePair;
  let teller: ToldTeller;
  let runner: PairRunner;
  let stop: AbortController;
  const run = (wake = ALL) => runner.run(wake, stop.signal);

  beforeEach(async () => {
    pair = new FakePair(fakeClock());
    teller = toldTeller();
    runner = new PairRunner(pair, teller);
    stop = new AbortController();
    for (const name of ['work', 'home']) pair.storages.a.userMakeCollection(name);
    await run();
    teller.told.length = 0;
  });

  test('is about what changed', async () => {
    put(pair.storages.a, 'one', 'One');
    expect(await run(changed('/work'))).toEqual({ type: 'through' });
    expect(teller.told).toEqual(['run work', 'end whole']);
    expect(titles(pair.storages.b)).toEqual(['One']);
  });

  test('is about all where a collection is new', async () => {
    pair.storages.a.userMakeCollection('new');
    await run(changed('/work', '/new'));
    expect(teller.told).toEqual(['run all', 'end whole']);
  });

  test('asks nothing for a collection that cannot belong to the pair', async () => {
    const id = (await pair.storages.a.discover()).find((each) => each.href === WORK)?.id;
    if (id === undefined) throw new Error('there is the collection');
    const work = { type: 'id', id } as const;
    pair.rules = {
      ...pair.rules,
      collectionsFrom: new Set(),
      mappings: [{ name: 'work', sides: { a: work, b: work } }],
    };
    pair.storages.a.userMakeCollection('private');
    const requests = pair.storages.b.traffic().requests;
    expect(await run(changed('/private'))).toEqual({ type: 'through' });
    expect(pair.storages.b.traffic().requests).toBe(requests);
  });

  test('says what could not be done', async () => {
    pair.storages.b.onStep = ({ name }) => {
      if (name === 'discover') throw new StorageError('overloaded', 'too many requests', { retryAfterS: 90 });
    };
    expect(await run()).toEqual({ type: 'stopped', retryAfterS: 90 });
    pair.storages.b.onStep = ({ name, collection }) => {
      if (name === 'look' && collection === WORK) throw new StorageError('unavailable', 'no answer');
    };
    pair.storages.b.userPut(WORK, href('/work/two.ics'), 'BEGIN:VCALENDAR');
    expect(await run()).toEqual({ type: 'partly', retryAfterS: undefined });
    expect(teller.told).toEqual([
      'run all',
      'failure: too many requests',
      'end',
      'run all',
      'failure: no answer',
      'end whole',
    ]);
  });

  test('that cannot begin is told, and goes on with the next one', async () => {
    pair.refusal = new LockedError('another process is syncing');
    expect(await run()).toEqual({ type: 'stopped', retryAfterS: undefined });
    pair.refusal = new TypeError('a bug');
    expect(await run()).toEqual({ type: 'stopped', retryAfterS: undefined });
    pair.refusal = undefined;
    expect(await run()).toEqual({ type: 'through' });
    expect(teller.told).toEqual([
      'failure: another process is syncing',
      'end',
      'bug: a bug',
      'end',
      'run all',
      'end whole',
    ]);
  });

  test('A15 that a storage breaks is told, and goes on with the next one', async () => {
    pair.storages.b.onStep = () => {
      throw new TypeError('a bug');
    };
    expect(await run()).toEqual({ type: 'stopped', retryAfterS: undefined });
    expect(teller.told).toEqual(['run all', 'bug: a bug', 'end']);
  });

  test('that was given up did not fail', async () => {
    pair.storages.b.onStep = () => {
      stop.abort();
      throw new StorageError('unavailable', 'interrupted');
    };
    await run();
    expect(teller.told).toEqual(['run all', 'end']);
  });

  test('is followed by what is to be done then', async () => {
    put(pair.storages.a, 'one', 'One');
    await run();
    expect(pair.runsEnded.at(-1)).toMatchObject({ written: { b: { created: 1 } } });
  });

  describe('J3 whose password is refused', () => {
    const refuse = (): void => {
      pair.storages.b.onStep = ({ name }) => {
        if (name === 'discover' && pair.secret !== 'right') throw new StorageError('unauthorized', '401');
      };
    };

    test('is made once more where there is another one now', async () => {
      refuse();
      pair.newSecret = 'right';
      expect(await run()).toEqual({ type: 'through' });
      expect(pair.renewals).toBe(1);
      expect(teller.told).toEqual(['run all', 'run all', 'end whole']);
    });

    test('is not made again with the same one, nor the password fetched in a loop', async () => {
      refuse();
      expect(await run()).toEqual({ type: 'refused', retryAfterS: undefined });
      expect(pair.renewals).toBe(1);
      expect(teller.told).toEqual(['run all', 'failure: 401', 'end']);
      await run();
      expect(pair.renewals).toBe(2);
      pair.newSecret = 'right';
      expect(await run()).toEqual({ type: 'through' });
      await run();
      expect(pair.renewals).toBe(3);
    });
  });

  test('J2 whose password cannot be had is made again with a new attempt to get it', async () => {
    pair.refusal = new CommandError('the program failed');
    expect(await run()).toEqual({ type: 'refused', retryAfterS: undefined });
    expect(pair.renewals).toBe(0);
    await run();
    expect(pair.renewals).toBe(1);
    pair.refusal = undefined;
    expect(await run()).toEqual({ type: 'through' });
    await run();
    expect(pair.renewals).toBe(2);
  });
});
