import { describe, expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import { StorageError } from '../../../src/model/errors.ts';
import { href } from '../../../src/model/names.ts';
import { interruptible } from '../../../src/storage/decorators/interruptible.ts';
import { MemoryStorage } from '../../../src/storage/memory/memory-storage.ts';
import { itemText } from '../../support/item-text.ts';

const WORK = href('/work');

function hanging() {
  const memory = new MemoryStorage();
  memory.userMakeCollection('work');
  const one = memory.userPut(WORK, undefined, itemText('calendar', 'one', 'One'));
  const controller = new AbortController();
  const hang = (): void => {
    memory.onStep = () => new Promise(() => undefined);
  };
  return { memory, one, hang, interrupt: () => controller.abort(), storage: interruptible(memory, controller.signal) };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

describe('a storage of a process that was told to end', () => {
  test('gives up reads under way', async () => {
    const { storage, hang, interrupt } = hanging();
    hang();
    const reads = [
      storage.check(),
      storage.discover(),
      storage.find(WORK),
      storage.look(WORK, undefined),
      storage.confirmGone(WORK, [href('/work/x')]),
      all(storage.fetch(WORK, [href('/work/x')])),
    ];
    interrupt();
    for (const read of await Promise.allSettled(reads)) {
      expect(read).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', message: 'interrupted' } });
    }
  });

  test('begins none', async () => {
    const { storage, memory, interrupt } = hanging();
    interrupt();
    const { requests } = memory.traffic();
    await expect(storage.discover()).rejects.toThrow(StorageError);
    expect(memory.traffic().requests).toBe(requests);
  });

  test('waits for writes, and does those that are asked for', async () => {
    const { storage, memory, interrupt } = hanging();
    let goOn: () => void = () => undefined;
    memory.onStep = () =>
      new Promise<void>((resolve) => {
        goOn = resolve;
      });
    const read = readItem(itemText('calendar', 'two', 'Two'), 'calendar');
    if (read.type !== 'item') throw new Error(read.reason);
    const written = storage.create(WORK, href('/work/two.ics'), read.item);
    interrupt();
    memory.onStep = undefined;
    goOn();
    expect(await written).toMatchObject({ href: '/work/two.ics' });
  });
});

describe('a storage of a process that goes on', () => {
  test('reads as it always did', async () => {
    const { storage, one } = hanging();
    expect(await all(storage.fetch(WORK, [one]))).toMatchObject([{ type: 'item', href: one }]);
    expect((await storage.discover()).map(({ id }) => id)).toEqual(['work']);
  });
});
