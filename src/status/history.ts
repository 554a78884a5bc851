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
  /** Removes what is older, and what is too much. */
  prune(olderThan: number): void;
}

/** How much the compressed texts of a pair's history may take. With more, the oldest go before their time. */
export const MOST_HISTORY_BYTES = 64 * 1024 * 1024;

type VersionRow = [number, string, string, Side, string, string, HistoryReason, string, number, number | null];

export function openHistory(connection: Connection, now: () => number, mostBytes = MOST_HISTORY_BYTES): History {
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
  const remove = connection.statement<[number]>('DELETE FROM history WHERE id = ?');
  const size = connection.statement<[], { readonly bytes: number | null }>(
    'SELECT sum(length(text)) AS bytes FROM history',
  );
  const sizes = connection.rawStatement<[], [number, number]>(BY_VALUE);
  /** Measuring reads all of it, so that is done only where something came in. */
  let hasGrown = false;

  return {
    add(entry, { collection, intent, run }) {
      const { ident, side, href, fingerprint, reason, summary } = entry;
      const bytes = compress(entry.text);
      hasGrown = true;
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
      if (!hasGrown) return;
      hasGrown = false;
      if ((size().get()?.bytes ?? 0) <= mostBytes) return;
      const surplus = surplusOf(sizes().all(), mostBytes);
      connection.transaction('crash', () => {
        for (const id of surplus) remove().run(id);
      });
    },
  };
}

/** Number and size of each version, those first that are missed least: the newest of each item come last. */
const BY_VALUE = `
  SELECT id, length(text) FROM history AS version
  ORDER BY id = (
    SELECT max(id) FROM history AS other WHERE other.collection = version.collection AND other.ident = version.ident
  ), id`;

/** What has to go for the rest to fit. */
function surplusOf(sizes: readonly (readonly [number, number])[], mostBytes: number): readonly number[] {
  let excess = sizes.reduce((sum, [, bytes]) => sum + bytes, 0) - mostBytes;
  const surplus: number[] = [];
  for (const [id, bytes] of sizes) {
    if (excess <= 0) break;
    surplus.push(id);
    excess -= bytes;
  }
  return surplus;
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
