import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupSync } from '../../../src/storage/vdir/group-sync.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-sync-'));
});
afterEach(() => rm(folder, { recursive: true }));

const opened = (name: string): number => {
  const descriptor = openSync(join(folder, name), 'wx');
  writeSync(descriptor, name);
  return descriptor;
};

test('those that ask in one turn go on together, in their order, each with its own outcome', async () => {
  const sync = groupSync();
  const [one, bad, two] = [opened('one'), opened('bad'), opened('two')];
  closeSync(bad);
  const ended: string[] = [];
  const end = (name: string, descriptor: number): Promise<void> =>
    sync(descriptor).then(
      () => void ended.push(name),
      (error: NodeJS.ErrnoException) => void ended.push(`${name}: ${error.code}`),
    );
  const group = [end('one', one), end('bad', bad), end('two', two)];
  await group[0];
  expect(ended).toEqual(['one', 'bad: EBADF', 'two']);
  await Promise.all(group);
  for (const descriptor of [one, two]) closeSync(descriptor);
});

test('who asks while others wait is served after them', async () => {
  const sync = groupSync();
  const [early, late] = [opened('early'), opened('late')];
  const first = sync(early);
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([first, sync(late)]);
  for (const descriptor of [early, late]) closeSync(descriptor);
});
