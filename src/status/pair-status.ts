import { type Href, href } from '../model/names.ts';
import { SIDES, type Side, type Sides } from '../model/sides.ts';
import { openBaseTexts } from './base-texts.ts';
import type { Connection } from './connection.ts';
import { type History, type KeptVersion, openHistory } from './history.ts';
import { prepareMapping } from './mapping-rows.ts';
import { MappingMemory, type MappingTools } from './mapping-status.ts';
import type { KnownMapping, MappingStatus, RunEnding, Status, Waiting } from './status.ts';
import { type KnownWaiting, openWaitingLists, type WaitingLists } from './waiting-list.ts';

/** A run as the status remembers it; times are in milliseconds since 1970. */
export interface KnownRun {
  readonly run: number;
  readonly beganAt: number;
  /** `undefined`: it has not ended, or nobody was there any more to say so. */
  readonly ended: (RunEnding & { readonly at: number }) | undefined;
}

/** Enough to see how it went of late. */
const RUNS_KEPT = 100;

/** The memory of one pair, over a database. */
export class PairStatus implements Status {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #history: History;
  readonly #waiting: WaitingLists;
  readonly #mappingTools: MappingTools;
  readonly #statements: ReturnType<typeof prepare>;
  #run: number | undefined;

  constructor(connection: Connection, now: () => number, mostHistoryBytes?: number) {
    this.#connection = connection;
    this.#now = now;
    this.#history = openHistory(connection, now, mostHistoryBytes);
    this.#waiting = openWaitingLists(connection, now);
    this.#mappingTools = {
      connection,
      history: this.#history,
      bases: openBaseTexts(connection),
      counts: new Map(),
      waiting: this.#waiting,
      currentRun: () => this.#run,
      statements: prepareMapping(connection),
    };
    this.#statements = prepare(connection);
  }

  get isNew(): boolean {
    return this.#connection.use(() => this.#statements.everMapped().get() === undefined);
  }

  mappings(): readonly KnownMapping[] {
    return this.#connection.use(() =>
      this.#statements
        .mappings()
        .all()
        .map(({ id, name, href_a, href_b }) => ({
          id,
          name,
          hrefs: { a: href(href_a), b: href(href_b) },
        })),
    );
  }

  mapping(name: string, hrefs: Sides<Href>): MappingStatus {
    return this.#connection.use(() => {
      const known = this.#statements.mappingAt().get(hrefs.a, hrefs.b);
      if (known !== undefined && known.name !== name) this.#statements.renameMapping().run(name, known.id);
      const id = known?.id ?? Number(this.#statements.addMapping().run(name, hrefs.a, hrefs.b).lastInsertRowid);
      return new MappingMemory({ id, name, hrefs }, this.#mappingTools);
    });
  }

  forgetMapping(id: number): void {
    this.#mappingTools.counts.delete(id);
    this.#connection.use(() => this.#statements.forgetMapping().run(id));
  }

  /**
   * Drops all that is known of the mappings of these names (undefined: of the pair), so that its next run is a first
   * one. The history stays, and what is known of earlier runs.
   */
  startOver(names: ReadonlySet<string> | undefined): void {
    this.#connection.transaction('power-loss', () => {
      for (const { id, name } of this.mappings()) if (names?.has(name) !== false) this.forgetMapping(id);
      this.wait(names === undefined ? [] : this.waiting().filter(({ subject }) => !names.has(subject)));
      if (names === undefined) for (const side of SIDES) this.remember(side, undefined);
    });
  }

  recall(side: Side): string | undefined {
    return this.#connection.use(() => this.#statements.recall().get(side)?.text);
  }

  remember(side: Side, text: string | undefined): void {
    if (this.recall(side) === text) return;
    this.#connection.use(() =>
      text === undefined ? this.#statements.unremember().run(side) : this.#statements.remember().run(side, text),
    );
  }

  wait(things: readonly Waiting[]): void {
    this.#waiting.replace(undefined, things);
  }

  waiting(): readonly Waiting[] {
    return this.#waiting.read(undefined);
  }

  /** What waits at the pair as a whole, and at each of its mappings. */
  allWaiting(): readonly KnownWaiting[] {
    return this.#waiting.readAll();
  }

  beginRun(): number {
    return this.#connection.use(() => {
      this.#run = Number(this.#statements.beginRun().run(this.#now()).lastInsertRowid);
      return this.#run;
    });
  }

  endRun(run: number, { outcome, details }: RunEnding): void {
    this.#connection.transaction('crash', () => {
      this.#statements.endRun().run(this.#now(), outcome, details, run);
      this.#statements.dropRuns().run(run - RUNS_KEPT);
    });
    this.#run = undefined;
  }

  /** The newest first. */
  runs(): readonly KnownRun[] {
    return this.#connection.use(() =>
      this.#statements
        .runs()
        .all()
        .map(({ id, began_at, ended_at, outcome, details }) => ({
          run: id,
          beganAt: began_at,
          ended: ended_at === null ? undefined : { at: ended_at, outcome, details },
        })),
    );
  }

  pruneHistory(seconds: number): void {
    this.#connection.use(() => this.#history.prune(this.#now() - seconds * 1000));
  }

  /** The newest first. */
  versions(): IterableIterator<KeptVersion> {
    return this.#history.versions();
  }

  versionText(id: number): string | undefined {
    return this.#history.text(id);
  }

  close(): void {
    this.#connection.close();
  }
}

interface MappingRow {
  readonly id: number;
  readonly name: string;
  readonly href_a: string;
  readonly href_b: string;
}

interface RunRow {
  readonly id: number;
  readonly began_at: number;
  readonly ended_at: number | null;
  readonly outcome: RunEnding['outcome'];
  readonly details: string;
}

const prepare = (connection: Connection) => ({
  // What numbers the mappings remembers the last one, also when it is forgotten.
  everMapped: connection.statement<[]>(`SELECT 1 FROM sqlite_sequence WHERE name = 'mappings'`),
  mappings: connection.statement<[], MappingRow>('SELECT id, name, href_a, href_b FROM mappings ORDER BY id'),
  mappingAt: connection.statement<[string, string], MappingRow>(
    'SELECT id, name, href_a, href_b FROM mappings WHERE href_a = ? AND href_b = ?',
  ),
  addMapping: connection.statement<[string, string, string]>(
    'INSERT INTO mappings (name, href_a, href_b) VALUES (?, ?, ?)',
  ),
  renameMapping: connection.statement<[string, number]>('UPDATE mappings SET name = ? WHERE id = ?'),
  forgetMapping: connection.statement<[number]>('DELETE FROM mappings WHERE id = ?'),
  recall: connection.statement<[Side], { readonly text: string }>('SELECT text FROM memory WHERE side = ?'),
  remember: connection.statement<[Side, string]>(
    'INSERT INTO memory (side, text) VALUES (?, ?) ON CONFLICT (side) DO UPDATE SET text = excluded.text',
  ),
  unremember: connection.statement<[Side]>('DELETE FROM memory WHERE side = ?'),
  beginRun: connection.statement<[number]>('INSERT INTO runs (began_at) VALUES (?)'),
  endRun: connection.statement<[number, RunEnding['outcome'], string, number]>(
    'UPDATE runs SET ended_at = ?, outcome = ?, details = ? WHERE id = ?',
  ),
  dropRuns: connection.statement<[number]>('DELETE FROM runs WHERE id <= ?'),
  runs: connection.statement<[], RunRow>('SELECT id, began_at, ended_at, outcome, details FROM runs ORDER BY id DESC'),
});
