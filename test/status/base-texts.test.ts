import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { StatusError } from '../../src/model/errors.ts';
import { href, ident } from '../../src/model/names.ts';
import { compress } from '../../src/status/compressed-text.ts';
import { openDatabase, openEmptyDatabase } from '../../src/status/database.ts';
import { PairStatus } from '../../src/status/pair-status.ts';
import { MIGRATIONS, migrate } from '../../src/status/schema.ts';
import { agreement, baseOf } from '../support/status-builders.ts';

const HREFS = { a: href('/a/'), b: href('/b/') };

function newStatus() {
  const connection = openEmptyDatabase({ pair: 'work', path: ':memory:' });
  const status = new PairStatus(connection, Date.now);
  const packs = (): unknown[] => connection.prepareOnce<[]>('SELECT used FROM packs ORDER BY id').all();
  return { connection, status, packs, mapping: status.mapping('work', HREFS) };
}

const agree = (uid: string, text: string, version = 1) =>
  ({ type: 'agree', agreement: agreement(uid, version), base: baseOf(text) }) as const;

test('ST2: base texts of one transaction come back exactly, in any order and of any size', () => {
  const { mapping } = newStatus();
  const texts = Array.from({ length: 60 }, (_, index) => `${index} äöü\u{1f382}\r\n`.repeat(index * 7));
  texts.push('', 'x'.repeat(40_000), '', 'NOTE:\u0000\r\n');
  mapping.commit(texts.map((text, index) => agree(`${index}`, text)));
  for (const index of [...texts.keys()].reverse()) {
    expect(mapping.baseText(ident(`${index}`))).toEqual(baseOf(texts[index] ?? ''));
  }
});

test('an agreement without a base text keeps the one that it has', () => {
  const { mapping, packs } = newStatus();
  mapping.commit([agree('1', 'text'), agree('2', 'other')]);
  mapping.commit([{ type: 'agree', agreement: agreement('1', 2), base: undefined }]);
  expect(mapping.baseText(ident('1'))).toEqual(baseOf('text'));
  expect(packs()).toEqual([{ used: 2 }]);
});

test('a pack goes with the last of its texts that is a base', () => {
  const { mapping, packs, status } = newStatus();
  mapping.commit(['1', '2', '3'].map((uid) => agree(uid, `text of ${uid}`)));
  mapping.commit([agree('1', 'new', 2), { type: 'forget', ident: ident('2') }]);
  expect(packs()).toEqual([{ used: 1 }, { used: 1 }]);
  expect(mapping.baseText(ident('3'))).toEqual(baseOf('text of 3'));
  mapping.commit([agree('3', 'newer', 2)]);
  expect(packs()).toEqual([{ used: 1 }, { used: 1 }]);
  expect(mapping.baseText(ident('1'))).toEqual(baseOf('new'));
  expect(mapping.baseText(ident('3'))).toEqual(baseOf('newer'));
  mapping.commit([agree('3', 'first', 3), agree('3', 'second', 4)]);
  expect(packs()).toEqual([{ used: 1 }, { used: 1 }]);
  expect(mapping.baseText(ident('3'))).toEqual(baseOf('second'));
  status.forgetMapping(mapping.id);
  expect(packs()).toEqual([]);
});

test('ST4: a pack that is missing is told', () => {
  const { connection, mapping } = newStatus();
  mapping.commit([agree('1', 'text')]);
  connection.prepareOnce<[]>('DELETE FROM packs').run();
  expect(() => mapping.baseText(ident('1'))).toThrow(StatusError);
});

test('ST4: base texts of the second version, each compressed alone, are read and replaced', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pimsync-status-'));
  try {
    const path = join(directory, 'work.status');
    const old = new Database(path);
    migrate(old, MIGRATIONS.slice(0, 2));
    old.exec(`INSERT INTO mappings (name, href_a, href_b) VALUES ('work', '/a/', '/b/')`);
    const insert = old.prepare(`INSERT INTO agreements VALUES (1, ?, ?, ?, 'a1', 'b1', 'fa', 'fb', NULL, NULL, ?, ?)`);
    for (const uid of ['1', '2']) insert.run(uid, `/a/${uid}`, `/b/${uid}`, 'fa', compress(`text of ${uid}`));
    insert.run('3', '/a/3', '/b/3', null, null);
    old.close();

    const connection = openDatabase({ pair: 'work', path });
    const mapping = new PairStatus(connection, Date.now).mapping('work', HREFS);
    expect(mapping.count()).toBe(3);
    expect(mapping.agreement(ident('1'))?.sides.b.etag).toBe('b1');
    expect(['1', '2', '3'].map((uid) => mapping.baseText(ident(uid))?.text)).toEqual([
      'text of 1',
      'text of 2',
      undefined,
    ]);
    mapping.commit([agree('1', 'new'), agree('3', 'also new')]);
    expect(['1', '2', '3'].map((uid) => mapping.baseText(ident(uid))?.text)).toEqual(['new', 'text of 2', 'also new']);
    expect(connection.prepareOnce<[]>('SELECT id, used FROM packs').all()).toEqual([
      { id: 2, used: 1 },
      { id: 3, used: 2 },
    ]);
    connection.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
