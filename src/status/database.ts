import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Connection, type DatabaseFile, NO_FILE } from './connection.ts';
import { damagedError, isDamage, newerError, type Place, statusError } from './failure.ts';
import { knownSoundSince, momentOf, rememberSound } from './known-sound.ts';
import { APPLICATION_ID, MIGRATIONS, migrate, versionOf } from './schema.ts';

/** How long another writer is waited for; the process stands still meanwhile. */
const BUSY_TIMEOUT_MS = 2000;

/** In KiB. Four times as much, SQLite's own measure here, makes no run faster. */
const CACHED_PAGES_KIB = 4096;

/** Rows come in no order, so each transaction writes most pages again. 16 MB of log make one page of several of them. */
const LOG_PAGES = 4000;

/**
 * The database of a pair (ST1), made where there is none. The caller has the pair's lock. A damaged one is moved aside
 * and one of a newer version refused, each with a `StatusError` (ST4).
 */
export function openDatabase(place: Place, migrations: readonly string[] = MIGRATIONS, now = Date.now): Connection {
  return explained(place, () => {
    mkdirSync(dirname(place.path), { recursive: true, mode: 0o700 });
    if (!existsSync(place.path)) createFile(place.path, migrations);
    const soundSince = knownSoundSince(place.path, momentOf(place.path), now());
    const open = (): Opened => ({
      database: new Database(place.path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS }),
      isSound: soundSince !== undefined,
    });
    const file = {
      moveAside: () => moveAside(place.path),
      closed: () => rememberSound(place.path, soundSince ?? openedAt),
    };
    const database = openChecked(open, { place, migrations, moveAside: file.moveAside });
    const openedAt = now();
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma(`cache_size = ${-CACHED_PAGES_KIB}`);
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
    return new Connection(database, place, file);
  });
}

/**
 * What `openDatabase` would open, in memory: nothing is written anywhere, damage is told and left where it is. Another
 * process may have the pair's lock, and write meanwhile; this process must not have the database open, since reading
 * its file would take SQLite's locks of it away (POSIX fcntl).
 */
export function openDatabaseCopy(place: Place, migrations: readonly string[] = MIGRATIONS, now = Date.now): Connection {
  return explained(place, () => {
    if (!existsSync(place.path)) return openEmptyDatabase(place, migrations);
    const open = (): Opened => {
      const { bytes, moment } = readWithLog(place.path);
      return { database: new Database(bytes), isSound: knownSoundSince(place.path, moment, now()) !== undefined };
    };
    const { moveAside } = NO_FILE;
    return new Connection(openChecked(open, { place, migrations, moveAside }), place, NO_FILE);
  });
}

/** A new database in memory. */
export function openEmptyDatabase(place: Place, migrations: readonly string[] = MIGRATIONS): Connection {
  const database = new Database(':memory:');
  database.pragma('foreign_keys = ON');
  migrate(database, migrations);
  return new Connection(database, place, NO_FILE);
}

interface Check extends Pick<DatabaseFile, 'moveAside'> {
  readonly place: Place;
  readonly migrations: readonly string[];
}

interface Opened {
  readonly database: Database.Database;
  /** Whether nothing has changed it since it was found sound. */
  readonly isSound: boolean;
}

function openChecked(open: () => Opened, { place, migrations, moveAside }: Check): Database.Database {
  let database: Database.Database | undefined;
  try {
    const opened = open();
    database = opened.database;
    database.pragma('foreign_keys = ON');
    const damage = findDamage(opened);
    if (damage !== undefined) throw damagedError(place, moveAside(), new Error(damage));
    if (versionOf(database) > migrations.length) throw newerError(place, versionOf(database));
    migrate(database, migrations);
    return database;
  } catch (error) {
    const reported = isDamage(error) ? damagedError(place, moveAside(), error) : error;
    database?.close();
    throw reported;
  }
}

/** SQLite does not notice damage by itself, and may answer wrongly. */
function findDamage({ database, isSound }: Opened): string | undefined {
  database.pragma('cell_size_check = ON');
  // Each has it before it has its name: a file without it, even an empty one, was changed by somebody else.
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) return 'it has not our mark';
  if (versionOf(database) < 1) return 'it has no version';
  if (database.pragma('encoding', { simple: true }) !== 'UTF-8') return 'its encoding is not UTF-8';
  if (isSound) return undefined;
  // Reads all of it, with its indexes in any order. Slower than quick_check, but it compares the rows with their indexes.
  const finding = database.pragma('integrity_check(1)', { simple: true });
  return finding === 'ok' ? undefined : String(finding);
}

/** The file gets its name with its whole content, so that no crash leaves one that could be taken for damaged. */
function createFile(path: string, migrations: readonly string[]): void {
  const database = new Database(':memory:');
  migrate(database, migrations);
  const bytes = database.serialize();
  database.close();

  // What a deleted database left of its log would be read into the new one.
  for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
  const directory = dirname(path);
  const temporary = join(directory, `.${path.slice(directory.length + 1)}.tmp`);
  rmSync(temporary, { force: true });
  writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true });
  renameSync(temporary, path);
  const opened = openSync(directory, 'r');
  fsyncSync(opened);
  closeSync(opened);
}

/** Out of the way, never over something: `PAIR.status.damaged-N`, with the log that belongs to it. */
function moveAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.damaged-${number}`)) number += 1;
  const aside = `${path}.damaged-${number}`;
  for (const end of ['-wal', '-shm', '']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}

/** The database as bytes, with what a crash left in its log. SQLite reads a log only where it may write beside it. */
function readWithLog(path: string): { readonly bytes: Buffer; readonly moment: string } {
  const directory = mkdtempSync(join(tmpdir(), '.pimsync-status-'));
  try {
    const copy = join(directory, 'status');
    const moment = copyAtOneMoment(path, copy);
    const database = new Database(copy);
    try {
      // Takes in the log; and no database in memory can have one.
      database.pragma('journal_mode = DELETE');
      return { bytes: database.serialize(), moment };
    } finally {
      database.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Tells which. A file and a log of different moments make no database; writers are quick, so one moment is soon found. */
function copyAtOneMoment(path: string, copy: string): string {
  for (;;) {
    const moment = momentOf(path);
    for (const end of ['', '-wal']) {
      rmSync(copy + end, { force: true });
      if (existsSync(path + end)) writeFileSync(copy + end, readFileSync(path + end), { mode: 0o600 });
    }
    if (momentOf(path) === moment) return moment;
  }
}

function explained<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // SQLite's errors and the system's; anything else is a bug, or explained already.
    const outside = error instanceof Database.SqliteError || (error instanceof Error && 'syscall' in error);
    throw outside ? statusError(place, error) : error;
  }
}
