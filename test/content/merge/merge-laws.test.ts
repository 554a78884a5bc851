import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readItem } from '../../../src/content/item.ts';
import type { Kind } from '../../../src/model/item.ts';
import { corpusItems } from './corpus.ts';
import { generateItem } from './generated-item.ts';
import { holdForOneSide, holdForTwoSides, losesNothing } from './laws.ts';
import { editRandomly, type Pick, reshapeRandomly, seededPick } from './random-edit.ts';

const KINDS: readonly Kind[] = ['calendar', 'address-book'];

/** Some edits, one after the other, each with a word of its own. */
function editOften(text: string, kind: Kind, pick: Pick, word: string): string {
  let edited = text;
  for (let edits = pick(3); edits >= 0; edits--) {
    const unique = `${word}${edits}`;
    edited =
      pick(4) === 0 ? reshapeRandomly(edited, kind, pick, unique) : editRandomly(edited, kind, pick, unique).text;
  }
  return edited;
}

describe.each(KINDS)('SF2 the merge of generated items: %s', (kind) => {
  test('takes what one side changed, whichever it is', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const pick = seededPick(seed);
        const base = generateItem(kind, pick);
        holdForOneSide(kind, base, editOften(base, kind, pick, 'Aaa'));
      }),
      { numRuns: 200 },
    );
  });

  test('loses nothing, drops only what a side dropped, and is the same from both sides', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const pick = seededPick(seed);
        const base = generateItem(kind, pick);
        const a = editOften(base, kind, pick, 'Aaa');
        const b = editOften(base, kind, pick, 'Bbb');
        const merged = holdForTwoSides(kind, base, a, b);
        if (merged !== undefined) losesNothing(kind, { base, a, b, merged });
      }),
      { numRuns: 200 },
    );
  });
});

const items = corpusItems().filter(({ text, kind }) => {
  const reading = readItem(text, kind);
  return reading.type === 'item' && !reading.item.ident.startsWith('fingerprint:');
});

describe.skipIf(items.length === 0)('SF2 the merge of items of the corpus', () => {
  test.each(items)('$name', ({ kind, text }) => {
    const pick = seededPick(text.length);
    const a = editOften(text, kind, pick, 'Aaa');
    const b = editOften(text, kind, pick, 'Bbb');
    expect(readItem(text, kind).type).toBe('item');
    // An edit may break what is barely readable.
    if ([a, b].some((each) => readItem(each, kind).type !== 'item')) return;
    holdForOneSide(kind, text, a);
    const merged = holdForTwoSides(kind, text, a, b);
    if (merged !== undefined) losesNothing(kind, { base: text, a, b, merged });
  });
});

test.skipIf(items.length > 0)(
  'the corpus is not here: set PIMSYNC_CORPUS to its folder to run these tests',
  () => undefined,
);
