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
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Connection } from './connection.ts';
import { damagedError, isDamage, newerError, type Place, statusError } from './failure.ts';
import { APPLICATION_ID, MIGRATIONS, migrate, versionOf } from './schema.ts';

/** How long another writer is waited for; the process stands still meanwhile. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * The database of a pair (ST1), made where there is none. The caller has the pair's lock. A damaged one is moved aside
 * and one of a newer version refused, each with a `StatusError` (ST4).
 */
export function openDatabase(place: Place, migrations: readonly string[] = MIGRATIONS): Connection {
  return explained(place, () => {
    mkdirSync(dirname(place.path), { recursive: true, mode: 0o700 });
    if (!existsSync(place.path)) createFile(place.path, migrations);
    const moveAway = () => moveAside(place.path);
    const open = () => new Database(place.path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    const database = openChecked(open, { place, migrations, moveAway });
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    return new Connection(database, place, moveAway);
  });
}

/**
 * What `openDatabase` would open, in memory: nothing is written anywhere, damage is told and left where it is. Another
 * process may have the pair's lock, and write meanwhile; this process must not have the database open, since reading
 * its file would take SQLite's locks of it away (POSIX fcntl).
 */
export function openDatabaseCopy(place: Place, migrations: readonly string[] = MIGRATIONS): Connection {
  return explained(place, () => {
    if (!existsSync(place.path)) return openEmptyDatabase(place, migrations);
    const open = () => new Database(readWithLog(place.path));
    return new Connection(openChecked(open, { place, migrations, moveAway: stay }), place, stay);
  });
}

/** A new database in memory. */
export function openEmptyDatabase(place: Place, migrations: readonly string[] = MIGRATIONS): Connection {
  const database = new Database(':memory:');
  database.pragma('foreign_keys = ON');
  migrate(database, migrations);
  return new Connection(database, place, stay);
}

const stay = (): undefined => undefined;

interface Check {
  readonly place: Place;
  readonly migrations: readonly string[];
  /** For a damaged file: tells where it is now; undefined: it stays. */
  readonly moveAway: () => string | undefined;
}

function openChecked(open: () => Database.Database, { place, migrations, moveAway }: Check): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = open();
    database.pragma('foreign_keys = ON');
    const damage = findDamage(database);
    if (damage !== undefined) throw damagedError(place, moveAway(), new Error(damage));
    if (versionOf(database) > migrations.length) throw newerError(place, versionOf(database));
    migrate(database, migrations);
    return database;
  } catch (error) {
    const reported = isDamage(error) ? damagedError(place, moveAway(), error) : error;
    database?.close();
    throw reported;
  }
}

/** SQLite does not notice damage by itself, and may answer wrongly. */
function findDamage(database: Database.Database): string | undefined {
  database.pragma('cell_size_check = ON');
  // Each has it before it has its name: a file without it, even an empty one, was changed by somebody else.
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) return 'it has not our mark';
  if (versionOf(database) < 1) return 'it has no version';
  if (database.pragma('encoding', { simple: true }) !== 'UTF-8') return 'its encoding is not UTF-8';
  // Slower than quick_check (25 ms for 10,000 items, not 6), but it compares the rows with their indexes.
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
function readWithLog(path: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), '.pimsync-status-'));
  try {
    const copy = join(directory, 'status');
    copyAtOneMoment(path, copy);
    const database = new Database(copy);
    try {
      // Takes in the log; and no database in memory can have one.
      database.pragma('journal_mode = DELETE');
      return database.serialize();
    } finally {
      database.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A file and a log of different moments make no database; writers are quick, so one moment is soon found. */
function copyAtOneMoment(path: string, copy: string): void {
  let before: string;
  do {
    before = momentOf(path);
    for (const end of ['', '-wal']) {
      rmSync(copy + end, { force: true });
      if (existsSync(path + end)) writeFileSync(copy + end, readFileSync(path + end), { mode: 0o600 });
    }
  } while (momentOf(path) !== before);
}

const momentOf = (path: string): string =>
  ['', '-wal']
    .map((end) => statSync(path + end, { bigint: true, throwIfNoEntry: false }))
    .map((stats) => (stats === undefined ? 'missing' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`))
    .join();

function explained<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // SQLite's errors and the system's; anything else is a bug, or explained already.
    const outside = error instanceof Database.SqliteError || (error instanceof Error && 'syscall' in error);
    throw outside ? statusError(place, error) : error;
  }
}
