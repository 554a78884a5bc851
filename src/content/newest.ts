import type { Kind } from '../model/item.ts';
import { readComponents } from './component.ts';

/**
 * When an item was last changed, by its own word: the latest LAST-MODIFIED of its entries (RFC 5545 3.8.7.3), or REV
 * (RFC 6350 6.7.4). The answer can be compared with `<` with that of another version. Undefined where it says nothing,
 * or not in UTC: then nothing can be told from it.
 */
export function changedAt(text: string, kind: Kind): string | undefined {
  const structure = readComponents(text);
  const [root] = structure.type === 'components' ? structure.components : [];
  if (root === undefined) return undefined;
  const holders = kind === 'calendar' ? root.components.filter(({ name }) => name !== 'VTIMEZONE') : [root];
  const name = kind === 'calendar' ? 'LAST-MODIFIED' : 'REV';
  const times = holders.flatMap(({ lines }) => lines.filter((line) => line.name === name).map(({ value }) => value));
  const known = times.flatMap((time) => comparable(time) ?? []);
  return known.length < times.length ? undefined : known.sort().at(-1);
}

/** `20260314T091500Z` or `2026-03-14T09:15:00.5Z` as digits that sort by time. */
function comparable(time: string): string | undefined {
  const found = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:[.,](\d+))?Z$/i.exec(time.trim());
  return found === null ? undefined : `${found.slice(1, 7).join('')}.${found[7] ?? ''}`;
}
