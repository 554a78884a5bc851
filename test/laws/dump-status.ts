import type { Connection } from '../../src/status/connection.ts';

const TABLES = {
  mappings: 'SELECT * FROM mappings ORDER BY id',
  agreements: `SELECT mapping, ident, href_a, href_b, etag_a, etag_b, fingerprint_a, fingerprint_b, base_fingerprint
    FROM agreements ORDER BY mapping, ident`,
  sightings: 'SELECT * FROM sightings ORDER BY mapping, side, href',
  intents: 'SELECT * FROM intents ORDER BY mapping, ident',
  history: 'SELECT id, collection, ident, side, href, fingerprint, reason FROM history ORDER BY id',
  checkpoints: 'SELECT * FROM checkpoints ORDER BY mapping, side',
  properties: 'SELECT * FROM properties ORDER BY mapping, name',
  waiting: 'SELECT mapping, type, subject, side, reason, version_a, version_b FROM waiting ORDER BY mapping, id',
  memory: 'SELECT * FROM memory ORDER BY side',
};

/** All that the status knows, but for its runs, as a text that can be compared. */
export function dumpStatus(connection: Connection): string {
  return Object.entries(TABLES)
    .flatMap(([table, sql]) =>
      connection
        .prepareOnce<[]>(sql)
        .all()
        .map((row) => `${table} ${JSON.stringify(row)}`),
    )
    .join('\n');
}
