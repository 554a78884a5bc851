import { describe, expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import { must } from '../../../src/model/errors.ts';
import type { Item } from '../../../src/model/item.ts';
import { href } from '../../../src/model/names.ts';
import { MemoryStorage, type MemoryStorageOptions, type Step } from '../../../src/storage/memory/memory-storage.ts';
import { itemText } from '../../support/item-text.ts';
import { memorySubject } from '../../support/memory-subject.ts';
import { conformanceOf, type Lack } from '../conformance.ts';

const stamped = (text: string): string => text.replace('END:VEVENT', 'X-STAMP:of the server\r\nEND:VEVENT');

const settings: readonly (readonly [string, MemoryStorageOptions, readonly Lack[]])[] = [
  ['memory', {}, []],
  ['memory with contacts', { kind: 'address-book' }, []],
  ['memory that rewrites', { quirks: { rewrites: stamped, etagInWritten: false } }, []],
  ['memory that promises nothing', { quirks: { holdsUnknown: true, etags: 'content', itemsInLook: true } }, []],
  ['plain memory', { quirks: { checkpoints: false, properties: false } }, ['checkpoints', 'properties']],
  ['read-only memory', { quirks: { readOnly: true } }, ['writing']],
];
for (const [name, options, lacks] of settings) conformanceOf(name, () => memorySubject(options), { lacks });

const itemOf = (uid: string, title = 'As it was'): Item => {
  const read = readItem(itemText('calendar', uid, title), 'calendar');
  if (read.type !== 'item') throw new Error(read.reason);
  return read.item;
};

describe('memory storage', () => {
  test('tells its hook of every operation before and after', async () => {
    const steps: Step[] = [];
    const storage = new MemoryStorage({
      onStep: (step) => {
        steps.push(step);
      },
    });
    const collection = storage.userMakeCollection('work');
    const item = itemOf('one');
    await storage.create(collection, href('/work/one.ics'), item);
    const step = { name: 'create', collection, href: '/work/one.ics', item };
    expect(steps).toEqual([
      { ...step, phase: 'before' },
      { ...step, phase: 'after' },
    ]);
  });

  test('a hook that throws before leaves it undone, one that throws after leaves it done', async () => {
    const storage = new MemoryStorage();
    const collection = storage.userMakeCollection('work');
    for (const phase of ['before', 'after'] as const) {
      storage.onStep = (step) => {
        if (step.phase === phase) throw new Error('the power is gone');
      };
      await expect(storage.create(collection, href(`/work/${phase}`), itemOf('one'))).rejects.toThrow('power');
    }
    expect([...storage.userItems(collection).keys()]).toEqual(['/work/after']);
  });

  test('SD15 a storage does not take the checkpoints of one with another name', async () => {
    const [one, other] = [new MemoryStorage({ name: 'one' }), new MemoryStorage({ name: 'other' })];
    const collection = one.userMakeCollection('work');
    other.userMakeCollection('work');
    other.userPut(collection, undefined, itemText('calendar', 'one', 'As it was'));
    const { checkpoint } = await one.look(collection, undefined);
    expect(await other.look(collection, must(checkpoint, 'it gives one'))).toMatchObject({ type: 'all' });
  });

  test('SD15 what came and went between two looks is no change', async () => {
    const storage = new MemoryStorage();
    const collection = storage.userMakeCollection('work');
    const { checkpoint } = await storage.look(collection, undefined);
    const at = storage.userPut(collection, undefined, 'short-lived');
    storage.userDelete(collection, at);
    expect(await storage.look(collection, checkpoint)).toMatchObject({ type: 'changes', changed: [], gone: [] });
  });

  test('SC7 a root that is not mounted is not found', async () => {
    const storage = new MemoryStorage();
    const collection = storage.userMakeCollection('work');
    storage.userUnmount();
    await expect(storage.discover()).rejects.toMatchObject({ kind: 'not-found' });
    await expect(storage.look(collection, undefined)).rejects.toMatchObject({ kind: 'not-found' });
    storage.userMount();
    expect(await storage.discover()).toHaveLength(1);
  });

  test('what a user moves keeps its text, and what a user garbles is unreadable', async () => {
    const storage = new MemoryStorage();
    const collection = storage.userMakeCollection('work');
    const text = itemText('calendar', 'one', 'As it was');
    const at = storage.userPut(collection, undefined, text);
    storage.userMove(collection, at, href('/work/moved'));
    expect([...storage.userItems(collection)]).toEqual([['/work/moved', text]]);
    storage.userGarble(collection, href('/work/moved'));
    for await (const found of storage.fetch(collection, [href('/work/moved')])) expect(found.type).toBe('unreadable');
  });
});
