import { expect, test } from 'vitest';
import { must } from '../../../src/model/errors.ts';
import type { ItemRef } from '../../../src/model/item.ts';
import type { Href } from '../../../src/model/names.ts';
import type { Bench } from './bench.ts';

/** Items with whatever UID (SD10), each by itself (SD11). */
export function identityRules(bench: Bench): void {
  const { settle, text, itemOf, kept, putOutside, list, etagsOf, etagAt, fetchAll, create } = bench;

  test('SD10 any UID works', async () => {
    const hrefs = new Map<string, Href>();
    for (const uid of ODD_UIDS) {
      const item = itemOf(text(uid, `Item ${hrefs.size}`));
      hrefs.set(kept(item.text).ident, (await create(item)).href);
    }
    await settle();
    expect((await list()).map((item) => item.href).sort()).toEqual([...hrefs.values()].sort());
    const fetched = await fetchAll([...hrefs.values()]);
    const found = fetched.map((one): [string, Href] => [one.type === 'item' ? one.item.ident : one.reason, one.href]);
    expect(new Map(found)).toEqual(hrefs);
  });

  test('SD11 writing one item leaves other etags alone', async () => {
    const other = await putOutside('other');
    const edited = await putOutside('edited');
    const removed = await putOutside('removed');
    await settle();
    const before = await etagsOf();
    const seen = (at: Href): ItemRef => ({ href: at, etag: must(before.get(at), 'it is listed') });
    await create(itemOf(text('created')));
    await bench.storage.update(bench.collection, seen(edited), itemOf(text('edited', 'Newer')));
    await bench.storage.delete(bench.collection, seen(removed));
    await settle();
    expect(await etagAt(other)).toBe(before.get(other));
  });
}

const ODD_UIDS: readonly string[] = [
  'plain',
  'with some spaces',
  'a/path/like/this',
  '/leading-slash',
  'back\\\\slash',
  'per%cent',
  '%2e%2e%2f',
  '%0A:colon',
  '"quoted"',
  "it's",
  'q?a=b#c',
  'über-ID-Привет-予定',
  '..',
  '.',
  '../../etc/passwd',
  '.hidden',
  '-dash',
  '~tilde',
  'x.tmp',
  'con',
  '😀',
  'e\u0301',
  '\u00e9',
  'someone@example.com',
  '{curly}',
  '*?[glob]',
  '<xml>&amp;',
  'a'.repeat(500),
  `${'a'.repeat(499)}b`,
  'Case',
  'case',
  'CASE',
];
