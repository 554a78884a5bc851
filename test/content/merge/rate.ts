/**
 * Which share of pairs of random single-property edits of corpus items merges: `tsx test/content/merge/rate.ts [SEED]
 * [PAIRS AN ITEM]`. It prints, and asserts nothing.
 */
import { readItem } from '../../../src/content/item.ts';
import { mergeItems } from '../../../src/content/merge/merge-items.ts';
import { ruleOf } from '../../../src/content/merge/property-rule.ts';
import { type CorpusItem, corpusItems } from './corpus.ts';
import { editRandomly, type RandomEdit, seededPick } from './random-edit.ts';

const seed = Number(process.argv[2] ?? 1);
const pairsAnItem = Number(process.argv[3] ?? 20);
const pick = seededPick(seed);

/** Without a UID nothing is the same item once it is edited, so that there is nothing to merge. */
const items = corpusItems().filter(({ text, kind }) => {
  const reading = readItem(text, kind);
  return reading.type === 'item' && !reading.item.ident.startsWith('fingerprint:');
});

/** Some of the corpus is invalid on purpose, so that no two edits of it merge. */
function canMerge({ text, kind }: CorpusItem): boolean {
  const [a = '', b = ''] = ['X-AAA:1', 'X-BBB:1'].map((line) => text.replace(/END:[^:]*$/i, `${line}\r\n$&`));
  return mergeItems(kind, text, a, b).type === 'merged';
}

/** All that says when is one property, and so on. */
function propertyOf({ touched, component }: RandomEdit): string {
  const rule = ruleOf(touched, component);
  return rule === 'time' || rule === 'progress' ? rule : touched;
}

const counts = new Map<string, Map<string, number>>();
const samples = new Map<string, string>();
const valid = items.filter(canMerge);
for (const { kind, name, text } of valid) {
  for (let pair = 0; pair < pairsAnItem; pair++) {
    const a = editRandomly(text, kind, pick, 'Aaa');
    const b = editRandomly(text, kind, pick, 'Bbb');
    const result = mergeItems(kind, text, a.text, b.text);
    const isSame = propertyOf(a) === propertyOf(b);
    for (const group of ['all', `${kind}, ${isSame ? 'the same property' : 'different properties'}`]) {
      const results = counts.get(group) ?? new Map<string, number>();
      counts.set(group, results.set(result.type, (results.get(result.type) ?? 0) + 1));
    }
    if (isSame || result.type === 'merged') continue;
    const reason = result.type === 'overlap' ? result.overlaps[0]?.property : result.reason;
    samples.set(`${result.type} (${reason})`, `${name}: ${a.touched} and ${b.touched}`);
  }
}

if (items.length === 0) console.log('The corpus is not here: set PIMSYNC_CORPUS to its folder.');
console.log(
  `Seed ${seed}: ${pairsAnItem} pairs of edits of each of ${valid.length} items; ${items.length - valid.length} others are invalid`,
);
for (const [group, results] of [...counts].toSorted()) {
  const total = [...results.values()].reduce((sum, number) => sum + number, 0);
  const shares = [...results].map(([type, number]) => `${type} ${((100 * number) / total).toFixed(1)} %`);
  console.log(`${group}: ${total} pairs, ${shares.join(', ')}`);
}
console.log('What did not merge of different properties, with an example each:');
for (const [what, sample] of [...samples].toSorted()) console.log(`  ${what}: ${sample}`);
