import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { objects } from './program.ts';
import { TwoDirectories } from './two-directories.ts';

let two: TwoDirectories;

beforeEach(async () => {
  two = await TwoDirectories.make();
});
afterEach(() => two.machine.remove());

describe('history', () => {
  test('SR4: lists what runs replaced and deleted on either side, the newest first', async () => {
    const { machine } = two;
    for (const uid of ['one', 'two']) await two.put('laptop', uid);
    await machine.run('sync');
    expect(await machine.run('history', 'work')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'work: no version is kept\n',
    });
    await two.put('laptop', 'one', 'One edited');
    await two.remove('server', 'two');
    await machine.run('sync');
    await two.put('server', 'one', 'One edited again');
    await machine.run('sync');
    const { status, stdout } = await machine.run('history', 'work');
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^[0-9a-f]{8} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}run 3 {4}laptop {2}replaced: "One edited" \(one\), in home$/,
    );
    expect(lines.slice(1).sort((x, y) => (x.slice(30) < y.slice(30) ? -1 : 1))).toEqual([
      expect.stringMatching(/run 2 {4}laptop {2}deleted: "two" \(two\), in home$/),
      expect.stringMatching(/run 2 {4}server {2}replaced: "one" \(one\), in home$/),
    ]);

    const ofOne = objects(await machine.run('history', 'work', 'one', '--json'), 'version');
    const common = { v: 1, pair: 'work', collection: 'home', uid: 'one', reason: 'replaced', href: 'one.ics' };
    expect(ofOne).toMatchObject([
      { ...common, side: 'a', storage: 'laptop', run: 3, summary: 'One edited' },
      { ...common, side: 'b', storage: 'server', run: 2, summary: 'one' },
    ]);
    expect(new Date(String(ofOne[0]?.['time'])).getTime()).toBeGreaterThan(Date.now() - 600_000);
    expect(ofOne[0]?.['id']).toBe(lines[0]?.slice(0, 8));
    expect((await machine.run('history', 'work/home')).stdout).toBe(stdout);
  });

  test('says what is not known, and what is not kept', async () => {
    const { machine } = two;
    await two.put('laptop', 'one');
    await machine.run('sync');
    expect(await machine.run('history', 'wrok')).toMatchObject({
      status: 2,
      stderr: 'pimsync: there is no pair "wrok"; did you mean "work"?\n  the pairs are "work"\n',
    });
    expect(await machine.run('history', 'work/hom')).toMatchObject({
      status: 2,
      stderr: 'pimsync: pair "work" has no collection "hom"; did you mean "home"?\n  its collections are "home"\n',
    });
    expect(await machine.run('history', 'work', 'nobody')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'work: no version of an item with the UID "nobody" is kept\n',
    });
  });

  test('S15: shows no control character of an item', async () => {
    const { machine } = two;
    await two.put('laptop', 'one', '\u001b]0;owned\u0007');
    await machine.run('sync');
    await two.remove('laptop', 'one');
    await machine.run('sync', '--allow-empty');
    for (const args of [[], ['--json']]) {
      const { stdout } = await machine.run('history', 'work', ...args);
      expect(stdout).toContain('owned');
      for (const control of ['\u001b', '\u0007']) expect(stdout).not.toContain(control);
    }
  });
});
