import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts';
import { StorageError } from '../../src/model/errors.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { put, titles } from '../sync/engine.ts';
import { FakePair, type ToldTeller, toldTeller } from './fake-pair.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('the daemon', () => {
  let clock: FakeClock;
  let pair: FakePair;
  let teller: ToldTeller;
  let stop: AbortController;
  let away: number[];
  let daemon: Daemon | undefined;

  beforeEach(() => {
    clock = fakeClock();
    pair = new FakePair(clock);
    teller = toldTeller();
    stop = new AbortController();
    away = [];
    pair.storages.a.userMakeCollection('work');
    put(pair.storages.a, 'one', 'One');
  });
  afterEach(async () => {
    stop.abort();
    await daemon?.ended;
  });

  const start = async (pairs: readonly FakePair[] = [pair]): Promise<Daemon> => {
    const onResume = (ms: number): void => void away.push(ms);
    const terms = { clock, random: () => 0.5, tellerOf: () => teller, onResume, signal: stop.signal };
    daemon = startDaemon(pairs, terms);
    await daemon.begun;
    await clock.advance(0);
    return daemon;
  };
  /** What is told from now on, as it was told. */
  const toldSince = async (ms: number): Promise<readonly string[]> => {
    teller.told.length = 0;
    await clock.advance(ms);
    await clock.advance(0);
    return teller.told;
  };

  test('looks at everything when it starts, once', async () => {
    await start();
    await clock.advance(10 * SECOND);
    expect(teller.told).toEqual(['a watched', 'run all', 'end whole']);
    expect(titles(pair.storages.b)).toEqual(['One']);
  });

  test('brings a change of a watched side over when it is quiet, looking at its collection only', async () => {
    await start();
    put(pair.storages.a, 'one', 'Two');
    expect(await toldSince(900)).toEqual([]);
    expect(await toldSince(200)).toEqual(['run work', 'end whole']);
    expect(titles(pair.storages.b)).toEqual(['Two']);
  });

  test('J7 what it writes itself to a watched side makes it look once more, and not again', async () => {
    await start();
    put(pair.storages.b, 'two', 'Two');
    expect(await toldSince(6 * MINUTE)).toEqual(['run all', 'end whole', 'run work', 'end whole']);
    expect(titles(pair.storages.a)).toEqual(['One', 'Two']);
  });

  test('asks the other side each interval, and with SIGUSR1', async () => {
    await start();
    put(pair.storages.b, 'one', 'Three');
    expect(await toldSince(4 * MINUTE)).toEqual([]);
    daemon?.syncNow();
    expect(await toldSince(0)).toEqual(['run all', 'end whole']);
    expect(titles(pair.storages.a)).toEqual(['Three']);
  });

  test('C2 looks at everything after the machine was away', async () => {
    pair.intervalsMs = { a: 1000 * MINUTE, b: 1000 * MINUTE };
    await start();
    clock.jump(7 * 60 * MINUTE);
    expect(await toldSince(30 * SECOND)).toEqual(['run all', 'end whole']);
    expect(away).toEqual([7 * 60 * MINUTE]);
  });

  test('keeps the other pairs going where one fails', async () => {
    const other = new FakePair(clock);
    other.refusal = new TypeError('a bug');
    await start([other, pair]);
    expect(titles(pair.storages.b)).toEqual(['One']);
    other.refusal = undefined;
    other.storages.a.userMakeCollection('work');
    put(other.storages.a, 'x', 'X');
    await clock.advance(5 * SECOND);
    await clock.advance(0);
    expect(titles(other.storages.b)).toEqual(['X']);
  });

  test('J6 looks each interval at what cannot be watched for now, and watches it again when it can', async () => {
    pair.watchFailure = new StorageError('overloaded', 'no watches left');
    await start();
    expect(teller.told).toEqual(['a unwatched: no watches left', 'run all', 'end whole']);
    expect(titles(pair.storages.b)).toEqual(['One']);
    put(pair.storages.a, 'one', 'Two');
    // That it cannot be watched still is no reason to ask the other side.
    expect(await toldSince(4 * MINUTE)).not.toContain('run all');
    await clock.advance(MINUTE);
    expect(titles(pair.storages.b)).toEqual(['Two']);
    pair.watchFailure = undefined;
    expect(await toldSince(15 * MINUTE)).toContain('a watched');
    put(pair.storages.a, 'one', 'Three');
    await clock.advance(SECOND);
    await clock.advance(0);
    expect(titles(pair.storages.b)).toEqual(['Three']);
  });

  test('J5 looks each interval of its own at a side that may have lost what it had to tell, without asking the other', async () => {
    pair.intervalsMs = { a: 5 * MINUTE, b: 600 * MINUTE };
    await start();
    // What it wrote itself is looked at once.
    await clock.advance(6 * MINUTE);
    const requests = pair.storages.b.traffic().requests;
    await clock.advance(60 * MINUTE);
    expect(pair.storages.b.traffic().requests).toBe(requests);
    pair.isDeaf = true;
    put(pair.storages.a, 'one', 'Two');
    expect(await toldSince(4 * MINUTE)).toEqual([]);
    expect(await toldSince(2 * MINUTE)).toEqual(['run all', 'end whole']);
    expect(titles(pair.storages.b)).toEqual(['Two']);
  });

  test('ends with its signal, after the run under way', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    pair.storages.b.onStep = ({ phase, name }) => (phase === 'before' && name === 'create' ? released : undefined);
    const { ended } = await start();
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
    });
    await clock.advance(SECOND);
    stop.abort();
    await clock.advance(SECOND);
    expect(hasEnded).toBe(false);
    release();
    await ended;
    expect(titles(pair.storages.b)).toEqual(['One']);
    expect(clock.sleepers()).toBe(0);
  });
});
