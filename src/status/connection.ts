import Database from 'better-sqlite3';
import type { StatusError } from '../model/errors.ts';
import { damagedError, isDamage, type Place, statusError } from './failure.ts';

/** What must be on the disk when a transaction returns: all of it, or as much as survives the end of the process. */
export type Durability = 'power-loss' | 'crash';

/** An open database whose every failure is a `StatusError`. */
export class Connection {
  readonly #database: Database.Database;
  readonly #place: Place;
  readonly #moveAside: () => string | undefined;

  /** `moveAside` is called when damage is found, and tells where the file went; undefined: there is no file to move. */
  constructor(database: Database.Database, place: Place, moveAside: () => string | undefined) {
    this.#database = database;
    this.#place = place;
    this.#moveAside = moveAside;
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
    return damagedError(this.#place, this.#moveAside(), cause);
  }

  close(): void {
    this.use(() => this.#database.close());
  }

  #explained(error: unknown): unknown {
    if (isDamage(error)) return this.damaged(error);
    return error instanceof Database.SqliteError ? statusError(this.#place, error) : error;
  }
}
