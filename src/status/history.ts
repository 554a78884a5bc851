import { fingerprint, href, ident } from '../model/names.ts';
import type { Side } from '../model/sides.ts';
import { compress, expand } from './compressed-text.ts';
import type { Connection } from './connection.ts';
import type { HistoryEntry, HistoryReason } from './status.ts';

/** A version in the history, as it is listed; `id` is never given again. */
export interface KeptVersion extends Omit<HistoryEntry, 'text'> {
  readonly id: number;
  /** The name of the mapping that it was in. */
  readonly collection: string;
  /** When it was replaced or removed, in milliseconds since 1970. */
  readonly time: number;
  /** The run that did; undefined: none was under way. */
  readonly run: number | undefined;
}

export interface History {
  /** Keeps a version that the write of an intent destroys. */
  add(entry: HistoryEntry, circumstances: { collection: string; intent: number; run: number | undefined }): void;
  /** The write of the intent was not done: nothing was destroyed. */
  takeBack(intent: number): void;
  knows(collection: string, identity: string, content: string): boolean;
  /** The newest first. */
  versions(): IterableIterator<KeptVersion>;
  text(id: number): string | undefined;
  prune(olderThan: number): void;
}

type VersionRow = [number, string, string, Side, string, string, HistoryReason, string, number, number | null];

export function openHistory(connection: Connection, now: () => number): History {
  const add = connection.statement<
    [string, string, Side, string, string, HistoryReason, string, number, number | null, number, Buffer]
  >(
    `INSERT INTO history (collection, ident, side, href, fingerprint, reason, summary, time, run, intent, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const takeBack = connection.statement<[number]>('DELETE FROM history WHERE intent = ?');
  const find = connection.statement<[string, string, string]>(
    'SELECT 1 FROM history WHERE collection = ? AND ident = ? AND fingerprint = ?',
  );
  const text = connection.statement<[number], { text: Buffer }>('SELECT text FROM history WHERE id = ?');
  const prune = connection.statement<[number]>('DELETE FROM history WHERE time <= ?');

  return {
    add(entry, { collection, intent, run }) {
      const { ident, side, href, fingerprint, reason, summary } = entry;
      const bytes = compress(entry.text);
      add().run(collection, ident, side, href, fingerprint, reason, summary, now(), run ?? null, intent, bytes);
    },
    takeBack: (intent) => {
      takeBack().run(intent);
    },
    knows: (collection, identity, content) => find().get(collection, identity, content) !== undefined,
    versions: () => connection.rows(() => readVersions(connection)),
    text: (id) =>
      connection.use(() => {
        const row = text().get(id);
        return row === undefined ? undefined : expandOrFail(connection, row.text);
      }),
    prune: (olderThan) => {
      prune().run(olderThan);
    },
  };
}

/** Texts are the one thing whose damage SQLite's own check cannot see. */
export function expandOrFail(connection: Connection, bytes: Buffer): string {
  try {
    return expand(bytes);
  } catch (error) {
    throw connection.damaged(error);
  }
}

function* readVersions(connection: Connection): Generator<KeptVersion, void, undefined> {
  const rows = connection
    .prepareOnce<[], VersionRow>(
      `SELECT id, collection, ident, side, href, fingerprint, reason, summary, time, run
       FROM history ORDER BY id DESC`,
    )
    .raw()
    .iterate();
  for (const [id, collection, identity, side, address, content, reason, summary, time, run] of rows) {
    yield {
      id,
      collection,
      ident: ident(identity),
      side,
      href: href(address),
      fingerprint: fingerprint(content),
      reason,
      summary,
      time,
      run: run ?? undefined,
    };
  }
}
