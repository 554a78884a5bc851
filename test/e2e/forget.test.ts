import { mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withPairLock } from '../../src/cli/pairs/pair-lock.ts';
import { objects } from './program.ts';
import { TwoDirectories } from './two-directories.ts';

let two: TwoDirectories;

beforeEach(async () => {
  two = await TwoDirectories.make();
  for (const side of ['laptop', 'server']) await mkdir(two.machine.path(side, 'other'));
  for (const uid of ['one', 'two']) await two.put('laptop', uid);
  await two.machine.run('sync');
});
afterEach(() => two.machine.remove());

describe('forget', () => {
  test('ST1: makes the next run a first one, and leaves the history', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', 'One edited');
    await machine.run('sync');
    expect(await machine.run('forget', '--yes', 'work')).toEqual({
      status: 0,
      stdout: 'work/home: forgotten (2 items)\nwork/other: forgotten (0 items)\n',
      stderr: '',
    });
    expect(objects(await machine.run('history', 'work', '--json'), 'version')).toHaveLength(1);
    // Nothing tells any more that both had it.
    await two.remove('laptop', 'two');
    expect(await machine.run('sync')).toMatchObject({ status: 0 });
    for (const side of ['laptop', 'server'] as const) expect(await two.titles(side)).toEqual(['One edited', 'two']);
  });

  test('of one collection leaves the others', async () => {
    const { machine } = two;
    const ended = await machine.run('forget', '-y', 'work/home', '--json');
    expect(objects(ended, 'forgotten')).toEqual([
      { type: 'forgotten', v: 1, pair: 'work', collection: 'home', items: 2 },
    ]);
    expect((await machine.run('list', 'collections')).stdout).toBe('work/other\n');
    expect(await machine.run('forget', '-y', 'work/home')).toMatchObject({
      status: 2,
      stderr: 'pimsync: pair "work" has no collection "home"\n  its collections are "other"\n',
    });
  });

  test('wants --yes where nobody can be asked, and knows its pairs', async () => {
    const { machine } = two;
    expect(await machine.run('forget', 'work')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'pimsync: forget asks on the terminal, and there is none\n  --yes is the answer beforehand\n',
    });
    expect(await machine.run('forget', '-y', 'work', 'nothing')).toMatchObject({ status: 2 });
    expect((await machine.run('list', 'collections')).stdout).toBe('work/home\nwork/other\n');
  });

  test('is refused while the pair runs', async () => {
    const { machine } = two;
    await withPairLock(machine.path('status'), 'work', { waitMs: 0, onWait: () => undefined }, async () => {
      expect(await machine.run('forget', '-y', 'work')).toMatchObject({
        status: 1,
        stderr: `pimsync: process ${process.pid} is syncing pair "work"\n  wait until it has ended, and try again\n`,
      });
      const { status, stdout } = await machine.run('status');
      expect(status).toBe(0);
      expect(stdout).toContain(`  process ${process.pid} runs it now\n`);
    });
    expect((await machine.run('list', 'collections')).stdout).toBe('work/home\nwork/other\n');
  });
});
