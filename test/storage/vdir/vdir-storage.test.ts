import { renameSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import { must } from '../../../src/model/errors.ts';
import type { FetchedItem, Item, UnreadableItem } from '../../../src/model/item.ts';
import { collectionId, etag, type Href, href } from '../../../src/model/names.ts';
import type { VdirStorage } from '../../../src/storage/vdir/vdir-storage.ts';
import { itemText } from '../../support/item-text.ts';
import { type VdirSubject, vdirSubject } from '../../support/vdir-subject.ts';
import { conformanceOf } from '../conformance.ts';

conformanceOf('vdir/icalendar', () => vdirSubject('calendar'), { lacks: ['checkpoints'] });
conformanceOf('vdir/vcard', () => vdirSubject('address-book'), { lacks: ['checkpoints'] });

const text = (uid: string, title = 'As it was'): string => itemText('calendar', uid, title);
const itemOf = (content: string): Item => {
  const read = readItem(content, 'calendar');
  if (read.type !== 'item') throw new Error(read.reason);
  return read.item;
};

describe('vdir', () => {
  let subject: VdirSubject;
  let storage: VdirStorage;
  let work: Href;
  let folder: string;

  beforeEach(async () => {
    subject = await vdirSubject();
    storage = subject.storage;
    work = await subject.freshCollection();
    folder = join(subject.root, work);
  });
  afterEach(() => subject.close());

  const look = async () => {
    const answer = await storage.look(work, undefined);
    if (answer.type !== 'all') throw new Error('a vdir answers all');
    return answer;
  };
  const listed = async (): Promise<readonly string[]> => (await look()).items.map((item) => item.href).sort();
  const fetchAll = async (...names: readonly string[]): Promise<(FetchedItem | UnreadableItem)[]> => {
    const all: (FetchedItem | UnreadableItem)[] = [];
    for await (const one of storage.fetch(work, names.map(href))) all.push(one);
    return all;
  };
  const fetchOne = async (name: string): Promise<FetchedItem> => {
    const [found] = await fetchAll(name);
    if (found?.type !== 'item') throw new Error(`${name} is no item`);
    return found;
  };
  const put = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(folder, name), content);

  describe('names', () => {
    test('I2v only files of exactly the extension are items, and none that programs leave beside them', async () => {
      const items = ['a.ics', 'b b.ics', 'ü.ics', 'a.sync-conflict-1.ics', '#x.ics', 'x~y.ics', 'a.b.ics'];
      const others = [
        'a.ICS',
        'a.ics~',
        '.a.ics.swp',
        '.a.ics',
        '.ics',
        'a.ics.tmp',
        '4913',
        'a.vcf',
        '#a.ics#',
        'aics',
      ];
      for (const name of [...items, ...others, 'color', '.DS_Store']) await put(name, text(name));
      await mkdir(join(folder, 'folder.ics'));
      const answer = await look();
      expect(answer.items.map((item) => item.href).sort()).toEqual(items.sort());
      expect(answer).toMatchObject({ unknown: [], complete: true });
    });

    test('S7 links are not followed, and not taken for gone', async () => {
      const outside = join(subject.root, 'outside.ics');
      await writeFile(outside, text('outside'));
      await symlink(outside, join(folder, 'link.ics'));
      await symlink('nowhere', join(folder, 'dangling.ics'));
      await symlink('loop.ics', join(folder, 'loop.ics'));
      await symlink(folder, join(folder, 'folder.ics'));
      const answer = await look();
      const links = ['dangling.ics', 'folder.ics', 'link.ics', 'loop.ics'];
      expect(answer.items).toEqual([]);
      expect(answer.unknown.map((one) => one.href).sort()).toEqual(links);
      expect((await fetchAll(...links)).map((one) => one.type)).toEqual(links.map(() => 'unreadable'));
      expect(await storage.confirmGone(work, links.map(href))).toEqual(new Set());
      const target = { href: href('link.ics'), etag: (await fetchOneOf(outside)).etag };
      await expect(storage.update(work, target, itemOf(text('ours')))).rejects.toMatchObject({ kind: 'changed' });
      await expect(storage.delete(work, target)).rejects.toMatchObject({ kind: 'changed' });
      await expect(storage.create(work, target.href, itemOf(text('ours')))).rejects.toMatchObject({
        kind: 'already-exists',
      });
      expect(await readFile(outside, 'utf8')).toBe(text('outside'));
    });

    const fetchOneOf = async (path: string): Promise<FetchedItem> => {
      const copy = 'copy-of-the-target.ics';
      await put(copy, await readFile(path));
      const found = await fetchOne(copy);
      await rm(join(folder, copy));
      return found;
    };

    test('I1v the root may be a link', async () => {
      await put('a.ics', text('a'));
      const link = `${subject.root}-link`;
      await symlink(subject.root, link);
      try {
        const linked = await subject.at(link).discover();
        expect(linked.map((collection) => collection.href)).toEqual([work]);
      } finally {
        await rm(link);
      }
    });

    test.each(['', '.', '..', '.hidden', '../x', 'a/b', '/etc', 'a\\b', 'nul\0', 'x'.repeat(256), 'ü'.repeat(128)])(
      'S6 a collection cannot be called %j',
      async (name) => {
        const before = await readdir(subject.root);
        for (const target of [
          { type: 'id', id: collectionId(name) } as const,
          { type: 'href', href: href(name) } as const,
        ]) {
          await expect(storage.createCollection(target)).rejects.toMatchObject({ kind: 'rejected' });
        }
        await expect(storage.look(href(name), undefined)).rejects.toMatchObject({ kind: 'rejected' });
        expect(await readdir(subject.root)).toEqual(before);
      },
    );

    test.each(['../x.ics', '/tmp/x.ics', '.x.ics', 'x', 'color', 'nul\0.ics', 'x.tmp', 'sub/x.ics'])(
      'S6 an item cannot be called %j',
      async (name) => {
        const item = itemOf(text('x'));
        await expect(storage.create(work, href(name), item)).rejects.toMatchObject({ kind: 'rejected' });
        expect(await readdir(folder)).toEqual([]);
        expect(await fetchAll(name)).toEqual([]);
      },
    );

    test('SI16 a name that is too long is refused', async () => {
      const created = storage.create(work, href(`${'x'.repeat(300)}.ics`), itemOf(text('x')));
      await expect(created).rejects.toMatchObject({ kind: 'rejected' });
      expect(await readdir(folder)).toEqual([]);
    });

    test('a collection is a directory without a dot, and its id its name', async () => {
      for (const name of ['.git', 'Ärzte', 'b b', 'a']) await mkdir(join(subject.root, name));
      await writeFile(join(subject.root, 'file'), '');
      await symlink(folder, join(subject.root, 'link'));
      const found = await storage.discover();
      expect(found.map((collection) => collection.id)).toEqual(['a', 'b b', work, 'Ärzte']);
      const { warnings } = await storage.check();
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('link');
    });
  });

  describe('what is read', () => {
    test('SI12 text travels byte for byte', async () => {
      const odd = `\uFEFF${text('a', 'Ünï \u{1F600}').replaceAll('\r\n', '\n')}\n\n`;
      await put('a.ics', odd);
      expect((await fetchOne('a.ics')).item.text).toBe(odd);
      const written = await storage.create(work, href('b.ics'), itemOf(odd));
      expect(written.holds).toBe('as-sent');
      expect(await readFile(join(folder, 'b.ics'))).toEqual(await readFile(join(folder, 'a.ics')));
    });

    test('SD5 an empty file, a cut one and one that is not UTF-8 are unreadable, and keep an etag', async () => {
      const latin1 = Buffer.from(text('c', 'Ärzte'), 'latin1');
      await put('empty.ics', '');
      await put('cut.ics', text('a').slice(0, 80));
      await put('latin1.ics', latin1);
      await subject.settle?.();
      const etags = new Map((await look()).items.map((item) => [item.href, item.etag]));
      const found = await fetchAll('empty.ics', 'cut.ics', 'latin1.ics');
      expect(found.map((one) => one.type)).toEqual(['unreadable', 'unreadable', 'unreadable']);
      for (const one of found) expect(one.etag).toBe(etags.get(one.href));
    });

    test('SL5 a young file is read again at the next look, an old one is not', async () => {
      await put('a.ics', text('a'));
      const young = (await look()).items;
      expect((await look()).items).not.toEqual(young);
      await subject.settle?.();
      const old = (await look()).items;
      expect((await look()).items).toEqual(old);
    });

    test('SL5 a file whose times are in the future is read at each look', async () => {
      await put('a.ics', text('a'));
      await utimes(join(folder, 'a.ics'), Date.now() / 1000, Date.now() / 1000 + 3600);
      await subject.settle?.();
      expect((await look()).items).not.toEqual((await look()).items);
    });

    test('SL5 a change that keeps size and mtime changes the etag', async () => {
      await put('a.ics', text('a', 'aaaa'));
      const path = join(folder, 'a.ics');
      // Whole seconds, since that is what can be set again to the nanosecond.
      await utimes(path, 1_700_000_000, 1_700_000_000);
      await subject.settle?.();
      const before = (await look()).items[0]?.etag;
      await writeFile(path, text('a', 'bbbb'));
      await utimes(path, 1_700_000_000, 1_700_000_000);
      expect((await look()).items[0]?.etag).not.toBe(before);
    });

    test('SL5 a young version that was fetched is told from another of equal size and times', async () => {
      await put('a.ics', text('a', 'aaaa'));
      const seen = await fetchOne('a.ics');
      await writeFile(join(folder, 'a.ics'), text('a', 'bbbb'));
      await expect(storage.delete(work, seen)).rejects.toMatchObject({ kind: 'changed' });
      // What it said when it was fetched is back: that is the version that was seen.
      await writeFile(join(folder, 'a.ics'), text('a', 'aaaa'));
      await storage.delete(work, seen);
      expect(await readdir(folder)).toEqual([]);
    });

    test('SL5 a young version that was only listed is not known well enough to be replaced', async () => {
      await put('a.ics', text('a'));
      const [seen] = (await look()).items;
      const update = storage.update(work, must(seen, 'it is listed'), itemOf(text('a', 'Ours')));
      await expect(update).rejects.toMatchObject({ kind: 'changed' });
    });

    test.skipIf(process.getuid?.() === 0)('I7v a file that may not be read is unreadable, not gone', async () => {
      await put('a.ics', text('a'));
      await chmod(join(folder, 'a.ics'), 0);
      expect(await listed()).toEqual(['a.ics']);
      expect((await fetchAll('a.ics'))[0]).toMatchObject({ type: 'unreadable', reason: 'permission denied' });
    });

    test('SD1 a first look hands over what can be read, and lists the rest as any look does', async () => {
      for (const name of ['a.ics', 'b.ics']) await put(name, text(name));
      await put('broken.ics', 'nothing of the kind');
      await mkdir(join(folder, 'folder.ics'));
      await symlink('a.ics', join(folder, 'link.ics'));
      await subject.settle?.();
      const taken: (FetchedItem | UnreadableItem)[] = [];
      const first = await storage.look(work, undefined, (read) => taken.push(read));
      expect(taken.sort(byHref)).toEqual((await fetchAll('a.ics', 'b.ics')).sort(byHref));
      const { items, ...others } = await look();
      expect(first).toEqual({ ...others, items: expect.arrayContaining([...items]) });
      expect(items).toHaveLength(3);
    });

    const byHref = (one: FetchedItem | UnreadableItem, other: FetchedItem | UnreadableItem): number =>
      one.href < other.href ? -1 : 1;

    test('SD3 many files are read in slices, each once', async () => {
      const names = Array.from({ length: 250 }, (_, index) => `${index}.ics`);
      for (const name of names) await put(name, text(name));
      expect(new Set((await fetchAll(...names)).map((one) => one.href))).toEqual(new Set(names));
    });
  });

  describe('what is written', () => {
    test('I5v a new file has the mode that the umask leaves, a replaced one keeps its own', async () => {
      await storage.create(work, href('new.ics'), itemOf(text('new')));
      expect((await stat(join(folder, 'new.ics'))).mode & 0o777).toBe(0o666 & ~process.umask());
      await chmod(join(folder, 'new.ics'), 0o640);
      await storage.update(work, await fetchOne('new.ics'), itemOf(text('new', 'Newer')));
      expect((await stat(join(folder, 'new.ics'))).mode & 0o777).toBe(0o640);
    });

    test('I8v an update keeps the name that the file has', async () => {
      await put('some other name.ics', text('a'));
      await storage.update(work, await fetchOne('some other name.ics'), itemOf(text('a', 'Newer')));
      expect(await readdir(folder)).toEqual(['some other name.ics']);
    });

    test('SD9 no write leaves anything beside the item, whether it succeeds or not', async () => {
      await put('a.ics', text('a'));
      const seen = await fetchOne('a.ics');
      const item = itemOf(text('a', 'Ours'));
      await expect(storage.create(work, href('a.ics'), item)).rejects.toMatchObject({ kind: 'already-exists' });
      await put('a.ics', text('a', 'Theirs'));
      await expect(storage.update(work, seen, item)).rejects.toMatchObject({ kind: 'changed' });
      await storage.create(work, href('b.ics'), item);
      await storage.update(work, await fetchOne('b.ics'), item);
      expect((await readdir(folder)).sort()).toEqual(['a.ics', 'b.ics']);
    });

    test('SD8 a file that somebody replaces while ours is being written stays', async () => {
      await put('a.ics', text('a'));
      await subject.settle?.();
      const seen = await fetchOne('a.ics');
      const update = storage.update(work, seen, itemOf(text('a', 'Ours')));
      // The update waits for the disk now; its last look comes after.
      writeFileSync(join(subject.root, 'theirs'), text('a', 'Theirs'));
      renameSync(join(subject.root, 'theirs'), join(folder, 'a.ics'));
      await expect(update).rejects.toMatchObject({ kind: 'changed' });
      expect(await readFile(join(folder, 'a.ics'), 'utf8')).toBe(text('a', 'Theirs'));
    });

    test('ST6 what a crash left is removed once it is an hour old, and nothing else', async () => {
      const [old, young] = ['.pimsync-0123456789abcdef.tmp', '.pimsync-fedcba9876543210.tmp'];
      const foreign = ['.foreign.tmp', '.syncthing.a.ics.tmp', '.pimsync-x.tmp'];
      for (const name of [old, young, ...foreign]) await put(name, '');
      for (const name of [old, ...foreign]) await utimes(join(folder, name), 0, Date.now() / 1000 - 3700);
      expect(await listed()).toEqual([]);
      expect((await readdir(folder)).sort()).toEqual([young, ...foreign].sort());
    });
  });

  describe('collections and properties', () => {
    test('SC7 a root that is missing is not found, and nothing makes it but createRoot', async () => {
      const root = join(subject.root, 'not', 'mounted');
      const missing = subject.at(root);
      const target = { type: 'id', id: collectionId('x') } as const;
      for (const attempt of [
        () => missing.check(),
        () => missing.discover(),
        () => missing.find(work),
        () => missing.createCollection(target),
        () => missing.look(work, undefined),
        () => missing.confirmGone(work, [href('a.ics')]),
        () => missing.delete(work, { href: href('a.ics'), etag: etag('any') }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ kind: 'not-found', hint: expect.stringContaining('mounted') });
      }
      await missing.createRoot();
      expect(await missing.discover()).toEqual([]);
    });

    test('SL3 the items of a collection that is gone are not proven gone', async () => {
      await rm(folder, { recursive: true });
      await expect(storage.confirmGone(work, [href('a.ics')])).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('SC7 a root that is a file is told as one', async () => {
      await writeFile(join(subject.root, 'file'), '');
      const file = subject.at(join(subject.root, 'file'));
      await expect(file.discover()).rejects.toMatchObject({ kind: 'invalid-data' });
      await expect(file.createRoot()).rejects.toMatchObject({ kind: 'already-exists' });
    });

    test('SD12 a collection with files of others is not deleted, one with only ours is', async () => {
      await storage.setProperty(work, 'displayname', 'Work');
      await put('notes.txt', 'mine');
      await expect(storage.deleteCollection(work)).rejects.toMatchObject({
        kind: 'not-empty',
        hint: expect.stringContaining('notes.txt'),
      });
      expect((await readdir(folder)).sort()).toEqual(['displayname', 'notes.txt']);
      await rm(join(folder, 'notes.txt'));
      await put('.pimsync-0123456789abcdef.tmp', '');
      await storage.deleteCollection(work);
      expect(await readdir(subject.root)).toEqual([]);
    });

    test('SD13 values are trimmed, and an empty file is an unset property', async () => {
      await put('displayname', '  Work \n');
      await put('color', '\n');
      await put('description', Buffer.from('Ärzte', 'latin1'));
      await mkdir(join(folder, 'order'));
      expect((await storage.find(work))?.properties).toEqual({ displayname: 'Work', description: 'Ärzte' });
      await storage.setProperty(work, 'displayname', undefined);
      await storage.setProperty(work, 'description', '');
      expect((await readdir(folder)).sort()).toEqual(['color', 'order']);
    });
  });
});
