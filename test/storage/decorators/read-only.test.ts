import { describe, expect, test } from 'vitest';
import { href } from '../../../src/model/names.ts';
import { readOnly } from '../../../src/storage/decorators/read-only.ts';
import { MemoryStorage } from '../../../src/storage/memory/memory-storage.ts';
import { memorySubject } from '../../support/memory-subject.ts';
import { vdirSubject } from '../../support/vdir-subject.ts';
import { conformanceOf } from '../conformance.ts';

conformanceOf(
  'read-only memory',
  async () => {
    const subject = await memorySubject();
    return { ...subject, storage: readOnly(subject.storage) };
  },
  { lacks: ['writing'] },
);

conformanceOf(
  'read-only vdir',
  async () => {
    const subject = await vdirSubject();
    return { ...subject, storage: readOnly(subject.storage) };
  },
  { lacks: ['writing', 'checkpoints'] },
);

describe('a read-only storage', () => {
  test('SG4 sends no write request', async () => {
    const steps: string[] = [];
    const storage = new MemoryStorage({
      onStep: (step) => {
        steps.push(step.name);
      },
    });
    const collection = storage.userMakeCollection('work');
    const guarded = readOnly(storage);
    await guarded.flush(collection);
    await expect(guarded.deleteCollection(collection)).rejects.toMatchObject({ kind: 'read-only' });
    await expect(guarded.setProperty(collection, 'color', undefined)).rejects.toMatchObject({ kind: 'read-only' });
    await expect(guarded.createRoot()).rejects.toMatchObject({ kind: 'read-only' });
    expect(steps).toEqual([]);
    await guarded.look(href('/work'), undefined);
    expect(steps).toEqual(['look', 'look']);
  });
});
