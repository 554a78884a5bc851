import { must } from '../../model/errors.ts';
import type { Item, Kind } from '../../model/item.ts';
import { type Component, readComponents } from '../component.ts';
import { withCrlf } from '../content-line.ts';
import { isWellFormed, problemOf } from '../inspect.ts';
import { readItem } from '../item.ts';
import { contentOf } from './content-of.ts';
import type { Difference } from './difference.ts';
import { finish, frameOf } from './frame.ts';
import { entryKey } from './match-children.ts';
import { mergeComponent } from './merge-component.ts';
import { seriesOverlaps } from './series-overlaps.ts';
import { mapVersions, type Versions } from './versions.ts';

/** `reason` is a sentence without a full stop, and holds nothing of the content. */
export type Merge =
  | { readonly type: 'merged'; readonly text: string }
  | { readonly type: 'overlap'; readonly overlaps: readonly Difference[] }
  | { readonly type: 'impossible'; readonly reason: string };

/**
 * Merges what A and B made of an item independently, where `base` is what both last agreed on (SF2). What one side
 * changed, added or removed is taken from it; what both changed to the same is taken; all else overlaps.
 *
 * The text of A is the frame: what nobody changed stays byte for byte, and what B changed stands where it stands in B.
 * Exchanging A and B exchanges order and layout, not content. Nothing that a side added is lost, and nothing is dropped
 * that neither side dropped. A merged text can be parsed and has the UID; where that cannot be had, the merge is
 * impossible.
 */
export function mergeItems(kind: Kind, base: string, a: string, b: string): Merge {
  if (a === b || b === base) return merged(a);
  if (a === base) return merged(b);
  const readings = mapVersions({ base, a, b }, (text) => readItem(text, kind));
  if (readings.base.type === 'unreadable') return impossible('what both sides last agreed on cannot be read');
  if (readings.a.type === 'unreadable' || readings.b.type === 'unreadable') {
    return impossible('one of the versions cannot be read');
  }
  const items = { base: readings.base.item, a: readings.a.item, b: readings.b.item };
  const { ident } = items.base;
  if (items.a.ident !== ident || items.b.ident !== ident) return impossible('the versions have different UIDs');
  const result = mergeTexts(kind, items);
  if (result.type !== 'impossible') return result;
  // What cannot be merged can still be taken, where only one side changed anything that counts.
  if (items.b.fingerprint === items.base.fingerprint || items.b.fingerprint === items.a.fingerprint) return merged(a);
  return items.a.fingerprint === items.base.fingerprint ? merged(b) : result;
}

function mergeTexts(kind: Kind, items: Versions<Item>): Merge {
  const roots = mapVersions(items, ({ text }) => rootOf(text));
  const versions = mapVersions(roots, formatVersionOf);
  if (versions.a !== versions.b || versions.a !== versions.base) {
    return impossible('the versions are written in different versions of the format');
  }
  if (kind === 'address-book') {
    const cards = mapVersions(roots, ({ components }) => components.map(contentOf).join('\n'));
    if (cards.a !== cards.b || cards.a !== cards.base) return impossible('a contact within the contact was changed');
  }
  if (kind === 'calendar' && [roots.base, roots.a, roots.b].some(hasTwins)) {
    return impossible('an entry is there twice for one occurrence');
  }
  const frame = frameOf(kind, { a: items.a.text, b: items.b.text });
  for (const { group } of roots.a.lines) if (group !== '') frame.groups.add(group);
  mergeComponent(frame, roots, undefined);
  const overlaps = [...frame.overlaps, ...(kind === 'calendar' ? seriesOverlaps(roots) : [])];
  if (overlaps.length > 0) return { type: 'overlap', overlaps };
  const text = finish(frame);
  return isSound(kind, text, items) ? merged(text) : impossible('the merged text would not be valid');
}

/** Nothing tells which one of a version is which one of another. */
function hasTwins(calendar: Component): boolean {
  const entries = calendar.components.filter(({ name }) => name !== 'VTIMEZONE');
  return new Set(entries.map(entryKey)).size < entries.length;
}

/** Whether it is the item still, can be parsed, and has no mistake in it that no side has. */
function isSound(kind: Kind, text: string, items: Versions<Item>): boolean {
  const reading = readItem(text, kind);
  if (reading.type === 'unreadable' || reading.item.ident !== items.base.ident) return false;
  const [problem, ...problemsOfSides] = [text, items.a.text, items.b.text].map((each) => problemOf(plain(each), kind));
  if (!isWellFormed(plain(text), kind) || (problem !== undefined && !problemsOfSides.includes(problem))) return false;
  const types = typesIn(text);
  return types.size <= 1 || [items.a, items.b].some((item) => typesIn(item.text).size >= types.size);
}

/** With nothing around the lines that a strict parser minds and we do not. */
function plain(text: string): string {
  return withCrlf(text.replace(/^\uFEFF+/, ''));
}

/** What the entries of a calendar item are; one that both sides made into something else would be both. */
function typesIn(text: string): ReadonlySet<string> {
  return new Set(rootOf(text).components.flatMap(({ name }) => (name === 'VTIMEZONE' ? [] : [name])));
}

function rootOf(text: string): Component {
  const structure = readComponents(text);
  const components = structure.type === 'components' ? structure.components : [];
  return must(components[0], 'a readable item has a component');
}

function formatVersionOf(root: Component): string {
  return root.lines.find(({ name }) => name === 'VERSION')?.value.trim() ?? '';
}

function merged(text: string): Merge {
  return { type: 'merged', text };
}

function impossible(reason: string): Merge {
  return { type: 'impossible', reason };
}
