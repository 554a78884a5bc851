import { describe, expect, test } from 'vitest';
import { href } from '../../src/model/names.ts';
import { compress } from '../../src/status/compressed-text.ts';
import { openEmptyDatabase } from '../../src/status/database.ts';
import { openStatusInMemory } from '../../src/status/open-status.ts';
import { PairStatus } from '../../src/status/pair-status.ts';
import type { Waiting } from '../../src/status/status.ts';
import { agreement, baseOf, deletion, entry } from '../support/status-builders.ts';

const HREFS = { a: href('/a/'), b: href('/b/') };

/** A status whose clock goes on by a second at each look. */
function openTicking(): PairStatus {
  let now = 0;
  return openStatusInMemory(() => {
    now += 1000;
    return now;
  });
}

describe('mappings', () => {
  test('a status is new until a mapping was made, and never again', () => {
    const status = openStatusInMemory();
    status.beginRun();
    expect(status.isNew).toBe(true);
    const { id } = status.mapping('work', HREFS);
    expect(status.isNew).toBe(false);
    status.forgetMapping(id);
    expect(status.isNew).toBe(false);
  });

  test('ST5: a mapping that leads elsewhere starts without agreements, and finds them when it leads back', () => {
    const status = openStatusInMemory();
    status.mapping('work', HREFS).commit([{ type: 'agree', agreement: agreement('1'), base: undefined }]);
    expect(status.mapping('work', { ...HREFS, b: href('/c/') }).count()).toBe(0);
    expect(status.mapping('work', HREFS).count()).toBe(1);
    expect(status.mappings().map(({ name, hrefs }) => [name, hrefs.b])).toEqual([
      ['work', '/b/'],
      ['work', '/c/'],
    ]);
  });

  test('ST5: a mapping that is called otherwise keeps its agreements', () => {
    const status = openStatusInMemory();
    const { id } = status.mapping('work', HREFS);
    expect(status.mapping('job', HREFS).id).toBe(id);
    expect(status.mappings()).toEqual([{ id, name: 'job', hrefs: HREFS }]);
  });

  test('a forgotten mapping leaves nothing but its history', () => {
    const status = openStatusInMemory();
    const mapping = status.mapping('work', HREFS);
    mapping.commit([
      { type: 'agree', agreement: agreement('1'), base: baseOf('text') },
      { type: 'intend', intent: deletion('1', 'a'), destroys: [entry('1', 'a')] },
      { type: 'checkpoint', side: 'a', known: undefined },
    ]);
    mapping.wait([waiting('1')]);
    expect(mapping.count()).toBe(1);
    status.forgetMapping(mapping.id);
    expect(mapping.count()).toBe(0);
    const again = status.mapping('work', HREFS);
    expect(again.id).not.toBe(mapping.id);
    expect([again.count(), again.intents(), again.waiting()]).toEqual([0, [], []]);
    expect([...status.versions()].map(({ ident }) => ident)).toEqual(['1']);
  });
});

describe('starting over', () => {
  function filled(): PairStatus {
    const status = openStatusInMemory();
    for (const [name, b] of [
      ['work', '/b/'],
      ['work', '/moved/'],
      ['home', '/c/'],
    ] as const) {
      const mapping = status.mapping(name, { a: href('/a/'), b: href(b) });
      mapping.commit([
        { type: 'agree', agreement: agreement('1'), base: baseOf('text') },
        { type: 'intend', intent: deletion('2', 'a'), destroys: [entry('2', 'a')] },
      ]);
      mapping.wait([waiting('1')]);
    }
    status.wait([waiting('work'), waiting('home')]);
    status.remember('a', '/dav/');
    status.endRun(status.beginRun(), { outcome: 'done', details: '{}' });
    return status;
  }

  test('ST1: of a pair leaves its history and its runs', () => {
    const status = filled();
    status.startOver(undefined);
    expect([status.mappings(), status.allWaiting(), status.recall('a')]).toEqual([[], [], undefined]);
    expect([[...status.versions()].length, status.runs().length]).toEqual([3, 1]);
  });

  test('of one collection leaves the others', () => {
    const status = filled();
    status.startOver(new Set(['work']));
    expect(status.mappings().map(({ name }) => name)).toEqual(['home']);
    expect(status.allWaiting().map(({ collection, subject }) => [collection, subject])).toEqual([
      [undefined, 'home'],
      ['home', '1'],
    ]);
    expect(status.recall('a')).toBe('/dav/');
  });
});

test('a side is remembered until it is forgotten', () => {
  const status = openStatusInMemory();
  expect(status.recall('a')).toBeUndefined();
  status.remember('a', 'home: /dav/');
  status.remember('b', 'ä\0€');
  status.remember('a', 'home: /dav2/');
  expect([status.recall('a'), status.recall('b')]).toEqual(['home: /dav2/', 'ä\0€']);
  status.remember('a', undefined);
  expect(status.recall('a')).toBeUndefined();
});

const waiting = (subject: string, more: Partial<Waiting> = {}): Waiting => ({
  type: 'conflict',
  subject,
  side: undefined,
  summary: 'Dinner',
  reason: 'differs',
  versions: { a: undefined, b: undefined },
  ...more,
});

test('what waits at the pair is replaced as a whole, and is not what waits at a mapping', () => {
  const status = openStatusInMemory();
  const mapping = status.mapping('work', HREFS);
  mapping.wait([waiting('1')]);
  status.wait([waiting('', { type: 'failed', side: 'b' }), waiting('2')]);
  status.wait([waiting('2', { reason: 'changed' }), waiting('3')]);
  expect(status.waiting()).toEqual([waiting('2', { reason: 'changed' }), waiting('3')]);
  expect(mapping.waiting()).toEqual([waiting('1')]);
});

test('SR7: what is told again is not written again', () => {
  const connection = openEmptyDatabase({ pair: 'work', path: ':memory:' });
  const rowsWritten = connection.statement<[], { count: number }>('SELECT total_changes() AS count');
  const status = new PairStatus(connection, Date.now);
  const mapping = status.mapping('work', HREFS);
  mapping.wait([waiting('1')]);
  status.remember('a', 'x');
  const before = rowsWritten().get();
  mapping.wait([waiting('1')]);
  status.wait([]);
  status.remember('a', 'x');
  status.mapping('work', HREFS);
  mapping.commit([]);
  expect(rowsWritten().get()).toEqual(before);
  mapping.wait([waiting('2')]);
  expect(rowsWritten().get()).not.toEqual(before);
});

test('a person is told of all that waits, where, and since when', () => {
  const status = openTicking();
  status.wait([waiting('other', { type: 'failed', side: 'b' })]);
  status.mapping('work', HREFS).wait([waiting('1'), waiting('2', { type: 'held', waits: false })]);
  status.mapping('home', { ...HREFS, a: href('/c/') }).wait([waiting('3')]);
  status.mapping('work', HREFS).wait([waiting('1'), waiting('2', { type: 'held' })]);
  expect(status.allWaiting()).toEqual([
    { ...waiting('other', { type: 'failed', side: 'b' }), collection: undefined, since: 1000 },
    { ...waiting('3'), collection: 'home', since: 4000 },
    { ...waiting('1'), collection: 'work', since: 2000 },
    { ...waiting('2', { type: 'held' }), collection: 'work', since: 3000 },
  ]);
});

describe('runs', () => {
  test('SR7: a run is recorded with its ending; one that died has none', () => {
    const status = openTicking();
    const died = status.beginRun();
    const run = status.beginRun();
    status.endRun(run, { outcome: 'done', details: '{}' });
    expect(status.runs()).toEqual([
      { run, beganAt: 2000, ended: { at: 3000, outcome: 'done', details: '{}' } },
      { run: died, beganAt: 1000, ended: undefined },
    ]);
  });

  test('only the last hundred are kept', () => {
    const status = openStatusInMemory();
    for (let count = 1; count <= 130; count += 1) {
      status.endRun(status.beginRun(), { outcome: 'done', details: '{}' });
    }
    expect(status.runs().map(({ run }) => run)).toEqual(Array.from({ length: 100 }, (_, index) => 130 - index));
  });
});

describe('history', () => {
  test('SR4: a version carries the run that replaced it, and its text comes back exactly', () => {
    const status = openTicking();
    const mapping = status.mapping('work', HREFS);
    const text = 'BEGIN:VCARD\r\nFN:\u{1f382} ä\0\r\n';
    const run = status.beginRun();
    mapping.commit([{ type: 'intend', intent: deletion('1', 'a'), destroys: [{ ...entry('1', 'a'), text }] }]);
    const [version] = [...status.versions()];
    expect(version).toMatchObject({ collection: 'work', ident: '1', side: 'a', reason: 'deleted', run, time: 2000 });
    expect(status.versionText(version?.id ?? 0)).toBe(text);
    expect(status.versionText(4711)).toBeUndefined();
  });

  test('the oldest versions go when they are too many, and the newest of each item last', () => {
    const connection = openEmptyDatabase({ pair: 'work', path: ':memory:' });
    const bytes = compress(entry('1', 'a').text).byteLength;
    const status = new PairStatus(connection, Date.now, 3 * bytes);
    const mapping = status.mapping('work', HREFS);
    const destroy = (ident: string): void =>
      mapping.commit([{ type: 'intend', intent: deletion(ident, 'a'), destroys: [entry(ident, 'a')] }]);
    for (const ident of ['1', '2', '2', '3', '2']) destroy(ident);
    status.pruneHistory(1000);
    expect([...status.versions()].map(({ ident }) => ident)).toEqual(['2', '3', '1']);
    destroy('4');
    status.pruneHistory(1000);
    expect([...status.versions()].map(({ ident }) => ident)).toEqual(['4', '2', '3']);
  });

  test('versions go when they are too old', () => {
    const status = openTicking();
    const mapping = status.mapping('work', HREFS);
    for (const ident of ['1', '2', '3']) {
      mapping.commit([{ type: 'intend', intent: deletion(ident, 'a'), destroys: [entry(ident, 'a')] }]);
    }
    status.pruneHistory(2);
    expect([...status.versions()].map(({ ident }) => ident)).toEqual(['3']);
    status.pruneHistory(0);
    expect([...status.versions()]).toEqual([]);
  });
});
