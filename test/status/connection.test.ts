import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { StatusError } from '../../src/model/errors.ts';
import { Connection, NO_FILE } from '../../src/status/connection.ts';

function openConnection() {
  const database = new Database(':memory:');
  database.exec('PRAGMA synchronous = NORMAL; CREATE TABLE t (x UNIQUE)');
  const connection = new Connection(database, { pair: 'work', path: '/status/work.status' }, NO_FILE);
  const insert = connection.statement<[number]>('INSERT INTO t VALUES (?)');
  const count = connection.statement<[], { count: number }>('SELECT count(*) AS count FROM t');
  const safety = (): unknown => database.pragma('synchronous', { simple: true });
  return { connection, insert, count, safety };
}

test('SR4: what must outlive a loss of power is written with that safety, and nothing else is', () => {
  const { connection, safety } = openConnection();
  const [normal, full] = [1, 2];
  connection.transaction('crash', () => expect(safety()).toBe(normal));
  connection.transaction('power-loss', () => expect(safety()).toBe(full));
  expect(safety()).toBe(normal);
  expect(() =>
    connection.transaction('power-loss', () => {
      throw new Error('broken');
    }),
  ).toThrow('broken');
  expect(safety()).toBe(normal);
});

test('SR6: what SQLite refuses is a StatusError that names pair and file, and keeps the cause', () => {
  const { connection, insert, count } = openConnection();
  const twice = (): void => {
    insert().run(1);
    insert().run(1);
  };
  expect(() => connection.transaction('crash', twice)).toThrow(
    'could not use the status of pair "work" (/status/work.status): UNIQUE constraint failed: t.x',
  );
  expect(count().get()).toEqual({ count: 0 });
  try {
    connection.transaction('crash', twice);
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toHaveProperty('cause.code', 'SQLITE_CONSTRAINT_UNIQUE');
  }
});

test('a bug stays what it is', () => {
  const { connection } = openConnection();
  const bug = new TypeError('bug');
  expect(() =>
    connection.use(() => {
      throw bug;
    }),
  ).toThrow(bug);
});

test('SR6: what fails while rows are read is a StatusError too', () => {
  const { connection } = openConnection();
  const rows = connection.rows(() => connection.prepareOnce('SELECT json(1, 2)').iterate());
  expect(() => [...rows]).toThrow(StatusError);
});
