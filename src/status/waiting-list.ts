import { fingerprint } from '../model/names.ts';
import type { Side } from '../model/sides.ts';
import type { Connection } from './connection.ts';
import type { Waiting } from './status.ts';

/** As a person is told of it. */
export interface KnownWaiting extends Waiting {
  /** The name of the mapping; undefined: of the pair as a whole. */
  readonly collection: string | undefined;
  /** When it was first noticed, in milliseconds since 1970. */
  readonly since: number;
}

/** What waits for a person at one mapping, or (`undefined`) at the pair as a whole. */
export interface WaitingLists {
  read(mapping: number | undefined): readonly Waiting[];
  /** Those of all mappings, by their names; the pair's own come first. */
  readAll(): readonly KnownWaiting[];
  /** Rows that stay keep their time; nothing is written where all stay. */
  replace(mapping: number | undefined, things: readonly Waiting[]): void;
}

interface Row {
  readonly id: number;
  readonly type: Waiting['type'];
  readonly subject: string;
  readonly side: Side | null;
  readonly summary: string;
  readonly reason: string;
  readonly version_a: string | null;
  readonly version_b: string | null;
  readonly waits: 0 | 1;
}

type Values = [Side | null, string, string, string | null, string | null, 0 | 1];

export function openWaitingLists(connection: Connection, now: () => number): WaitingLists {
  const all = connection.statement<[number | null], Row>(
    `SELECT id, type, subject, side, summary, reason, version_a, version_b, waits FROM waiting
     WHERE mapping IS ? ORDER BY id`,
  );
  const everywhere = connection.statement<[], Row & { readonly name: string | null; readonly since: number }>(
    `SELECT waiting.*, mappings.name FROM waiting LEFT JOIN mappings ON mappings.id = mapping
     ORDER BY mappings.name, mapping, waiting.id`,
  );
  const insert = connection.statement<[...Values, number | null, Waiting['type'], string, number]>(
    `INSERT INTO waiting (side, summary, reason, version_a, version_b, waits, mapping, type, subject, since)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = connection.statement<[...Values, number]>(
    'UPDATE waiting SET side = ?, summary = ?, reason = ?, version_a = ?, version_b = ?, waits = ? WHERE id = ?',
  );
  const remove = connection.statement<[number]>('DELETE FROM waiting WHERE id = ?');

  const writesToReplace = (mapping: number | null, things: readonly Waiting[]): (() => void)[] => {
    const rowsByKey = new Map(
      all()
        .all(mapping)
        .map((row) => [keyOf(row), row]),
    );
    const thingsByKey = new Map(things.map((thing) => [keyOf(thing), thing]));
    const writes: (() => void)[] = [];
    for (const [key, row] of rowsByKey) {
      if (!thingsByKey.has(key)) writes.push(() => remove().run(row.id));
    }
    for (const [key, thing] of thingsByKey) {
      const row = rowsByKey.get(key);
      if (row === undefined) {
        writes.push(() => insert().run(...valuesOf(thing), mapping, thing.type, thing.subject, now()));
      } else if (!isSame(valuesOf(decode(row)), valuesOf(thing))) {
        writes.push(() => update().run(...valuesOf(thing), row.id));
      }
    }
    return writes;
  };

  return {
    read: (mapping) =>
      connection.use(() =>
        all()
          .all(mapping ?? null)
          .map(decode),
      ),
    readAll: () =>
      connection.use(() =>
        everywhere()
          .all()
          .map((row) => ({ ...decode(row), collection: row.name ?? undefined, since: row.since })),
      ),
    replace: (mapping, things) =>
      connection.use(() => {
        const writes = writesToReplace(mapping ?? null, things);
        if (writes.length === 0) return;
        connection.transaction('crash', () => {
          for (const write of writes) write();
        });
      }),
  };
}

const keyOf = ({ type, subject }: { readonly type: string; readonly subject: string }): string => `${type} ${subject}`;

const valuesOf = ({ side, summary, reason, versions, waits }: Waiting): Values => [
  side ?? null,
  summary,
  reason,
  versions.a ?? null,
  versions.b ?? null,
  waits === false ? 0 : 1,
];

const isSame = (some: Values, others: Values): boolean => some.every((value, index) => value === others[index]);

const decode = ({ type, subject, side, summary, reason, version_a, version_b, waits }: Row): Waiting => ({
  type,
  subject,
  side: side ?? undefined,
  summary,
  reason,
  versions: {
    a: version_a === null ? undefined : fingerprint(version_a),
    b: version_b === null ? undefined : fingerprint(version_b),
  },
  ...(waits === 0 ? { waits: false } : {}),
});
