import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { splitFeed } from '../../../src/content/feed.ts';
import { decodeItem } from '../../../src/content/item.ts';
import type { Kind } from '../../../src/model/item.ts';

/** An item of a real or odd file, which is not part of this repository. */
export interface CorpusItem {
  readonly kind: Kind;
  readonly name: string;
  readonly text: string;
}

/** Those that can be read, of feeds the first few; nothing where the corpus is not here. */
export function corpusItems(): readonly CorpusItem[] {
  const { PIMSYNC_CORPUS } = process.env;
  const corpus = resolve(PIMSYNC_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus'));
  if (!existsSync(join(corpus, 'ics')) || !existsSync(join(corpus, 'vcf'))) return [];
  const files = (folder: string): readonly string[] => readdirSync(join(corpus, folder)).toSorted();
  return [
    ...files('ics').flatMap((name) => itemsOf('calendar', name, readFileSync(join(corpus, 'ics', name)))),
    ...files('vcf').flatMap((name) => itemsOf('address-book', name, readFileSync(join(corpus, 'vcf', name)))),
  ];
}

function itemsOf(kind: Kind, name: string, bytes: Uint8Array): readonly CorpusItem[] {
  const reading = decodeItem(bytes, kind);
  if (reading.type === 'item') return [{ kind, name, text: reading.item.text }];
  const feed = kind === 'calendar' ? splitFeed(new TextDecoder().decode(bytes)) : undefined;
  if (feed?.type !== 'feed') return [];
  return feed.items.slice(0, MOST_OF_A_FEED).map((item, at) => ({ kind, name: `${name}#${at}`, text: item.text }));
}

const MOST_OF_A_FEED = 5;
