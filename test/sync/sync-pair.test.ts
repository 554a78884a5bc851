import { describe, expect, it } from 'vitest';
import { href } from '../../src/model/names.ts';
import { itemText } from '../support/item-text.ts';
import { memoryBench } from './engine.ts';

const WORK = href('/work');

describe('a run of a pair', () => {
  it('SC2, SI2: copies collections and items both ways', async () => {
    const bench = memoryBench();
    const { a, b } = bench.storages;
    a.userMakeCollection('work');
    a.userPut(WORK, undefined, itemText('calendar', 'one', 'One'));
    const { summary, events } = await bench.sync();
    console.log(JSON.stringify(summary), events.map((e) => JSON.stringify(e)).join('\n'));
    console.log(b.userItems(WORK));
    const again = await bench.sync();
    console.log(JSON.stringify(again.summary));
    b.userPut(WORK, undefined, itemText('calendar', 'two', 'Two'));
    a.userPut(WORK, href('/work/one.ics'), itemText('calendar', 'one', 'One!'));
    console.log(a.userItems(WORK));
    console.log(JSON.stringify((await bench.sync()).summary));
    console.log(a.userItems(WORK), b.userItems(WORK));
    expect(1).toBe(1);
  });
});
