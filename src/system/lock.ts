import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';

/** The lock was not to be had in time, or could not be tried. */
export class LockError extends Error {
  override readonly name = 'LockError';
  /** The process that has it, where that is known. */
  readonly holder: number | undefined;
  readonly reason: 'held' | 'unusable';

  constructor(
    message: string,
    reason: 'held' | 'unusable',
    options: { readonly holder?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.holder = options.holder;
  }
}

export interface LockOptions {
  /** How long to wait for it; 0: not at all. */
  readonly waitMs: number;
  /** Called once, where it has to be waited for. */
  readonly onWait: (holder: number | undefined) => void;
  /** Ends the wait, with its reason. */
  readonly signal?: AbortSignal;
}

const POLL_MS = 100;

/**
 * Does `work` while no other process, nor another scope of this one, has the lock at `path`. Throws `LockError` when
 * it is not to be had. The lock is the kernel's: it ends with the process, however that ends, and never needs to be
 * removed. Its file stays; a file `.pid` beside it names the holder.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(path, options);
  try {
    return await work();
  } finally {
    // Before the lock is free, since afterwards it may name the next holder.
    rmSync(pidPathOf(path), { force: true });
    lock.close();
  }
}

/**
 * The process that has the lock; undefined: none has. Takes nothing. For a process that does not have it itself.
 * Throws `LockError` where the lock cannot be looked at.
 */
export function lockHolder(path: string): { readonly pid: number | undefined } | undefined {
  // Whoever has the lock has named itself; only where the named one was killed is there more to find out.
  if (!existsSync(path) || !existsSync(pidPathOf(path)) || !isLocked(path)) return undefined;
  return { pid: holderOf(path) };
}

function isLocked(path: string): boolean {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true;
    throw new LockError(`could not look at the lock ${path}`, 'unusable', { cause: error });
  } finally {
    database?.close();
  }
}

const pidPathOf = (path: string): string => `${path}.pid`;

/** Of a lock that somebody has. A holder that was killed stays named until the next one writes its own number. */
function holderOf(path: string): number | undefined {
  const holder = Number.parseInt(readIfThere(pidPathOf(path)), 10);
  return Number.isSafeInteger(holder) ? holder : undefined;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new LockError(`could not read ${path}`, 'unusable', { cause: error });
  }
}

async function acquire(path: string, { waitMs, onWait, signal }: LockOptions): Promise<Database.Database> {
  const began = performance.now();
  for (let waits = false; ; waits = true) {
    signal?.throwIfAborted();
    const lock = tryLock(path);
    if (lock !== undefined) return lock;
    const holder = holderOf(path);
    const restMs = waitMs - (performance.now() - began);
    if (restMs <= 0) {
      const who = holder === undefined ? 'another process' : `process ${holder}`;
      throw new LockError(`${who} has the lock ${path}`, 'held', holder === undefined ? {} : { holder });
    }
    if (!waits) onWait(holder);
    await delay(Math.min(POLL_MS, restMs));
  }
}

/** `undefined`: somebody has it. */
function tryLock(path: string): Database.Database | undefined {
  let database: Database.Database | undefined;
  try {
    makeFile(path);
    database = new Database(path, { timeout: 0, fileMustExist: true });
    database.pragma('locking_mode = EXCLUSIVE');
    // It holds nothing: a journal on the disk, synced before and after, would protect nothing.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(pidPathOf(path), `${pid}\n`, { mode: 0o600 });
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw new LockError(`could not use the lock ${path}`, 'unusable', { cause: error });
  }
}

/**
 * For us alone. It must not be opened where it is there already, not even to read it: closing any file of it would
 * take this process's locks of it away (POSIX fcntl).
 */
function makeFile(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // Another process was faster.
    if (!existsSync(path)) throw error;
  }
}
