import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createFile,
  isTemporaryName,
  removeLeftOvers,
  replaceFile,
  syncFolder,
} from '../../../src/storage/vdir/atomic-write.ts';

describe('writing files whole', () => {
  let folder: string;
  let path: string;
  const held = (): Promise<string> => readFile(path, 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pimsync-write-'));
    path = join(folder, 'a.ics');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('SD6 the stat that a write answers is that of the file from then on', async () => {
    const created = await createFile(path, 'first');
    expect(await stat(path, { bigint: true })).toEqual(created);
    const replaced = await replaceFile(path, 'second');
    expect(await stat(path, { bigint: true })).toEqual(replaced);
    expect(await held()).toBe('second');
  });

  test('SD7 creating what is there fails and changes nothing', async () => {
    await writeFile(path, 'theirs');
    await expect(createFile(path, 'ours')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await held()).toBe('theirs');
    expect(await readdir(folder)).toEqual(['a.ics']);
  });

  test('SD8 what the last look throws is what the replacement fails with, undone', async () => {
    await writeFile(path, 'theirs');
    const changed = new Error('changed');
    const replaced = replaceFile(path, 'ours', () => {
      throw changed;
    });
    await expect(replaced).rejects.toBe(changed);
    expect(await held()).toBe('theirs');
    expect(await readdir(folder)).toEqual(['a.ics']);
  });

  test('a replacement leaves another name of the old file alone', async () => {
    await writeFile(path, 'old');
    const backup = join(folder, 'backup');
    await link(path, backup);
    await replaceFile(path, 'new');
    expect(await readFile(backup, 'utf8')).toBe('old');
    await syncFolder(folder);
  });

  test('SD9 a process that is killed at any moment leaves the old file or the new one', async () => {
    const [old, young] = ['o'.repeat(100_000), 'y'.repeat(100_000)];
    await writeFile(path, old);
    for (let round = 0; round < 4; round += 1) {
      const writer = startWriter(path);
      await once(writer, 'message');
      await new Promise((resolve) => setTimeout(resolve, 7 * round));
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      expect([old, young]).toContain(await held());
    }
    // What is beside it is of the kind that a later run removes, and nothing else does it remove.
    const leftOvers = (await readdir(folder)).filter((name) => name !== 'a.ics');
    expect(leftOvers.every(isTemporaryName)).toBe(true);
    removeLeftOvers(folder, await readdir(folder), Date.now());
    expect((await readdir(folder)).filter((name) => name !== 'a.ics')).toEqual(leftOvers);
    removeLeftOvers(folder, await readdir(folder), Date.now() + 3_601_000);
    expect(await readdir(folder)).toEqual(['a.ics']);
  });
});

/** Replaces the file again and again, and tells when it has done so for the first time. */
function startWriter(path: string): ChildProcess {
  const module = new URL('../../../src/storage/vdir/atomic-write.ts', import.meta.url).href;
  const program = `
    import { replaceFile } from ${JSON.stringify(module)};
    for (let round = 0; ; round += 1) {
      await replaceFile(${JSON.stringify(path)}, (round % 2 === 0 ? 'y' : 'o').repeat(100_000));
      if (round === 0) process.send('started');
    }`;
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  return spawn(process.execPath, args, { stdio: [...stdio] });
}
