import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TwoDirectories } from './two-directories.ts';

let two: TwoDirectories;
beforeEach(async () => {
  two = await TwoDirectories.make();
});
afterEach(() => two.machine.remove());

/** Whether calls of the system can be watched here. */
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/**
 * What a run asked of the system, as far as it matters to what survives a loss of power: a sync when it was done, all
 * else when it was begun.
 */
async function tracedSync(): Promise<readonly string[]> {
  const { machine } = two;
  const log = machine.path('trace');
  const calls = '--trace=fsync,fdatasync,link,linkat,rename,renameat,renameat2,pwrite64';
  const config = machine.path('pimsync.conf');
  const program = [process.execPath, machine.main, '-c', config, 'sync'];
  await promisify(execFile)('strace', ['-f', '-y', '-s', '500', calls, '-o', log, ...program]);
  const begun = new Map<string, string>();
  return (await readFile(log, 'utf8')).split('\n').flatMap((line) => {
    const [thread = '', call = ''] = line.split(/\s+(.*)/);
    if (call.startsWith('<... f')) return begun.get(thread) ?? [];
    if (call.startsWith('<...')) return [];
    if (!call.startsWith('f') || !call.endsWith('<unfinished ...>')) return call;
    begun.set(thread, call);
    return [];
  });
}

test.skipIf(!canTrace)('ST3, SD9: files are whole on the disk, then named, then their names, then agreed', async () => {
  for (let n = 0; n < 250; n += 1) await two.put('laptop', `item${n}`);
  const first = await tracedSync();
  for (let n = 0; n < 3; n += 1) await two.put('server', `item${n}`, 'Edited');
  const calls = [...first, ...(await tracedSync())];

  const whole = new Set<string>();
  let named = 0;
  let unsaved = 0;
  for (const call of calls) {
    const temporary = /\.pimsync-[0-9a-f]{16}\.tmp/.exec(call)?.[0];
    if (call.startsWith('f')) {
      if (temporary !== undefined) whole.add(temporary);
      else if (/\/(?:laptop|server)\/home>/.test(call)) unsaved = 0;
    } else if (temporary !== undefined) {
      expect(whole, call).toContain(temporary);
      named += 1;
      unsaved += 1;
    } else if (/^pwrite64\(\d+<[^>]*\.status-wal>/.test(call)) {
      expect(unsaved, call).toBe(0);
    }
  }
  expect(named).toBe(253);
  expect(unsaved).toBe(0);
});
