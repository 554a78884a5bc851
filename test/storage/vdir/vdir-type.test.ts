import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import { collectionId } from '../../../src/model/names.ts';
import type { Surroundings } from '../../../src/storage/storage-type.ts';
import { storageTypes } from '../../../src/storage/storage-types.ts';
import { vdirCalendarType, vdirContactsType } from '../../../src/storage/vdir/vdir-type.ts';
import { itemText } from '../../support/item-text.ts';

const surroundings: Surroundings = {
  storageName: 'local',
  programVersion: '0',
  memory: { recall: () => undefined, remember: () => undefined },
  log: () => undefined,
};

describe('the types of vdir', () => {
  test('are among all types', () => {
    expect(storageTypes).toContain(vdirCalendarType);
    expect(storageTypes).toContain(vdirContactsType);
  });

  test('read and write files of the extension that was set', async () => {
    const root = await mkdtemp(join(tmpdir(), 'pimsync-vdir-'));
    try {
      const storage = vdirContactsType.open(
        new Map([
          ['path', root],
          ['fileext', 'card'],
        ]),
        surroundings,
      );
      expect(storage.kind).toBe('address-book');
      const { href } = await storage.createCollection({ type: 'id', id: collectionId('friends') });
      const read = readItem(itemText('address-book', 'hugo', 'Hugo'), 'address-book');
      if (read.type !== 'item') throw new Error(read.reason);
      expect(storage.nameFor(href, read.item, undefined, 0)).toBe('hugo.card');
      await storage.create(href, storage.nameFor(href, read.item, undefined, 0), read.item);
      expect(await storage.look(href, undefined)).toMatchObject({ items: [{ href: 'hugo.card' }] });
    } finally {
      await rm(root, { recursive: true });
    }
  });

  test('opening does no IO: a root that is missing is found when it is needed', async () => {
    const storage = vdirCalendarType.open(new Map([['path', '/nowhere/at/all']]), surroundings);
    await expect(storage.discover()).rejects.toMatchObject({ kind: 'not-found' });
    await storage.close();
  });

  test('refuse extensions of files that are left aside', () => {
    expect(vdirCalendarType.problems(new Map([['fileext', 'tmp']]))).toMatchObject([{ directive: 'fileext' }]);
    expect(vdirCalendarType.problems(new Map([['fileext', 'ics~']]))).toHaveLength(1);
    expect(vdirCalendarType.problems(new Map([['fileext', 'ics']]))).toEqual([]);
  });
});
