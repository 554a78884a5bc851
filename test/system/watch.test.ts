import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchFolders } from '../../src/system/watch.ts';

describe('watching folders', () => {
  let base: string;
  let root: string;
  let stop: AbortController;
  let told: (string | undefined)[];
  let isWatching: Promise<void>;

  const watching = (isOfInterest: (name: string, folder: string) => boolean = () => true): void => {
    told = [];
    isWatching = (async () => {
      for await (const folder of watchFolders({ root, isOfInterest, signal: stop.signal, identityMs: 20 })) {
        told.push(folder);
      }
    })();
  };
  /** What is told comes in its own time; what never comes ends the test by its limit. */
  const until = async (isTold: () => boolean): Promise<void> => {
    while (!isTold()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const begun = (): Promise<void> => until(() => told.includes(undefined));

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'pimsync-watch-'));
    root = join(base, 'root');
    stop = new AbortController();
    await mkdir(join(root, 'work'), { recursive: true });
  });
  afterEach(async () => {
    stop.abort();
    await isWatching;
    await rm(base, { recursive: true });
  });

  test('SD16 tells when it begins, and then the folder of each change', async () => {
    watching();
    await begun();
    await writeFile(join(root, 'work', 'a.ics'), 'a');
    await until(() => told.includes('work'));
    await mkdir(join(root, 'new'));
    await until(() => told.includes(''));
    await until(() => told.includes('new'));
  });

  test('SD16 tells of a folder that was made while it watched', async () => {
    watching();
    await begun();
    await mkdir(join(root, 'new'));
    await until(() => told.includes('new'));
    told.length = 0;
    for (let round = 0; !told.includes('new'); round += 1) {
      await writeFile(join(root, 'new', `${round}.ics`), 'a');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  test('says nothing of names without interest', async () => {
    watching((name, folder) => folder === 'work' && name.endsWith('.ics'));
    await begun();
    await writeFile(join(root, 'work', '.a.ics.swp'), 'a');
    await writeFile(join(root, 'note'), 'a');
    await writeFile(join(root, 'work', 'a.ics'), 'a');
    await until(() => told.includes('work'));
    // The kernel tells in the order of what happened: had it been told, it would have been before.
    expect(new Set(told)).toEqual(new Set([undefined, 'work']));
  });

  test('J5 begins anew where another directory takes the place of the root', async () => {
    watching();
    await begun();
    await rename(root, join(base, 'old'));
    told.length = 0;
    await mkdir(join(root, 'work'), { recursive: true });
    await begun();
    await writeFile(join(root, 'work', 'a.ics'), 'a');
    await until(() => told.includes('work'));
  });

  test('SC7 waits for a root that is missing', async () => {
    await rm(root, { recursive: true });
    watching();
    await begun();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(told).toEqual([undefined]);
    told.length = 0;
    await mkdir(root);
    await begun();
  });

  test('J5 tells of all folders where more happens than the kernel may have kept', async () => {
    watching((name, folder) => folder === 'work' && name.endsWith('.ics'));
    await begun();
    told.length = 0;
    for (let n = 0; n < 3000; n += 1) writeFileSync(join(root, 'work', `${n}.tmp`), 'x');
    await begun();
  });

  test('SD16 ends with its signal, before it began as well', async () => {
    stop.abort();
    watching();
    await isWatching;
    expect(told).toEqual([]);
  });
});
