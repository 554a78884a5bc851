import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StatusError } from '../../src/model/errors.ts';
import { fingerprint, href, ident } from '../../src/model/names.ts';
import { SIDES } from '../../src/model/sides.ts';
import { Connection, NO_FILE } from '../../src/status/connection.ts';
import { openDatabase } from '../../src/status/database.ts';
import { openStatus, openStatusInMemory } from '../../src/status/open-status.ts';
import { PairStatus } from '../../src/status/pair-status.ts';
import { MIGRATIONS } from '../../src/status/schema.ts';
import type { Status } from '../../src/status/status.ts';
import { agreementsOf } from '../support/agreements.ts';
import { agreement, baseOf, fillStatus } from '../support/status-builders.ts';

let root: string;
let directory: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pimsync-status-'));
  directory = join(root, 'new', 'status');
  path = join(directory, 'work.status');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const HREFS = { a: href('/a/'), b: href('/b/') };

/** All that decisions are made of. */
function answers(status: PairStatus): unknown {
  const mappings = status.mappings().map(({ name, hrefs }) => status.mapping(name, hrefs));
  return {
    isNew: status.isNew,
    remembered: SIDES.map((side) => status.recall(side)),
    mappings: mappings.map((mapping) => ({
      name: mapping.name,
      hrefs: mapping.hrefs,
      count: mapping.count(),
      agreements: agreementsOf(mapping).map((agreed) => ({
        agreed,
        base: mapping.baseText(agreed.ident),
        at: SIDES.map((side) => mapping.agreementAt(side, agreed.sides[side].href)?.ident),
      })),
      intents: mapping.intents(),
      sightings: mapping.sightings(),
      checkpoints: SIDES.map((side) => mapping.checkpoint(side)),
      color: mapping.property('color'),
      older: mapping.isOlder('a', ident('uid-1@example.org'), fingerprint('a-content-7')),
    })),
    texts: [...status.versions()].map(({ id }) => status.versionText(id)),
  };
}

function rightAnswers(): unknown {
  const status = openStatusInMemory();
  fillStatus(status);
  return answers(status);
}

function withStatus<T>(work: (status: PairStatus) => T, mode: 'read-write' | 'dry-run' = 'read-write'): T {
  const status = openStatus(directory, 'work', mode);
  try {
    return work(status);
  } finally {
    status.close();
  }
}

const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

/** Every file below the test's folder with its content. */
const everything = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(root, name)).isFile())
      .map((name) => [name, readFileSync(join(root, name), 'base64')]),
  );

describe('a status on disk', () => {
  test('ST1: is one file for the user alone, and holds what was committed', () => {
    withStatus(fillStatus);
    expect(readdirSync(directory)).toEqual(['work.status']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(withStatus(answers)).toEqual(rightAnswers());
  });

  test('ST1: while it is open, its log is for the user alone too', () => {
    withStatus((status) => {
      fillStatus(status);
      for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    });
  });

  test('ST1: deleting it starts over, also when a crash left its log', async () => {
    await crashAfterFilling();
    rmSync(path);
    expect(existsSync(`${path}-wal`)).toBe(true);
    withStatus((status) => {
      expect(status.isNew).toBe(true);
      expect(status.mappings()).toEqual([]);
    });
  });

  test('ST3: the death of the process takes back nothing that was committed', async () => {
    await crashAfterFilling();
    expect(withStatus(answers)).toEqual(rightAnswers());
  });

  test('ST6: what a crash left of a new file does not matter', () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, '.work.status.tmp'), 'half a');
    expect(withStatus((status) => status.isNew)).toBe(true);
    expect(readdirSync(directory)).toEqual(['work.status']);
  });
});

/** Ends without having closed, so that the log has what the file has not. */
async function crashAfterFilling(): Promise<void> {
  const program = `
    const { openStatus } = await import(${JSON.stringify(new URL('../../src/status/open-status.ts', import.meta.url).href)});
    const { fillStatus } = await import(${JSON.stringify(new URL('../support/status-builders.ts', import.meta.url).href)});
    fillStatus(openStatus(${JSON.stringify(directory)}, 'work', 'read-write'));
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: 'inherit',
  });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

describe('a damaged status', () => {
  beforeEach(() => withStatus(fillStatus));

  const openAndRead = (): unknown => caught(() => withStatus(answers));

  test('ST4: a flipped byte anywhere gives the right answers or a StatusError', { timeout: 120_000 }, () => {
    const right = rightAnswers();
    const bytes = readFileSync(path);
    const header = Array.from({ length: 100 }, (_, index) => index);
    const spread = Array.from({ length: 300 }, (_, index) => 100 + Math.floor((index * (bytes.length - 100)) / 300));
    const results = { right: 0, refused: 0 };
    for (const offset of [...header, ...spread]) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(offset) ^ (1 << (offset % 8)), offset);
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
      writeFileSync(path, flipped);
      const found = openAndRead();
      if (found instanceof StatusError) results.refused += 1;
      else {
        expect(found, `byte ${offset}`).toEqual(right);
        results.right += 1;
      }
    }
    // Most of a small database is room to grow; the rest must have been noticed.
    expect(results.refused).toBeGreaterThan(100);
  });

  test.each([
    ['cut in half', () => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096)],
    ['cut within a page', () => truncateSync(path, statSync(path).size - 1000)],
    ['emptied', () => truncateSync(path, 0)],
    ['garbage', () => writeFileSync(path, 'not a database '.repeat(1000))],
    ['zeros', () => writeFileSync(path, Buffer.alloc(statSync(path).size))],
    ['a database without content', () => replaceByDatabase('VACUUM')],
    ["another program's database", () => replaceByDatabase('CREATE TABLE mappings (id)')],
  ])('ST4: %s: it is moved aside with a word on how to go on, and the next run starts over', (_, damage) => {
    damage();
    const bytes = readFileSync(path);
    const error = openAndRead();
    expect(error).toBeInstanceOf(StatusError);
    expect(String(error)).toContain(`is damaged; it was moved to ${path}.damaged-1`);
    expect(error).toMatchObject({ hint: expect.stringContaining('Run again to start over') });
    expect(readFileSync(`${path}.damaged-1`).equals(bytes)).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(withStatus((status) => status.isNew)).toBe(true);
  });

  test('ST4: what was moved aside before is not overwritten', () => {
    writeFileSync(`${path}.damaged-1`, 'of last year');
    truncateSync(path, 0);
    expect(String(openAndRead())).toContain('work.status.damaged-2');
    expect(readFileSync(`${path}.damaged-1`, 'utf8')).toBe('of last year');
  });

  test('ST4: a dry run says so and moves nothing', () => {
    truncateSync(path, 5000);
    const before = everything();
    const error = caught(() => withStatus(answers, 'dry-run'));
    expect(error).toBeInstanceOf(StatusError);
    expect(String(error)).toMatch(/is damaged$/);
    expect(everything()).toEqual(before);
  });

  test('ST4: damage that shows only while it is used is moved aside as well', () => {
    const raw = new Database(path);
    raw.exec(`UPDATE packs SET texts = x'0011223344'
      WHERE id = (SELECT base_pack FROM agreements WHERE ident = 'uid-3@example.org')`);
    raw.close();
    withStatus((status) => {
      const mapping = status.mapping('work', HREFS);
      expect(caught(() => mapping.baseText(ident('uid-3@example.org')))).toBeInstanceOf(StatusError);
    });
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}.damaged-1`)).toBe(true);
  });
});

function replaceByDatabase(sql: string): void {
  rmSync(path);
  const database = new Database(path);
  database.exec(sql);
  database.close();
  if (statSync(path).size === 0) throw new Error('the test wants a file with content');
}

describe('a status of another version', () => {
  const place = () => ({ pair: 'work', path });
  const step2 = `ALTER TABLE runs ADD COLUMN host TEXT; UPDATE runs SET host = 'here';`;

  test('ST4: an older one is migrated, once, and keeps what it held', () => {
    withStatus(fillStatus);
    for (let opening = 1; opening <= 2; opening += 1) {
      const connection = openDatabase(place(), [...MIGRATIONS, step2]);
      expect(connection.statement('SELECT host FROM runs')().all()).toEqual([{ host: 'here' }]);
      expect(answers(new PairStatus(connection, Date.now))).toEqual(rightAnswers());
      connection.close();
    }
  });

  test('ST4: a migration that fails leaves it as it was', () => {
    withStatus(fillStatus);
    expect(() => openDatabase(place(), [...MIGRATIONS, step2, 'DROP TABLE nothing'])).toThrow(StatusError);
    expect(withStatus(answers)).toEqual(rightAnswers());
  });

  test('ST4: a newer one is refused and left where it is', () => {
    openDatabase(place(), [...MIGRATIONS, step2]).close();
    const before = everything();
    for (const mode of ['read-write', 'dry-run'] as const) {
      expect(() => withStatus(answers, mode)).toThrow(
        `was written by a newer pimsync (its version is ${MIGRATIONS.length + 1})`,
      );
    }
    expect(everything()).toEqual(before);
  });
});

describe('a dry run', () => {
  test('begins in memory where there is nothing, and makes nothing', () => {
    withStatus(fillStatus, 'dry-run');
    expect(readdirSync(root)).toEqual([]);
  });

  test('sees what is there and keeps its own changes to itself', () => {
    withStatus(fillStatus);
    const before = everything();
    withStatus((status) => {
      expect(answers(status)).toEqual(rightAnswers());
      status
        .mapping('other', { a: href('/x/'), b: href('/y/') })
        .commit([{ type: 'agree', agreement: agreement('1'), base: baseOf('text') }]);
    }, 'dry-run');
    expect(everything()).toEqual(before);
  });

  test('sees what a crash left in the log, and leaves it there', async () => {
    await crashAfterFilling();
    const before = everything();
    expect(Object.keys(before)).toContain('new/status/work.status-wal');
    expect(withStatus(answers, 'dry-run')).toEqual(rightAnswers());
    expect(everything()).toEqual(before);
  });

  test('sees a moment of a status that is in use', () => {
    withStatus((status) => {
      fillStatus(status);
      expect(withStatus(answers, 'dry-run')).toEqual(rightAnswers());
    });
  });
});

describe('a status that cannot be written', () => {
  const write = (status: Status): void => fillStatus(status);

  test('SR6: a full disk is told, and nothing of the transaction is there', () => {
    withStatus((status) => void status.mapping('work', HREFS));
    const database = new Database(path);
    database.pragma('foreign_keys = ON');
    database.pragma(`max_page_count = ${String(database.pragma('page_count', { simple: true }))}`);
    const status = new PairStatus(new Connection(database, { pair: 'work', path }, NO_FILE), Date.now);
    expect(() => write(status)).toThrow('could not use the status of pair "work"');
    expect(caught(() => write(status))).toMatchObject({
      name: 'StatusError',
      message: expect.stringContaining('the disk is full'),
      hint: expect.stringContaining('Free some space'),
    });
    expect(status.mapping('work', HREFS).count()).toBe(0);
    status.close();
  });

  test('SR6: a file that may not be written is told, and can be read', () => {
    withStatus(fillStatus);
    const database = new Database(path, { readonly: true });
    const status = new PairStatus(new Connection(database, { pair: 'work', path }, NO_FILE), Date.now);
    expect(answers(status)).toEqual(rightAnswers());
    expect(caught(() => write(status))).toMatchObject({
      name: 'StatusError',
      message: expect.stringContaining('cannot be opened for writing'),
    });
    status.close();
  });

  test('SR6: another writer is told; the next attempt finds it gone', () => {
    withStatus(fillStatus);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const impatient = new Connection(new Database(path, { timeout: 0 }), { pair: 'work', path }, NO_FILE);
    const status = new PairStatus(impatient, Date.now);
    expect(() => status.beginRun()).toThrow('another process is writing it');
    other.close();
    expect(status.beginRun()).toBeGreaterThan(0);
    status.close();
  });

  test('SR6: a directory that cannot be made is told', () => {
    writeFileSync(join(root, 'new'), 'a file');
    expect(caught(() => withStatus(answers))).toMatchObject({
      name: 'StatusError',
      message: expect.stringContaining('cannot be opened for writing'),
    });
  });
});
