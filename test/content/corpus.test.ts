import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentLines, withCrlf } from '../../src/content/content-line.ts';
import { splitFeed } from '../../src/content/feed.ts';
import { decodeItem, readItem } from '../../src/content/item.ts';
import { summarize } from '../../src/content/summary.ts';
import type { Kind } from '../../src/model/item.ts';

/** Real and odd files, which are not part of this repository. */
const { PIMSYNC_CORPUS } = process.env;
const corpus = resolve(PIMSYNC_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus'));
const isThere = existsSync(join(corpus, 'ics')) && existsSync(join(corpus, 'vcf'));

/** The same content with other folds and line ends. Lines of version 2.1 that fold in their own way are left alone. */
function refolded(text: string): string {
  const lines = [...contentLines(text)].map((line) => {
    const raw = text.slice(line.start, line.end);
    if (/QUOTED-PRINTABLE/i.test(raw)) return raw;
    const whole = raw.replace(/[\r\n]+[ \t]/g, '').replace(/[\r\n]+$/, '');
    return `${whole.match(/.{1,60}/gsu)?.join('\n ') ?? ''}\n`;
  });
  return lines.join('');
}

describe.skipIf(!isThere)('the corpus', () => {
  const cases: readonly (readonly [Kind, string])[] = isThere
    ? [
        ...readdirSync(join(corpus, 'ics')).map((name) => ['calendar', join(corpus, 'ics', name)] as const),
        ...readdirSync(join(corpus, 'vcf')).map((name) => ['address-book', join(corpus, 'vcf', name)] as const),
      ]
    : [];
  let read = 0;

  test.each(cases)('SI13 %s %s reads the same however it is folded, or is unreadable', (kind, path) => {
    const bytes = readFileSync(path);
    splitFeed(bytes.toString());
    const reading = decodeItem(bytes, kind);
    if (reading.type === 'unreadable') {
      expect(reading.reason).toMatch(/^it /);
      return;
    }
    read += 1;
    const { text, ident, fingerprint } = reading.item;
    expect(text).toBe(bytes.toString());
    expect(summarize(text, kind).length).toBeLessThanOrEqual(160);
    for (const twin of [withCrlf(text), withCrlf(text).replaceAll('\r\n', '\n'), refolded(text)]) {
      const again = readItem(twin, kind);
      expect(again.type === 'item' && [again.item.ident, again.item.fingerprint]).toEqual([ident, fingerprint]);
    }
  });

  test('is mostly readable', () => {
    expect(read).toBeGreaterThan(cases.length / 2);
  });
});

test.skipIf(isThere)('the corpus is not here: set PIMSYNC_CORPUS to its folder to run these tests', () => undefined);
