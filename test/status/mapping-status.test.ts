import { describe, expect, test } from 'vitest';
import { nowhere, type Sighting } from '../../src/model/agreement.ts';
import { checkpoint, etag, fingerprint, href, ident } from '../../src/model/names.ts';
import { SIDES } from '../../src/model/sides.ts';
import { openStatusInMemory } from '../../src/status/open-status.ts';
import type { StatusChange } from '../../src/status/status.ts';
import { agreementsOf } from '../support/agreements.ts';
import { agreement, baseOf, creation, deletion, entry } from '../support/status-builders.ts';

function openMapping() {
  const status = openStatusInMemory();
  return { status, mapping: status.mapping('work', { a: href('/a/'), b: href('/b/') }) };
}

const agree = (uid: string, version = 1, name = uid): StatusChange => ({
  type: 'agree',
  agreement: agreement(uid, version, name),
  base: undefined,
});

describe('agreements', () => {
  test('are found by ident and by the href of each side, and only in their mapping', () => {
    const { status, mapping } = openMapping();
    mapping.commit([agree('1'), agree('2')]);
    expect(mapping.count()).toBe(2);
    expect(agreementsOf(mapping)).toEqual([agreement('1'), agreement('2')]);
    expect(mapping.agreement(ident('2'))).toEqual(agreement('2'));
    for (const side of SIDES) expect(mapping.agreementAt(side, href(`/${side}/1`))).toEqual(agreement('1'));
    expect(mapping.agreementAt('a', href('/b/1'))).toBeUndefined();
    const other = status.mapping('home', { a: href('/c/'), b: href('/d/') });
    expect([other.count(), agreementsOf(other), other.agreement(ident('1'))]).toEqual([0, [], undefined]);
  });

  test('SI9: any ident and href comes back as it was', () => {
    const { mapping } = openMapping();
    const odd = ['a', 'A', ' a', "'; DROP TABLE", 'ä', 'a\u0308', '\u{1f382}', 'x\0y', '', '0', '1e3', 'x'.repeat(500)];
    mapping.commit(odd.map((uid) => agree(uid)));
    expect(mapping.count()).toBe(odd.length);
    for (const uid of odd) {
      expect(mapping.agreement(ident(uid))).toEqual(agreement(uid));
      expect(mapping.agreementAt('b', href(`/b/${uid}`))).toEqual(agreement(uid));
    }
  });

  test('are forgotten', () => {
    const { mapping } = openMapping();
    mapping.commit([agree('1'), agree('2')]);
    mapping.commit([{ type: 'forget', ident: ident('1') }]);
    expect(agreementsOf(mapping)).toEqual([agreement('2')]);
  });

  test('keep the base text until another is given', () => {
    const { mapping } = openMapping();
    const base = 'BEGIN:VCALENDAR\r\nSUMMARY:Früh\u{1f382}\r\n';
    mapping.commit([{ type: 'agree', agreement: agreement('1'), base: baseOf(base) }, agree('2')]);
    mapping.commit([agree('1', 2)]);
    expect(mapping.baseText(ident('1'))).toEqual(baseOf(base));
    mapping.commit([{ type: 'agree', agreement: agreement('1', 3), base: baseOf('') }]);
    expect(mapping.baseText(ident('1'))).toEqual(baseOf(''));
    expect(mapping.baseText(ident('2'))).toBeUndefined();
  });

  test('may be asked while they are told, and written to after a visit that failed', () => {
    const { mapping } = openMapping();
    mapping.commit([agree('1'), agree('2')]);
    const visit = (): void =>
      mapping.eachAgreed('a', (_href, _etag, outer) => {
        mapping.eachAgreed('b', (_, __, inner) => expect(mapping.agreement(inner)?.ident).toBe(inner));
        if (outer === '1') throw new Error('enough');
      });
    expect(visit).toThrow('enough');
    mapping.commit([agree('3')]);
    expect(mapping.count()).toBe(3);
  });
});

describe('hrefs that move', () => {
  test('SI9: two items exchange their names in one commit and keep their base texts', () => {
    const { mapping } = openMapping();
    mapping.commit([
      { type: 'agree', agreement: agreement('1'), base: baseOf('base of 1') },
      { type: 'agree', agreement: agreement('2'), base: baseOf('base of 2') },
    ]);
    mapping.commit([agree('1', 1, '2'), agree('2', 1, '1')]);
    expect(mapping.agreementAt('a', href('/a/1'))?.ident).toBe('2');
    expect(mapping.agreementAt('b', href('/b/2'))?.ident).toBe('1');
    expect(mapping.baseText(ident('1'))?.text).toBe('base of 1');
    expect(mapping.baseText(ident('2'))?.text).toBe('base of 2');
  });

  test('names go round among three', () => {
    const { mapping } = openMapping();
    mapping.commit([agree('1'), agree('2'), agree('3')]);
    mapping.commit([agree('1', 1, '2'), agree('2', 1, '3'), agree('3', 1, '1')]);
    expect(['1', '2', '3'].map((name) => mapping.agreementAt('a', href(`/a/${name}`))?.ident)).toEqual(['3', '1', '2']);
    expect(mapping.count()).toBe(3);
  });

  test('who loses a href to another and is not agreed on anew is nowhere, and still agreed', () => {
    const { mapping } = openMapping();
    mapping.commit([agree('1'), agree('2'), agree('3')]);
    mapping.commit([agree('1', 1, '2')]);
    expect(mapping.agreement(ident('2'))?.sides.a.href).toBe(nowhere(ident('2')));
    expect([mapping.nowhere('a'), mapping.nowhere('b')]).toEqual([[ident('2')], [ident('2')]]);
    expect(mapping.agreementAt('a', href('/a/2'))?.ident).toBe('1');
    expect(mapping.count()).toBe(3);
  });

  test('each side is told as the agreements say it, also of who is nowhere', () => {
    const { mapping, status } = openMapping();
    mapping.commit([agree('1'), agree('2', 2), agree('3')]);
    mapping.commit([agree('1', 1, '2')]);
    status.mapping('other', { a: href('/x/'), b: href('/y/') }).commit([agree('4')]);
    for (const side of SIDES) {
      const told: unknown[] = [];
      mapping.eachAgreed(side, (...agreed) => told.push(agreed));
      expect(told).toEqual(
        agreementsOf(mapping).map(({ ident, sides }) => [sides[side].href, sides[side].etag, ident]),
      );
      expect(told).toContainEqual([nowhere(ident('2')), etag(`${side}2`), ident('2')]);
    }
  });

  test('of two that claim one href in one commit, the later has it', () => {
    const { mapping } = openMapping();
    mapping.commit([agree('1', 1, 'x'), agree('2', 1, 'x')]);
    expect(mapping.agreement(ident('2'))).toEqual(agreement('2', 1, 'x'));
    expect(mapping.agreement(ident('1'))?.sides.b.href).toBe(nowhere(ident('1')));
  });
});

describe('older content', () => {
  const isOlder = (mapping: ReturnType<typeof openMapping>['mapping'], version: number): boolean =>
    mapping.isOlder('a', ident('1'), fingerprint(`a-content-${version}`));

  test('SG5: the agreement knows what each side held before, and only moves on when the content does', () => {
    const { mapping } = openMapping();
    mapping.commit([agree('1', 1)]);
    expect(mapping.agreement(ident('1'))?.sides.a).not.toHaveProperty('previous');
    mapping.commit([agree('1', 2)]);
    mapping.commit([agree('1', 2)]);
    expect(mapping.agreement(ident('1'))?.sides.b.previous).toBe('b-content-1');
    expect([1, 2, 3].map((version) => isOlder(mapping, version))).toEqual([true, false, false]);
    mapping.commit([agree('1', 3)]);
    expect([1, 2, 3].map((version) => isOlder(mapping, version))).toEqual([false, true, false]);
  });

  test('SG5: a given `previous` is not believed', () => {
    const { mapping } = openMapping();
    const { ident: uid, sides } = agreement('1');
    const wrong = { ...sides, a: { ...sides.a, previous: fingerprint('made up') } };
    mapping.commit([{ type: 'agree', agreement: { ident: uid, sides: wrong }, base: undefined }]);
    expect(mapping.agreement(uid)).toEqual(agreement('1'));
  });

  test('SG5: the history knows it too, but what is agreed now is not old', () => {
    const { mapping } = openMapping();
    mapping.commit([{ type: 'intend', intent: deletion('1', 'b'), destroys: [entry('1', 'a', 7)] }]);
    expect(isOlder(mapping, 7)).toBe(true);
    expect(mapping.isOlder('a', ident('2'), fingerprint('a-content-7'))).toBe(false);
    mapping.commit([agree('1', 7)]);
    expect(isOlder(mapping, 7)).toBe(false);
  });
});

describe('intents', () => {
  test('SR4: are there until they are done; the history stays', () => {
    const { status, mapping } = openMapping();
    mapping.commit([
      { type: 'intend', intent: creation('1', 'b'), destroys: [] },
      { type: 'intend', intent: deletion('2', 'a'), destroys: [entry('2', 'a')] },
    ]);
    expect(mapping.intents()).toEqual([creation('1', 'b'), deletion('2', 'a')]);
    mapping.commit([
      { type: 'done', ident: ident('1') },
      { type: 'done', ident: ident('2') },
    ]);
    expect(mapping.intents()).toEqual([]);
    // The database may give the next intent the number of the last one; its history is another's.
    mapping.commit([
      { type: 'intend', intent: deletion('3', 'a'), destroys: [] },
      { type: 'not-done', ident: ident('3') },
    ]);
    expect([...status.versions()].map(({ ident: uid }) => uid)).toEqual(['2']);
  });

  test('SR5: one that was not done goes with its history entries, and only with those', () => {
    const { status, mapping } = openMapping();
    mapping.commit([
      { type: 'intend', intent: deletion('1', 'a'), destroys: [entry('1', 'a', 1), entry('1', 'b', 1)] },
      { type: 'intend', intent: deletion('2', 'a'), destroys: [entry('2', 'a')] },
      { type: 'not-done', ident: ident('1') },
      { type: 'not-done', ident: ident('of nobody') },
    ]);
    expect(mapping.intents()).toEqual([deletion('2', 'a')]);
    expect([...status.versions()].map(({ ident: uid }) => uid)).toEqual(['2']);
  });

  test('SR5: a newer intent replaces an older one of that ident, whose history stays', () => {
    const { status, mapping } = openMapping();
    mapping.commit([{ type: 'intend', intent: deletion('1', 'a'), destroys: [entry('1', 'a', 1)] }]);
    mapping.commit([{ type: 'intend', intent: creation('1', 'b'), destroys: [entry('1', 'b', 2)] }]);
    expect(mapping.intents()).toEqual([creation('1', 'b')]);
    mapping.commit([{ type: 'not-done', ident: ident('1') }]);
    expect([...status.versions()].map(({ side }) => side)).toEqual(['a']);
  });
});

test('sightings are kept by side and href, in their last form', () => {
  const { mapping } = openMapping();
  const content = { ident: ident('1'), fingerprint: fingerprint('f') };
  const read: Sighting = { side: 'a', href: href('/x'), etag: etag('1'), content, unreadable: undefined };
  const unreadable: Sighting = { ...read, etag: etag('2'), content: undefined, unreadable: 'it is empty' };
  const gone: Sighting = { ...read, side: 'b', etag: undefined, content: undefined };
  mapping.commit([
    { type: 'sight', sighting: read },
    { type: 'sight', sighting: gone },
  ]);
  expect(mapping.sightings()).toEqual([read, gone]);
  mapping.commit([
    { type: 'sight', sighting: unreadable },
    { type: 'unsight', side: 'b', href: href('/x') },
    { type: 'unsight', side: 'b', href: href('/never seen') },
  ]);
  expect(mapping.sightings()).toEqual([unreadable]);
});

test('SL6: a checkpoint is of one side, with the time of its listing', () => {
  const { mapping } = openMapping();
  const known = { checkpoint: checkpoint('token-1'), listedAt: 1_700_000_000_123 };
  mapping.commit([{ type: 'checkpoint', side: 'a', known }]);
  expect([mapping.checkpoint('a'), mapping.checkpoint('b')]).toEqual([known, undefined]);
  const next = { ...known, checkpoint: checkpoint('token-2') };
  mapping.commit([{ type: 'checkpoint', side: 'a', known: next }]);
  expect(mapping.checkpoint('a')).toEqual(next);
  mapping.commit([{ type: 'checkpoint', side: 'a', known: undefined }]);
  expect(mapping.checkpoint('a')).toBeUndefined();
});

test('a property is agreed with a value, agreed as unset, or never agreed', () => {
  const { mapping } = openMapping();
  mapping.commit([
    { type: 'property', name: 'color', agreed: { value: '#ff0000' } },
    { type: 'property', name: 'displayname', agreed: { value: undefined } },
  ]);
  expect(mapping.property('color')).toEqual({ value: '#ff0000' });
  expect(mapping.property('displayname')).toEqual({ value: undefined });
  expect(mapping.property('order')).toBeUndefined();
  mapping.commit([{ type: 'property', name: 'color', agreed: undefined }]);
  expect(mapping.property('color')).toBeUndefined();
});

test('SR4: a commit is all or nothing', () => {
  const { status, mapping } = openMapping();
  const broken = {
    ...agreement('3'),
    get sides(): never {
      throw new Error('broken');
    },
  };
  expect(() =>
    mapping.commit([
      agree('1'),
      { type: 'intend', intent: deletion('2', 'a'), destroys: [entry('2', 'a')] },
      { type: 'agree', agreement: broken, base: undefined },
    ]),
  ).toThrow('broken');
  expect([mapping.count(), mapping.intents(), [...status.versions()]]).toEqual([0, [], []]);
  mapping.commit([agree('1')]);
  expect(mapping.count()).toBe(1);
});
