import { describe, expect, it } from 'vitest';
import { type Href, href } from '../../src/model/names.ts';
import type { ConflictWay } from '../../src/model/rules.ts';
import { bySide, SIDES, type Side } from '../../src/model/sides.ts';
import type { AskForSettlement, RunResolver } from '../../src/sync/conflict-settler.ts';
import { agreedBench, Bench, contents, event, put, titles, WORK } from './engine.ts';

const NONE = { created: 0, updated: 0, deleted: 0 };

/** An event whose lines are its title, these, and what every event has. */
const eventText = (title: string, ...lines: readonly string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//example//test//EN',
    'BEGIN:VEVENT',
    'UID:one',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260601T100000Z',
    'DTEND:20260601T110000Z',
    `SUMMARY:${title}`,
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

const write = (bench: Bench, side: Side, text: string): Href =>
  bench.storages[side].userPut(WORK, href('/work/one.ics'), text);

/** Agreed on "One", and then edited on both sides. */
async function conflicting(ways: readonly ConflictWay[], a: string, b: string): Promise<Bench> {
  const bench = await agreedBench({ conflictResolution: ways });
  write(bench, 'a', eventText('One'));
  await bench.sync();
  write(bench, 'a', a);
  write(bench, 'b', b);
  return bench;
}

const PLACE = 'LOCATION:Town hall';
const NOTE = 'DESCRIPTION:Bring the plans';

describe('conflicts', () => {
  it('SF2: what does not overlap is merged, to both sides, and both versions are kept', async () => {
    const bench = await conflicting([{ type: 'merge' }], eventText('One', PLACE), eventText('One', NOTE));
    const { summary, events } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'done', merged: 1, conflicts: 0, written: { a: NONE, b: NONE } });
    expect(contents(bench.storages.a)).toEqual(contents(bench.storages.b));
    const [text = ''] = contents(bench.storages.a);
    expect(text).toContain(PLACE);
    expect(text).toContain(NOTE);
    expect(events.filter(({ type }) => type === 'action')).toMatchObject([
      { action: { verb: 'merge', side: undefined }, outcome: { type: 'done' } },
    ]);
    expect(bench.history()).toMatchObject([
      { reason: 'conflict', side: 'a' },
      { reason: 'conflict', side: 'b' },
    ]);
    const steps = bench.record();
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(steps).toEqual(['a discover', 'b discover']);
  });

  it('SF2: what overlaps stays a conflict, which says in what', async () => {
    const bench = await conflicting([{ type: 'merge' }], eventText('Mine'), eventText('Theirs'));
    const { summary, events } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'waiting', conflicts: 1, merged: 0 });
    expect(event(events, 'plan').actions()).toMatchObject([
      { verb: 'conflict', reason: 'changed differently on both sides; merge: both changed SUMMARY' },
    ]);
    expect(titles(bench.storages.a)).toEqual(['Mine']);
    expect(titles(bench.storages.b)).toEqual(['Theirs']);
  });

  it('SR7: what no way settled is not tried again by itself, and costs nothing', async () => {
    const bench = await conflicting([{ type: 'merge' }], eventText('Mine'), eventText('Theirs'));
    await bench.sync();
    const before = bench.mapping().waiting();
    const steps = bench.record();
    await bench.sync({ retryFailed: false });
    expect(steps).toEqual(['a discover', 'b discover']);
    expect(bench.mapping().waiting()).toEqual(before);
  });

  it('SF2: without a common version nothing is merged', async () => {
    const bench = new Bench({ conflictResolution: [{ type: 'merge' }] });
    for (const side of SIDES) bench.storages[side].userMakeCollection('work');
    write(bench, 'a', eventText('One', PLACE));
    write(bench, 'b', eventText('One', NOTE));
    expect((await bench.sync()).summary).toMatchObject({ conflicts: 1, merged: 0 });
  });

  it('SI14: where each side keeps an item in its own way, nothing is merged: there is no common version', async () => {
    const drops = (text: string): string => text.replace('X-B:1\r\n', '');
    const adds = (text: string): string => drops(text).replace('END:VEVENT', 'X-B:1\r\nEND:VEVENT');
    const bench = new Bench(
      { conflictResolution: [{ type: 'merge' }] },
      { a: { quirks: { rewrites: drops, holdsUnknown: true } }, b: { quirks: { rewrites: adds, holdsUnknown: true } } },
    );
    for (const side of SIDES) bench.storages[side].userMakeCollection('work');
    write(bench, 'a', eventText('One'));
    await bench.sync();
    write(bench, 'a', eventText('One', PLACE));
    write(bench, 'b', eventText('One', NOTE));
    expect((await bench.sync()).summary).toMatchObject({ conflicts: 1, merged: 0 });
  });

  it('ways are tried in their order', async () => {
    const ways: readonly ConflictWay[] = [{ type: 'merge' }, { type: 'keep-newest' }, { type: 'keep', side: 'a' }];
    const late = (title: string, hour: number): string =>
      eventText(title, `LAST-MODIFIED:20260501T${String(hour).padStart(2, '0')}0000Z`);
    for (const [a, b, kept] of [
      [late('Mine', 9), late('Theirs', 10), 'Theirs'],
      [late('Mine', 11), late('Theirs', 10), 'Mine'],
      [eventText('Mine'), late('Theirs', 10), 'Mine'],
      [late('Mine', 10), late('Theirs', 10), 'Mine'],
    ] as const) {
      const bench = await conflicting(ways, a, b);
      expect((await bench.sync()).summary.outcome).toBe('done');
      expect(bySide((side) => titles(bench.storages[side]))).toEqual({ a: [kept], b: [kept] });
    }
  });

  it('SF3: a program settles a conflict with what it leaves in both files', async () => {
    const way = { type: 'cmd', program: 'resolve', args: [] } as const;
    const bench = await conflicting([way], eventText('Mine'), eventText('Theirs'));
    const asked: unknown[] = [];
    const runResolver: RunResolver = async (_, conflict) => {
      asked.push(conflict);
      return { type: 'settled', text: eventText('Both') };
    };
    const { summary } = await bench.sync({}, undefined, { runResolver });
    expect(summary).toMatchObject({ outcome: 'done', merged: 1 });
    expect(bySide((side) => titles(bench.storages[side]))).toEqual({ a: ['Both'], b: ['Both'] });
    expect(asked).toMatchObject([
      { ident: 'one', texts: { a: eventText('Mine'), b: eventText('Theirs') }, base: eventText('One') },
    ]);
    expect(bench.history().map(({ summary: title }) => title)).toEqual(['Mine', 'Theirs']);
  });

  it.each([
    ['is no item', 'BEGIN:VCALENDAR', 'the result is no item'],
    ['is another item', eventText('Both').replace('UID:one', 'UID:two'), 'the result has another UID'],
  ])('a result that %s settles nothing', async (_, text, reason) => {
    const way = { type: 'cmd', program: 'resolve', args: [] } as const;
    const bench = await conflicting([way], eventText('Mine'), eventText('Theirs'));
    const runResolver: RunResolver = async () => ({ type: 'settled', text });
    const { summary } = await bench.sync({}, undefined, { runResolver });
    expect(summary).toMatchObject({ conflicts: 1, merged: 0 });
    expect(bench.mapping().waiting()).toMatchObject([{ type: 'conflict', reason: expect.stringContaining(reason) }]);
  });

  it('a dry run starts no program', async () => {
    const way = { type: 'cmd', program: 'resolve', args: [] } as const;
    const bench = await conflicting([way], eventText('Mine'), eventText('Theirs'));
    const runResolver: RunResolver = async () => {
      throw new Error('this is not to be run');
    };
    const { summary } = await bench.sync({ dryRun: true }, undefined, { runResolver });
    expect(summary.conflicts).toBe(1);
  });

  it('SR5: a merge that ends between its two writes is carried on by the next run', async () => {
    const bench = await conflicting([{ type: 'merge' }], eventText('One', PLACE), eventText('One', NOTE));
    bench.storages.b.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'update') throw new Error('the process dies');
    };
    await expect(bench.sync()).rejects.toThrow('dies');
    bench.storages.b.onStep = undefined;
    // Even if nothing would merge it now.
    bench.rules = { ...bench.rules, conflictResolution: [] };
    expect((await bench.sync()).summary.outcome).toBe('done');
    for (const side of SIDES) {
      expect(contents(bench.storages[side])[0]).toContain(PLACE);
      expect(contents(bench.storages[side])[0]).toContain(NOTE);
    }
  });

  it('SF4: a side that changed meanwhile stays as it is', async () => {
    const bench = await conflicting([{ type: 'merge' }], eventText('One', PLACE), eventText('One', NOTE));
    let once = true;
    bench.storages.a.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'update' && once) {
        once = false;
        write(bench, 'a', eventText('Meanwhile', PLACE));
      }
    };
    await bench.sync();
    await bench.sync();
    expect(bySide((side) => titles(bench.storages[side]))).toEqual({ a: ['Meanwhile'], b: ['Meanwhile'] });
    expect(contents(bench.storages.b)[0]).toContain(NOTE);
  });

  it('SG4: nothing is merged where a side takes no writes', async () => {
    const bench = await conflicting([{ type: 'merge' }], eventText('One', PLACE), eventText('One', NOTE));
    Object.defineProperty(bench.storages.a, 'access', { value: 'read-only' });
    expect((await bench.sync()).summary).toMatchObject({ conflicts: 1, merged: 0 });
  });
});

describe('a person who is asked', () => {
  const answer =
    (settlement: Awaited<ReturnType<AskForSettlement>>): AskForSettlement =>
    async () =>
      settlement;

  it.each(SIDES)('SF4: keeps the version of %s', async (side) => {
    const bench = await conflicting([], eventText('a'), eventText('b'));
    await bench.sync();
    const { summary } = await bench.sync({ ask: answer({ type: 'keep', side }) });
    expect(summary).toMatchObject({ outcome: 'done', conflicts: 0 });
    expect(bySide((each) => titles(bench.storages[each]))).toEqual({ a: [side], b: [side] });
    expect(bench.mapping().waiting()).toEqual([]);
  });

  it('gives a text for both', async () => {
    const bench = await conflicting([], eventText('Mine'), eventText('Theirs'));
    await bench.sync({ ask: answer({ type: 'text', text: eventText('Ours') }) });
    expect(bySide((side) => titles(bench.storages[side]))).toEqual({ a: ['Ours'], b: ['Ours'] });
  });

  it('leaves it open, and nothing else is done in that run', async () => {
    const bench = await conflicting([], eventText('Mine'), eventText('Theirs'));
    put(bench.storages.a, 'two', 'Two');
    const { summary } = await bench.sync({ ask: answer(undefined) });
    expect(summary).toMatchObject({ conflicts: 1, written: { a: NONE, b: NONE } });
    expect(titles(bench.storages.b)).toEqual(['Theirs']);
    await bench.sync();
    expect(titles(bench.storages.b)).toEqual(['Theirs', 'Two']);
  });

  it('settles properties, too', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userSetProperty(WORK, 'color', '#ff0000');
    bench.storages.b.userSetProperty(WORK, 'color', '#00ff00');
    await bench.sync();
    const { summary } = await bench.sync({ ask: answer({ type: 'keep', side: 'b' }) });
    expect(summary).toMatchObject({ outcome: 'done', conflicts: 0, properties: 1 });
    expect((await bench.storages.a.find(WORK))?.properties['color']).toBe('#00ff00');
  });
});
