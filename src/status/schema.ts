import type Database from 'better-sqlite3';

/** In the header of each of our files, so that none is taken for one: "pims". */
export const APPLICATION_ID = 0x70_69_6d_73;

/**
 * One step for each version of the schema, never edited once it was released: a database of version n has had the
 * first n of them.
 *
 * Times are milliseconds since 1970. The indexes named `…_copy` hold once more what no other index holds: the check at
 * the start compares them with the rows, and so finds a byte that flipped in either (ST4).
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE mappings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    href_a TEXT NOT NULL,
    href_b TEXT NOT NULL
  );
  CREATE UNIQUE INDEX mappings_hrefs ON mappings (href_a, href_b);
  CREATE INDEX mappings_copy ON mappings (name);

  -- The hrefs are null only within a transaction, while another agreement takes one over.
  CREATE TABLE agreements (
    mapping INTEGER NOT NULL REFERENCES mappings ON DELETE CASCADE,
    ident TEXT NOT NULL,
    href_a TEXT,
    href_b TEXT,
    etag_a TEXT NOT NULL,
    etag_b TEXT NOT NULL,
    fingerprint_a TEXT NOT NULL,
    fingerprint_b TEXT NOT NULL,
    previous_a TEXT,
    previous_b TEXT,
    base_fingerprint TEXT,
    base BLOB
  );
  CREATE UNIQUE INDEX agreements_ident ON agreements (mapping, ident);
  CREATE UNIQUE INDEX agreements_a ON agreements (mapping, href_a);
  CREATE UNIQUE INDEX agreements_b ON agreements (mapping, href_b);
  CREATE INDEX agreements_copy ON agreements (mapping, ident, href_a, href_b, etag_a, etag_b,
    fingerprint_a, fingerprint_b, previous_a, previous_b, base_fingerprint);

  CREATE TABLE sightings (
    mapping INTEGER NOT NULL REFERENCES mappings ON DELETE CASCADE,
    side TEXT NOT NULL,
    href TEXT NOT NULL,
    etag TEXT,
    ident TEXT,
    fingerprint TEXT,
    unreadable TEXT
  );
  CREATE UNIQUE INDEX sightings_href ON sightings (mapping, side, href);
  CREATE INDEX sightings_copy ON sightings (mapping, etag, ident, fingerprint, unreadable);

  CREATE TABLE intents (
    id INTEGER PRIMARY KEY,
    mapping INTEGER NOT NULL REFERENCES mappings ON DELETE CASCADE,
    ident TEXT NOT NULL,
    side TEXT NOT NULL,
    verb TEXT NOT NULL,
    href TEXT NOT NULL,
    fingerprint TEXT,
    source_href TEXT,
    source_etag TEXT,
    source_fingerprint TEXT
  );
  CREATE UNIQUE INDEX intents_ident ON intents (mapping, ident);
  CREATE INDEX intents_copy ON intents (mapping, side, verb, href, fingerprint, source_href, source_etag,
    source_fingerprint);

  -- Outlives its mapping, and its run. It belongs to an intent as long as that may turn out as not done.
  CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    ident TEXT NOT NULL,
    side TEXT NOT NULL,
    href TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    summary TEXT NOT NULL,
    time INTEGER NOT NULL,
    run INTEGER,
    intent INTEGER REFERENCES intents ON DELETE SET NULL,
    text BLOB NOT NULL
  );
  CREATE INDEX history_ident ON history (collection, ident, fingerprint);
  CREATE INDEX history_time ON history (time);
  CREATE INDEX history_intent ON history (intent) WHERE intent IS NOT NULL;

  CREATE TABLE checkpoints (
    mapping INTEGER NOT NULL REFERENCES mappings ON DELETE CASCADE,
    side TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    listed_at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX checkpoints_side ON checkpoints (mapping, side);
  CREATE INDEX checkpoints_copy ON checkpoints (mapping, checkpoint, listed_at);

  CREATE TABLE properties (
    mapping INTEGER NOT NULL REFERENCES mappings ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT
  );
  CREATE UNIQUE INDEX properties_name ON properties (mapping, name);
  CREATE INDEX properties_copy ON properties (mapping, value);

  -- Without a mapping: of the pair as a whole.
  CREATE TABLE waiting (
    id INTEGER PRIMARY KEY,
    mapping INTEGER REFERENCES mappings ON DELETE CASCADE,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    side TEXT,
    summary TEXT NOT NULL,
    reason TEXT NOT NULL,
    version_a TEXT,
    version_b TEXT,
    since INTEGER NOT NULL
  );
  CREATE INDEX waiting_copy ON waiting (mapping, type, subject, side, summary, reason, version_a, version_b);

  CREATE TABLE memory (side TEXT NOT NULL, text TEXT NOT NULL);
  CREATE UNIQUE INDEX memory_side ON memory (side);
  CREATE INDEX memory_copy ON memory (text);

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    details TEXT
  );
  `,
  `
  ALTER TABLE waiting ADD COLUMN waits INTEGER NOT NULL DEFAULT 1;
  DROP INDEX waiting_copy;
  CREATE INDEX waiting_copy ON waiting (mapping, type, subject, side, summary, reason, version_a, version_b, waits);
  `,
  `
  -- Several base texts, compressed together, and how many of them are one. What was compressed alone is alone in its pack.
  CREATE TABLE packs (id INTEGER PRIMARY KEY AUTOINCREMENT, used INTEGER NOT NULL, texts BLOB NOT NULL);
  ALTER TABLE agreements ADD COLUMN base_pack INTEGER;
  ALTER TABLE agreements ADD COLUMN base_start INTEGER;
  ALTER TABLE agreements ADD COLUMN base_end INTEGER;
  INSERT INTO packs (id, used, texts) SELECT rowid, 1, base FROM agreements WHERE base IS NOT NULL;
  UPDATE agreements SET base_pack = rowid, base_start = 0 WHERE base IS NOT NULL;
  DROP INDEX agreements_copy;
  ALTER TABLE agreements DROP COLUMN base;
  CREATE INDEX agreements_copy ON agreements (mapping, ident, href_a, href_b, etag_a, etag_b,
    fingerprint_a, fingerprint_b, previous_a, previous_b, base_fingerprint, base_pack, base_start, base_end);
  CREATE TRIGGER base_replaced AFTER UPDATE OF base_pack ON agreements
  WHEN old.base_pack IS NOT NULL AND (old.base_pack, old.base_start) IS NOT (new.base_pack, new.base_start)
  BEGIN
    UPDATE packs SET used = used - 1 WHERE id = old.base_pack;
    DELETE FROM packs WHERE id = old.base_pack AND used <= 0;
  END;
  CREATE TRIGGER base_forgotten AFTER DELETE ON agreements WHEN old.base_pack IS NOT NULL
  BEGIN
    UPDATE packs SET used = used - 1 WHERE id = old.base_pack;
    DELETE FROM packs WHERE id = old.base_pack AND used <= 0;
  END;
  `,
];

export const versionOf = (database: Database.Database): number =>
  Number(database.pragma('user_version', { simple: true }));

/** Brings a database to the newest version, or leaves it exactly as it was (ST4). */
export function migrate(database: Database.Database, migrations: readonly string[]): void {
  if (versionOf(database) === migrations.length) return;
  database
    .transaction(() => {
      for (const step of migrations.slice(versionOf(database))) database.exec(step);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}
