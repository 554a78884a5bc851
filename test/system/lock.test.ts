import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockError, lockHolder, withLock } from '../../src/system/lock.ts';

let directory: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pimsync-lock-'));
  path = join(directory, 'new', 'work.lock');
});

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(directory, { recursive: true, force: true });
});

const atOnce = { waitMs: 0, onWait: () => undefined };

const namedHolder = (): number => Number(readFileSync(`${path}.pid`, 'utf8'));

/** A process that has the lock until this one ends or kills it. */
async function holdElsewhere(): Promise<ChildProcess> {
  const source = new URL('../../src/system/lock.ts', import.meta.url).pathname;
  const program = `
    const { withLock } = await import(${JSON.stringify(pathToFileURL(source).href)});
    await withLock(${JSON.stringify(path)}, { waitMs: 0, onWait() {} }, () => {
      console.log('locked');
      return new Promise((resolve) => process.stdin.on('end', resolve).resume());
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

function promiseWithResolve(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('gives back what the work gave, and is free afterwards, also when the work failed', async () => {
  expect(await withLock(path, atOnce, async () => 'result')).toBe('result');
  await expect(
    withLock(path, atOnce, async () => {
      throw new Error('work failed');
    }),
  ).rejects.toThrow('work failed');
  expect(await withLock(path, atOnce, async () => 'again')).toBe('again');
});

test('one scope at a time in a process, and a failed attempt takes nothing from the holder', async () => {
  await withLock(path, atOnce, async () => {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const error = await withLock(path, atOnce, async () => 'wrong').catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(LockError);
      expect(error).toMatchObject({ reason: 'held', holder: process.pid });
    }
    expect(namedHolder()).toBe(process.pid);
  });
  expect(existsSync(`${path}.pid`)).toBe(false);
});

test('who waits is told once who has it, and gets it when that one is done', async () => {
  const order: string[] = [];
  const { promise: released, resolve: release } = promiseWithResolve();
  const first = withLock(path, atOnce, async () => {
    order.push('first');
    await released;
  });
  const second = withLock(
    path,
    {
      waitMs: 60_000,
      onWait: (holder) => {
        order.push(`waits for ${holder}`);
        setTimeout(release, 250);
      },
    },
    async () => {
      order.push('second');
    },
  );
  await Promise.all([first, second]);
  expect(order.filter((step) => step.startsWith('waits'))).toEqual([`waits for ${process.pid}`]);
  expect(order.indexOf('first')).toBeLessThan(order.indexOf('second'));
});

test('a wait ends with its signal', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  await withLock(path, atOnce, async () => {
    const options = { waitMs: 60_000, onWait: () => abort.abort(reason), signal: abort.signal };
    await expect(withLock(path, options, async () => 'wrong')).rejects.toBe(reason);
  });
});

test('another process is shut out, and the death of the holder frees the lock at once', async () => {
  const child = await holdElsewhere();
  const error = await withLock(path, atOnce, async () => 'wrong').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'held', holder: child.pid });
  expect(String(error)).toContain(`process ${child.pid} has the lock`);
  await kill(child);
  expect(await withLock(path, atOnce, async () => namedHolder())).toBe(process.pid);
});

test('is for the user alone', async () => {
  await withLock(path, atOnce, async () => {
    expect(statSync(join(directory, 'new')).mode & 0o777).toBe(0o700);
    for (const file of [path, `${path}.pid`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

test('a file that cannot be a lock is named', async () => {
  const file = join(directory, 'plain');
  writeFileSync(file, 'not a database, and long enough to be seen as none'.repeat(50));
  const error = await withLock(file, atOnce, async () => 'wrong').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'unusable', message: `could not use the lock ${file}` });
  await expect(withLock(join(file, 'below'), atOnce, async () => 'wrong')).rejects.toThrow('could not use the lock');
});

test('who has it can be asked without taking it, and a dead holder is none', async () => {
  expect(lockHolder(path)).toBeUndefined();
  const child = await holdElsewhere();
  expect(lockHolder(path)).toEqual({ pid: child.pid });
  await kill(child);
  expect(existsSync(`${path}.pid`)).toBe(true);
  expect(lockHolder(path)).toBeUndefined();
  await withLock(path, atOnce, async () => undefined);
  expect(lockHolder(path)).toBeUndefined();
});
