import { describe, expect, test } from 'vitest';
import { chooseVersions, versionsBefore } from '../../../src/cli/versions/chosen-versions.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { versionName } from '../../../src/status/version-name.ts';
import { keptVersion, PAIR } from './kept-version.ts';

function mistakeOf(work: () => unknown): UsageError {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('this is no mistake');
}

describe('versions that are named', () => {
  const kept = [keptVersion(3, 'one'), keptVersion(2, 'two'), keptVersion(1, 'one')];
  const idsOf = (...words: readonly string[]) => chooseVersions(kept, words, PAIR).map(({ id }) => id);

  test('are those whose names begin so, each once', () => {
    expect(idsOf(versionName(2))).toEqual([2]);
    expect(idsOf('9E37', versionName(2), '9e3')).toEqual([1, 2]);
  });

  test('must be there', () => {
    for (const word of ['abcdef', '9e3779b12', '', '%']) {
      expect(mistakeOf(() => idsOf(versionName(2), word))).toMatchObject({
        message: `pair "work" keeps no version "${word}"`,
        hint: '"pimsync history work" lists what is kept',
      });
    }
  });

  test('must be one each; those that could be meant are listed', () => {
    const many = Array.from({ length: 300 }, (_, index) => keptVersion(index + 1, `item ${index}`));
    const { message } = mistakeOf(() => chooseVersions(many, ['9e'], PAIR));
    const lines = message.split('\n');
    expect(lines[0]).toBe('several versions begin with "9e":');
    expect(lines.slice(1).every((line) => line.startsWith('  9e'))).toBe(true);
    expect(lines.slice(1).length).toBeGreaterThan(1);
  });

  test('must be of different items', () => {
    expect(mistakeOf(() => idsOf(versionName(3), versionName(1))).message).toBe(
      `${versionName(3)} and ${versionName(1)} are versions of one item, "Dinner" (one); one of them can be put back`,
    );
    const elsewhere = [keptVersion(3, 'one', { collection: 'other' }), keptVersion(1, 'one')];
    expect(
      chooseVersions(
        elsewhere,
        elsewhere.map(({ id }) => versionName(id)),
        PAIR,
      ),
    ).toEqual(elsewhere);
  });
});

describe('what undoes a run', () => {
  test('is what was there before it, one version an item', () => {
    const kept = [
      keptVersion(6, 'one', { run: 8 }),
      keptVersion(5, 'one', { side: 'a' }),
      keptVersion(4, 'three', { reason: 'rewritten' }),
      keptVersion(3, 'two', { reason: 'replaced' }),
      keptVersion(2, 'two', { reason: 'rewritten', side: 'a' }),
      keptVersion(1, 'one'),
      keptVersion(0, 'one', { run: undefined }),
    ];
    expect(versionsBefore(kept, 7, PAIR).map(({ id }) => id)).toEqual([1, 3, 4]);
  });

  test('must be kept; the runs of which something is are listed', () => {
    const kept = [keptVersion(3, 'one', { run: 9 }), keptVersion(2, 'one', { run: undefined }), keptVersion(1, 'two')];
    expect(mistakeOf(() => versionsBefore(kept, 8, PAIR))).toMatchObject({
      message: 'nothing is kept that run 8 of pair "work" replaced or deleted',
      hint: 'versions are kept of the runs 9, 7',
    });
    expect(mistakeOf(() => versionsBefore([], 8, PAIR)).hint).toBe('nothing is kept of any run');
  });
});
