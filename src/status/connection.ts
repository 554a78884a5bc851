import Database from 'better-sqlite3';
import type { StatusError } from '../model/errors.ts';
import { damagedError, isDamage, type Place, statusError } from './failure.ts';

/** What must be on the disk when a transaction returns: all of it, or as much as survives the end of the process. */
export type Durability = 'power-loss' | 'crash';

/** The file of a database. */
export interface DatabaseFile {
  /** Called when damage is found. Tells where the file went; undefined: there is none to move. */
  moveAside(): string | undefined;
  /** Called when the database was closed after nothing but success. */
  closed(): void;
}

/** Of a database in memory, or of one that is only looked at. */
export const NO_FILE: DatabaseFile = { moveAside: () => undefined, closed: () => undefined };

/** An open database whose every failure is a `StatusError`. */
export class Connection {
  readonly #database: Database.Database;
  readonly #place: Place;
  readonly #file: DatabaseFile;
  #hasFailed = false;

  constructor(database: Database.Database, place: Place, file: DatabaseFile) {
    this.#database = database;
    this.#place = place;
    this.#file = file;
  }

  /** A statement that is prepared when it is first used, and kept: SQLite's compiler costs more than most queries. */
  statement<Bind extends unknown[], Row = unknown>(sql: string): () => Database.Statement<Bind, Row> {
    let kept: Database.Statement<Bind, Row> | undefined;
    return () => {
      kept ??= this.#database.prepare<Bind, Row>(sql);
      return kept;
    };
  }

  /** As `statement`; its rows are tuples, which are faster to read. */
  rawStatement<Bind extends unknown[], Row extends unknown[]>(sql: string): () => Database.Statement<Bind, Row> {
    let kept: Database.Statement<Bind, Row> | undefined;
    return () => {
      kept ??= this.#database.prepare<Bind, Row>(sql).raw();
      return kept;
    };
  }

  /** Not kept, and so may be iterated several times at once. */
  prepareOnce<Bind extends unknown[], Row = unknown>(sql: string): Database.Statement<Bind, Row> {
    return this.#database.prepare<Bind, Row>(sql);
  }

  use<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Rows one at a time. Nothing can be written until they are used up or given up. */
  *rows<Row>(open: () => IterableIterator<Row>): Generator<Row, void, undefined> {
    try {
      yield* open();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** All that `work` writes, or none of it. */
  transaction(durability: Durability, work: () => void): void {
    this.use(() => {
      if (durability === 'power-loss') this.#database.pragma('synchronous = FULL');
      try {
        this.#database.transaction(work).immediate();
      } finally {
        if (durability === 'power-loss') this.#database.pragma('synchronous = NORMAL');
      }
    });
  }

  /** What was read makes no sense, though SQLite found nothing wrong with it. */
  damaged(cause: unknown): StatusError {
    this.#hasFailed = true;
    return damagedError(this.#place, this.#file.moveAside(), cause);
  }

  close(): void {
    this.use(() => this.#database.close());
    if (!this.#hasFailed) this.#file.closed();
  }

  #explained(error: unknown): unknown {
    this.#hasFailed = true;
    if (isDamage(error)) return this.damaged(error);
    return error instanceof Database.SqliteError ? statusError(this.#place, error) : error;
  }
}
