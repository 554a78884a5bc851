import { describe, expect, test } from 'vitest';
import { uidFrom } from '../../../src/content/assign-uid.ts';
import { readItem } from '../../../src/content/item.ts';
import { must, StatusError, StorageError } from '../../../src/model/errors.ts';
import { href } from '../../../src/model/names.ts';
import { SIDES, type Side } from '../../../src/model/sides.ts';
import { type RepairEvent, repairStorage } from '../../../src/sync/repair/repair.ts';
import { itemText } from '../../support/item-text.ts';
import { agreedBench, type Bench, put, titles, WORK } from '../engine.ts';

const at = (name: string) => href(`/work/${name}.ics`);

/** An event without UID. */
const uidlessText = (title: string): string => itemText('calendar', '', title).replace('UID:\r\n', '');

/** Repairs a side of a bench, as the storage of its pair, or of none. */
async function repair(
  bench: Bench,
  side: Side,
  more: { readonly dryRun?: boolean; readonly isUsed?: boolean } = {},
): Promise<readonly RepairEvent[]> {
  const events: RepairEvent[] = [];
  await repairStorage({
    storage: bench.storages[side],
    uses: more.isUsed === false ? [] : [{ side, status: bench.status }],
    keepHistory: true,
    dryRun: more.dryRun === true,
    tell: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  return events;
}

const outcomes = (events: readonly RepairEvent[]): readonly (string | undefined)[] =>
  events.map((event) =>
    event.type === 'failure' ? event.error.message : `${event.finding.type} ${event.outcome?.type}`,
  );

const uidOf = (text: string): string => {
  const read = readItem(text, 'calendar');
  return uidFrom(must(read.type === 'item' ? read.item : undefined, 'it can be read').fingerprint, 0);
};

const texts = (bench: Bench, side: Side): readonly string[] =>
  [...bench.storages[side].userItems(WORK).values()].sort();

describe('an item without UID', () => {
  test('SI11: gets one, and its old text is in the history', async () => {
    const bench = await agreedBench('one');
    const text = uidlessText('Dinner');
    bench.storages.a.userPut(WORK, at('dinner'), text);
    await bench.sync();
    expect(outcomes(await repair(bench, 'a'))).toEqual(['without-uid done']);
    expect(bench.storages.a.userItems(WORK).get(at('dinner'))).toBe(
      text.replace('BEGIN:VEVENT\r\n', `BEGIN:VEVENT\r\nUID:${uidOf(text)}\r\n`),
    );
    expect(bench.history().at(-1)).toEqual({ reason: 'repaired', side: 'a', summary: 'Dinner' });
    expect(bench.mapping().intents()).toEqual([]);
    expect((await bench.sync()).summary.outcome).toBe('done');
    expect(texts(bench, 'b')).toEqual(texts(bench, 'a'));
    expect(bench.uids('b')).toEqual([uidOf(text), 'one']);
  });

  test('SI5, L7: on both sides gets the same one, and stays one item', async () => {
    const bench = await agreedBench('one');
    bench.storages.a.userPut(WORK, at('dinner'), uidlessText('Dinner'));
    await bench.sync();
    for (const side of SIDES) await repair(bench, side);
    const { summary } = await bench.sync();
    expect(summary).toMatchObject({ outcome: 'done', written: { a: { created: 0, deleted: 0 }, b: { created: 0 } } });
    for (const side of SIDES) expect(titles(bench.storages[side])).toEqual(['Dinner', 'one']);
  });

  test('SD8: is not written over what changes while it is repaired', async () => {
    const bench = await agreedBench('one');
    const { a } = bench.storages;
    a.userPut(WORK, at('dinner'), uidlessText('Dinner'));
    a.onStep = ({ phase, name }) => {
      if (phase !== 'before' || name !== 'update') return;
      a.onStep = undefined;
      a.userPut(WORK, at('dinner'), uidlessText('Dinner for two'));
    };
    expect(outcomes(await repair(bench, 'a'))).toEqual(['without-uid postponed']);
    expect(titles(a)).toEqual(['Dinner for two', 'one']);
    expect([bench.history(), bench.mapping().intents()]).toEqual([[], []]);
  });
});

describe('copies', () => {
  /** Side a has the item twice; the second one by name is the one that was agreed. */
  async function copied(): Promise<Bench> {
    const bench = await agreedBench('one', 'two');
    bench.storages.a.userPut(WORK, at('a-copy'), bench.text('one', 'one'));
    return bench;
  }

  test('SI10: equal ones leave the agreed one, and what goes is in the history', async () => {
    const bench = await copied();
    expect(outcomes(await repair(bench, 'a'))).toEqual(['surplus done']);
    expect([...bench.storages.a.userItems(WORK).keys()].sort()).toEqual([at('one'), at('two')]);
    expect(bench.history()).toEqual([{ reason: 'repaired', side: 'a', summary: 'one' }]);
    expect((await bench.sync()).summary).toMatchObject({ outcome: 'done', written: { b: { deleted: 0 } } });
  });

  test('SI10: equal ones in a storage without a pair leave the first by address', async () => {
    const bench = await copied();
    expect(outcomes(await repair(bench, 'a', { isUsed: false }))).toEqual(['surplus done']);
    expect([...bench.storages.a.userItems(WORK).keys()].sort()).toEqual([at('a-copy'), at('two')]);
    expect(bench.history()).toEqual([]);
  });

  test('none goes where the one that stays changes meanwhile', async () => {
    const bench = await copied();
    const { a } = bench.storages;
    let fetches = 0;
    a.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'fetch' && fetches++ === 1) put(a, 'one', 'One edited');
    };
    expect(outcomes(await repair(bench, 'a'))).toEqual(['surplus postponed']);
    expect(titles(a)).toEqual(['One edited', 'one', 'two']);
  });

  test('SI10: different ones are shown, and left to a person', async () => {
    const bench = await copied();
    put(bench.storages.a, 'one', 'One edited');
    const [event] = await repair(bench, 'a');
    expect(event).toMatchObject({
      finding: { type: 'different', items: [{ summary: 'one' }, { summary: 'One edited' }] },
      outcome: undefined,
      differences: new Map([
        [at('one'), [expect.objectContaining({ property: 'SUMMARY', a: 'one', b: 'One edited' })]],
      ]),
    });
    expect(titles(bench.storages.a)).toEqual(['One edited', 'one', 'two']);
  });
});

describe('a storage', () => {
  test('is only looked at in a dry run', async () => {
    const bench = await agreedBench('one');
    const { a } = bench.storages;
    a.userPut(WORK, at('copy'), bench.text('one', 'one'));
    a.userPut(WORK, at('dinner'), uidlessText('Dinner'));
    a.userPut(WORK, at('cut'), 'BEGIN:VCALENDAR\r\n');
    const before = texts(bench, 'a');
    expect(outcomes(await repair(bench, 'a', { dryRun: true }))).toEqual([
      'surplus undefined',
      'without-uid undefined',
      'unreadable undefined',
    ]);
    expect(texts(bench, 'a')).toEqual(before);
    expect([bench.history(), bench.mapping().intents()]).toEqual([[], []]);
  });

  test('SL1: of which not all could be listed is left alone', async () => {
    const bench = await agreedBench('one');
    const { a } = bench.storages;
    a.userPut(WORK, at('dinner'), uidlessText('Dinner'));
    a.quirks = { ...a.quirks, complete: false };
    expect(outcomes(await repair(bench, 'a'))).toEqual(['the collection could not be listed completely']);
  });

  test('SR6: that refuses one write has the others done', async () => {
    const bench = await agreedBench('one');
    const { a } = bench.storages;
    for (const title of ['Breakfast', 'Lunch', 'Dinner']) a.userPut(WORK, at(title), uidlessText(title));
    let updates = 0;
    a.onStep = ({ phase, name }) => {
      if (phase === 'before' && name === 'update' && updates++ === 1) throw new StorageError('denied', 'not that one');
    };
    const events = await repair(bench, 'a');
    expect(outcomes(events).toSorted()).toEqual(['without-uid done', 'without-uid done', 'without-uid failed']);
    expect(bench.mapping().intents()).toEqual([]);
    expect(bench.history()).toHaveLength(2);
  });

  test('SR6: is not written to where the status cannot be', async () => {
    const bench = await agreedBench('one');
    const { a } = bench.storages;
    a.userPut(WORK, at('dinner'), uidlessText('Dinner'));
    const { status } = bench;
    const mapping = status.mapping.bind(status);
    status.mapping = (name, hrefs) => {
      const real = mapping(name, hrefs);
      real.commit = () => {
        throw new StatusError('the disk is full');
      };
      return real;
    };
    await expect(repair(bench, 'a')).rejects.toThrow('the disk is full');
    expect(a.userItems(WORK).get(at('dinner'))).toBe(uidlessText('Dinner'));
  });
});
