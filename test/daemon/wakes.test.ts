import { beforeEach, describe, expect, test } from 'vitest';
import { type RunEnd, type Wake, Wakes } from '../../src/daemon/wakes.ts';
import { href } from '../../src/model/names.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';

const WORK = href('work');
const HOME = href('home');
const MINUTE = 60_000;

describe('a pair is run', () => {
  let clock: FakeClock;
  let wakes: Wakes;
  let stop: AbortController;
  /** What woke it, and when. */
  let woken: (readonly [seconds: number, Wake])[];
  /** How runs end, the last of them for ever; each takes no time. */
  let ends: RunEnd[];

  /** Runs the pair as the daemon does. */
  const keep = async (): Promise<void> => {
    for (;;) {
      const wake = await wakes.next(stop.signal);
      woken.push([clock.elapsed() / 1000, wake]);
      const end = ends.length > 1 ? ends.shift() : ends[0];
      wakes.ended(wake, end ?? { type: 'through' });
    }
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const reasons = () => woken.map(([seconds, { reason }]) => `${reason} ${seconds}`);
  const collections = () =>
    woken.map(([, { changed }]) => (changed === undefined ? 'all' : [...changed.a, '|', ...changed.b].join(' ')));

  beforeEach(() => {
    clock = fakeClock();
    // Half-way: no time is longer or shorter than it is said to be.
    wakes = new Wakes({ clock, random: () => 0.5 });
    stop = new AbortController();
    woken = [];
    ends = [{ type: 'through' }];
    void keep().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return () => stop.abort();
  });

  test('each interval, from the end of the last run', async () => {
    wakes.lookEvery(5 * MINUTE);
    await clock.advance(16 * MINUTE);
    expect(reasons()).toEqual(['interval 300', 'interval 600', 'interval 900']);
    expect(collections()).toEqual(['all', 'all', 'all']);
  });

  test('never by itself where no interval is known', async () => {
    await clock.advance(1000 * MINUTE);
    expect(reasons()).toEqual([]);
  });

  test('when what changed is quiet for a second, and of that only', async () => {
    wakes.lookEvery(5 * MINUTE);
    await clock.advance(10_000);
    wakes.change('a', WORK);
    await clock.advance(700);
    wakes.change('a', WORK);
    wakes.change('b', HOME);
    await clock.advance(900);
    expect(reasons()).toEqual([]);
    await clock.advance(200);
    expect(reasons()).toEqual(['change 11.7']);
    expect(collections()).toEqual(['work | home']);
  });

  test('ten seconds after a change where it is never quiet', async () => {
    for (let step = 0; step < 50; step += 1) {
      wakes.change('a', WORK);
      await settle();
      await clock.advance(500);
    }
    expect(reasons()).toEqual(['change 10', 'change 20']);
  });

  test('as a whole where it is not known what changed', async () => {
    wakes.change('a', WORK);
    wakes.change('a', undefined);
    await clock.advance(1000);
    expect(collections()).toEqual(['all']);
  });

  test('for a change that came while it ran', async () => {
    wakes.change('a', WORK);
    await clock.advance(1000);
    wakes.change('a', HOME);
    await clock.advance(1000);
    expect(collections()).toEqual(['work |', 'home |']);
  });

  test('at once when it is asked for, with all that changed', async () => {
    wakes.change('a', WORK);
    wakes.ask('asked');
    await settle();
    expect(reasons()).toEqual(['asked 0']);
    await clock.advance(MINUTE);
    expect(reasons()).toHaveLength(1);
  });

  describe('again after a failure', () => {
    test('J4 after 5 s, doubling up to 15 min, and in its intervals once it went well', async () => {
      ends = [...Array<RunEnd>(10).fill({ type: 'stopped', retryAfterS: undefined }), { type: 'through' }];
      wakes.lookEvery(MINUTE);
      wakes.ask('start');
      await clock.advance(75 * MINUTE);
      const at = [0, 5, 15, 35, 75, 155, 315, 635, 1275, 2175, 3075];
      const retries = at.map((seconds, index) => `${index === 0 ? 'start' : 'retry'} ${seconds}`);
      expect(reasons().slice(0, 11)).toEqual(retries);
      expect(reasons().slice(11, 13)).toEqual(['interval 3135', 'interval 3195']);
    });

    test('J4 with jitter, and never later than 15 min', async () => {
      for (const [random, first, longest] of [
        [0, 3.75, 675],
        [0.999, 6.25, 900],
      ] as const) {
        wakes = new Wakes({ clock, random: () => random });
        const wake: Wake = { reason: 'retry', changed: undefined };
        const waits = Array.from({ length: 12 }, () => wakes.ended(wake, { type: 'stopped', retryAfterS: undefined }));
        expect((waits[0] ?? 0) / 1000).toBeCloseTo(first, 1);
        expect((waits[11] ?? 0) / 1000).toBeCloseTo(longest, 0);
      }
    });

    test('D3 when its server asks for it', async () => {
      ends = [{ type: 'stopped', retryAfterS: 1200 }, { type: 'through' }];
      wakes.ask('start');
      await settle();
      wakes.change('a', WORK);
      await clock.advance(60 * MINUTE);
      expect(reasons()).toEqual(['start 0', 'retry 1200']);
    });

    test('at once when it is asked for, and then from the beginning', async () => {
      ends = [{ type: 'refused', retryAfterS: undefined }];
      wakes.ask('start');
      await clock.advance(20_000);
      wakes.ask('resumed');
      await clock.advance(6000);
      expect(reasons()).toEqual(['start 0', 'retry 5', 'retry 15', 'resumed 20', 'retry 25']);
    });

    test('a minute after a run that did nothing, where something changes, and then as a whole', async () => {
      ends = [...Array<RunEnd>(7).fill({ type: 'stopped', retryAfterS: undefined }), { type: 'through' }];
      wakes.ask('start');
      await clock.advance(320_000);
      expect(reasons().at(-1)).toBe('retry 315');
      wakes.change('a', WORK);
      await clock.advance(MINUTE);
      expect(reasons().at(-1)).toBe('change 375');
      expect(collections().at(-1)).toBe('all');
    });

    test('J2 not for a change, where a password is missing', async () => {
      ends = [{ type: 'refused', retryAfterS: undefined }];
      wakes.ask('start');
      await clock.advance(320_000);
      wakes.change('a', WORK);
      await clock.advance(4 * MINUTE);
      expect(reasons().at(-1)).toBe('retry 315');
    });

    test('of some of it, without keeping changes waiting', async () => {
      ends = [
        { type: 'partly', retryAfterS: undefined },
        { type: 'partly', retryAfterS: undefined },
        { type: 'through' },
      ];
      wakes.lookEvery(5 * MINUTE);
      wakes.ask('start');
      await clock.advance(6000);
      wakes.change('a', WORK);
      await clock.advance(1000);
      expect(reasons()).toEqual(['start 0', 'retry 5', 'change 7']);
      expect(collections().at(-1)).toBe('work |');
      // What failed elsewhere is still tried again.
      await clock.advance(10_000);
      expect(reasons().at(-1)).toBe('retry 15');
      expect(collections().at(-1)).toBe('all');
    });
  });

  test('no more when it is to end', async () => {
    wakes.lookEvery(MINUTE);
    await settle();
    stop.abort();
    await clock.advance(10 * MINUTE);
    expect(reasons()).toEqual([]);
    await expect(wakes.next(stop.signal)).rejects.toBe(stop.signal.reason);
  });

  test('C1 whatever becomes of the time of day', async () => {
    wakes.lookEvery(5 * MINUTE);
    clock.jump(-365 * 24 * 60 * MINUTE);
    await clock.advance(5 * MINUTE);
    clock.jump(1000 * 24 * 60 * MINUTE);
    await clock.advance(5 * MINUTE);
    expect(reasons()).toEqual(['interval 300', 'interval 600']);
  });
});
