import { type AgreedVersion, type Agreement, nowhere, type Sighting } from '../model/agreement.ts';
import type { PropertyName } from '../model/collection.ts';
import { etag, fingerprint, type Href, href, type Ident, ident } from '../model/names.ts';
import { bySide, type Side } from '../model/sides.ts';
import type { Place } from './base-texts.ts';
import type { Connection } from './connection.ts';
import type { Intent } from './status.ts';

/** The statements over the rows of one mapping, whose id is their first parameter, and the rows as values. */
export const prepareMapping = (connection: Connection) => ({
  count: connection.statement<[number], { readonly count: number }>(
    'SELECT count(*) AS count FROM agreements WHERE mapping = ?',
  ),
  agreed: bySide(
    (side) => () =>
      connection
        .prepareOnce<[number], AgreedRow>(`SELECT ident, href_${side}, etag_${side} FROM agreements WHERE mapping = ?`)
        .raw(),
  ),
  nowhere: bySide((side) =>
    connection.statement<[number], { readonly ident: string }>(
      `SELECT ident FROM agreements WHERE mapping = ? AND href_${side} IS NULL`,
    ),
  ),
  agreement: connection.rawStatement<[number, string], AgreementRow>(
    `${SELECT_AGREEMENT} WHERE mapping = ? AND ident = ?`,
  ),
  agreementAt: bySide((side) =>
    connection.rawStatement<[number, string], AgreementRow>(
      `${SELECT_AGREEMENT} WHERE mapping = ? AND href_${side} = ?`,
    ),
  ),
  displace: bySide((side) =>
    connection.statement<[number, string, string]>(
      `UPDATE agreements SET href_${side} = NULL WHERE mapping = ? AND href_${side} = ? AND ident <> ?`,
    ),
  ),
  agree: connection.statement<
    [
      ...[mapping: number, ident: string, hrefA: string, hrefB: string, etagA: string, etagB: string],
      ...[fingerprintA: string, fingerprintB: string],
      ...[base: string | null, pack: number | null, start: number | null, end: number | null],
    ]
  >(
    `INSERT INTO agreements (mapping, ident, href_a, href_b, etag_a, etag_b, fingerprint_a, fingerprint_b,
       base_fingerprint, base_pack, base_start, base_end)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (mapping, ident) DO UPDATE SET
       href_a = excluded.href_a, href_b = excluded.href_b, etag_a = excluded.etag_a, etag_b = excluded.etag_b,
       previous_a = iif(fingerprint_a = excluded.fingerprint_a, previous_a, fingerprint_a),
       previous_b = iif(fingerprint_b = excluded.fingerprint_b, previous_b, fingerprint_b),
       fingerprint_a = excluded.fingerprint_a, fingerprint_b = excluded.fingerprint_b,
       base_fingerprint = coalesce(excluded.base_fingerprint, base_fingerprint),
       base_pack = coalesce(excluded.base_pack, base_pack), base_start = coalesce(excluded.base_start, base_start),
       base_end = coalesce(excluded.base_end, base_end)`,
  ),
  base: connection.statement<[number, string], Place & { readonly fingerprint: string }>(
    `SELECT base_fingerprint AS fingerprint, base_pack AS pack, base_start AS start, base_end AS end FROM agreements
     WHERE mapping = ? AND ident = ? AND base_pack IS NOT NULL`,
  ),
  forget: connection.statement<[number, string]>('DELETE FROM agreements WHERE mapping = ? AND ident = ?'),

  intents: connection.statement<[number], IntentRow>(
    `SELECT ident, side, verb, href, fingerprint, source_href, source_etag, source_fingerprint
     FROM intents WHERE mapping = ? ORDER BY id`,
  ),
  intentId: connection.statement<[number, string], { readonly id: number }>(
    'SELECT id FROM intents WHERE mapping = ? AND ident = ?',
  ),
  addIntent: connection.statement<[number, ...IntentValues]>(
    `INSERT INTO intents (mapping, ident, side, verb, href, fingerprint, source_href, source_etag, source_fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  removeIntent: connection.statement<[number, string]>('DELETE FROM intents WHERE mapping = ? AND ident = ?'),

  sightings: connection.statement<[number], SightingRow>(
    'SELECT side, href, etag, ident, fingerprint, unreadable FROM sightings WHERE mapping = ? ORDER BY side, href',
  ),
  sight: connection.statement<[number, ...SightingValues]>(
    `INSERT INTO sightings (mapping, side, href, etag, ident, fingerprint, unreadable) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (mapping, side, href) DO UPDATE SET
       etag = excluded.etag, ident = excluded.ident, fingerprint = excluded.fingerprint,
       unreadable = excluded.unreadable`,
  ),
  unsight: connection.statement<[number, Side, string]>(
    'DELETE FROM sightings WHERE mapping = ? AND side = ? AND href = ?',
  ),

  checkpointOf: connection.statement<[number, Side], { readonly checkpoint: string; readonly listed_at: number }>(
    'SELECT checkpoint, listed_at FROM checkpoints WHERE mapping = ? AND side = ?',
  ),
  setCheckpoint: connection.statement<[number, Side, string, number]>(
    `INSERT INTO checkpoints (mapping, side, checkpoint, listed_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (mapping, side) DO UPDATE SET checkpoint = excluded.checkpoint, listed_at = excluded.listed_at`,
  ),
  dropCheckpoint: connection.statement<[number, Side]>('DELETE FROM checkpoints WHERE mapping = ? AND side = ?'),

  property: connection.statement<[number, PropertyName], { readonly value: string | null }>(
    'SELECT value FROM properties WHERE mapping = ? AND name = ?',
  ),
  setProperty: connection.statement<[number, PropertyName, string | null]>(
    `INSERT INTO properties (mapping, name, value) VALUES (?, ?, ?)
     ON CONFLICT (mapping, name) DO UPDATE SET value = excluded.value`,
  ),
  dropProperty: connection.statement<[number, PropertyName]>('DELETE FROM properties WHERE mapping = ? AND name = ?'),
});

/** ident, href, etag. */
type AgreedRow = [string, string | null, string];

/** ident, then of side a and side b: href, etag, fingerprint, previous. A href is null where another item took it. */
type AgreementRow = [
  string,
  string | null,
  string,
  string,
  string | null,
  string | null,
  string,
  string,
  string | null,
];

const SELECT_AGREEMENT = `SELECT ident, href_a, etag_a, fingerprint_a, previous_a, href_b, etag_b, fingerprint_b, previous_b
  FROM agreements`;

export function agreementOf(row: AgreementRow): Agreement {
  const uid = ident(row[0]);
  const a = versionOf(addressOf(row[1], uid), row[2], row[3], row[4]);
  const b = versionOf(addressOf(row[5], uid), row[6], row[7], row[8]);
  return { ident: uid, sides: { a, b } };
}

export const addressOf = (address: string | null, uid: Ident): Href =>
  address === null ? nowhere(uid) : href(address);

const versionOf = (address: Href, version: string, content: string, previous: string | null): AgreedVersion => {
  const agreed = { href: address, etag: etag(version), fingerprint: fingerprint(content) };
  return previous === null ? agreed : { ...agreed, previous: fingerprint(previous) };
};

interface IntentRow {
  readonly ident: string;
  readonly side: Side;
  readonly verb: Intent['verb'];
  readonly href: string;
  readonly fingerprint: string | null;
  readonly source_href: string | null;
  readonly source_etag: string | null;
  readonly source_fingerprint: string | null;
}

export const intentOf = (row: IntentRow): Intent => ({
  ident: ident(row.ident),
  side: row.side,
  verb: row.verb,
  href: href(row.href),
  fingerprint: row.fingerprint === null ? undefined : fingerprint(row.fingerprint),
  source:
    row.source_href === null || row.source_etag === null || row.source_fingerprint === null
      ? undefined
      : { href: href(row.source_href), etag: row.source_etag, fingerprint: fingerprint(row.source_fingerprint) },
});

type Optional = string | null;
type IntentValues = [string, Side, Intent['verb'], string, Optional, Optional, Optional, Optional];

export const intentValues = ({ ident, side, verb, href, fingerprint, source }: Intent): IntentValues => [
  ident,
  side,
  verb,
  href,
  fingerprint ?? null,
  source?.href ?? null,
  source?.etag ?? null,
  source?.fingerprint ?? null,
];

interface SightingRow {
  readonly side: Side;
  readonly href: string;
  readonly etag: string | null;
  readonly ident: string | null;
  readonly fingerprint: string | null;
  readonly unreadable: string | null;
}

export const sightingOf = (row: SightingRow): Sighting => ({
  side: row.side,
  href: href(row.href),
  etag: row.etag === null ? undefined : etag(row.etag),
  content:
    row.ident === null || row.fingerprint === null
      ? undefined
      : { ident: ident(row.ident), fingerprint: fingerprint(row.fingerprint) },
  unreadable: row.unreadable ?? undefined,
});

type SightingValues = [Side, string, Optional, Optional, Optional, Optional];

export const sightingValues = ({ side, href, etag, content, unreadable }: Sighting): SightingValues => [
  side,
  href,
  etag ?? null,
  content?.ident ?? null,
  content?.fingerprint ?? null,
  unreadable ?? null,
];
