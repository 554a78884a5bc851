import { expect } from 'vitest';
import { type Component, readComponents } from '../../../src/content/component.ts';
import { contentLines } from '../../../src/content/content-line.ts';
import { normaliseLine } from '../../../src/content/fingerprint.ts';
import { problemOf } from '../../../src/content/inspect.ts';
import { readItem } from '../../../src/content/item.ts';
import { describeDifferences } from '../../../src/content/merge/describe-differences.ts';
import { mergeItems } from '../../../src/content/merge/merge-items.ts';
import { ruleOf } from '../../../src/content/merge/property-rule.ts';
import type { Item, Kind } from '../../../src/model/item.ts';

export const itemIn = (text: string, kind: Kind): Item => {
  const reading = readItem(text, kind);
  if (reading.type === 'unreadable') throw new Error(`${reading.reason}:\n${text}`);
  return reading.item;
};

/** What `text` has to merge to, byte for byte. */
export function mergesTo(
  kind: Kind,
  texts: { readonly base: string; readonly a: string; readonly b: string },
  text: string,
): void {
  expect(mergeItems(kind, texts.base, texts.a, texts.b)).toEqual({ type: 'merged', text });
}

/** What holds for one side that changed something, and another that only writes it in another way. */
export function holdForOneSide(kind: Kind, base: string, edited: string): void {
  if (edited === base) return;
  const same = laidOutAnew(base);
  const editedAnew = laidOutAnew(edited);
  mergesTo(kind, { base, a: edited, b: base }, edited);
  mergesTo(kind, { base, a: edited, b: same }, edited);
  mergesTo(kind, { base, a: edited, b: edited }, edited);
  mergesTo(kind, { base, a: edited, b: editedAnew }, edited);
  const taken = mergeItems(kind, base, same, edited);
  if (taken.type !== 'merged') throw new Error(`one side's edit does not merge:\n${edited}`);
  expect(itemIn(taken.text, kind).fingerprint).toBe(itemIn(edited, kind).fingerprint);
  const isEqual = itemIn(base, kind).fingerprint === itemIn(edited, kind).fingerprint;
  if (!isEqual) expect(describeDifferences(kind, base, edited)).not.toEqual([]);
}

/** What holds for two sides that each changed something. Answers the merged text, if there is one. */
export function holdForTwoSides(kind: Kind, base: string, a: string, b: string): string | undefined {
  const result = mergeItems(kind, base, a, b);
  const exchanged = mergeItems(kind, base, b, a);
  expect(exchanged.type).toBe(result.type);
  if (result.type === 'overlap' && exchanged.type === 'overlap') {
    // The moment of an occurrence is shown as one side writes it.
    const turned = exchanged.overlaps.map(({ component, property, a: one, b: other }) => {
      return { component: component.type, property, a: other, b: one };
    });
    const straight = result.overlaps.map((each) => ({ ...each, component: each.component.type }));
    const inOrder = (overlaps: readonly object[]): readonly string[] => overlaps.map((each) => shown(each)).sort();
    expect(inOrder(turned)).toEqual(inOrder(straight));
    for (const overlap of result.overlaps) expect(overlap.a).not.toBe(overlap.b);
  }
  if (result.type !== 'merged' || exchanged.type !== 'merged') return undefined;
  const { text } = result;
  const merged = itemIn(text, kind);
  expect(merged.ident).toBe(itemIn(base, kind).ident);
  expect(itemIn(exchanged.text, kind).fingerprint).toBe(merged.fingerprint);
  expect([undefined, problemOf(a, kind), problemOf(b, kind)]).toContain(problemOf(text, kind));
  mergesTo(kind, { base, a: text, b }, text);
  if (text !== base) mergesTo(kind, { base, a: text, b: laidOutAnew(a) }, text);
  const again = mergeItems(kind, base, a, text);
  expect(again.type === 'merged' && itemIn(again.text, kind).fingerprint).toBe(merged.fingerprint);
  return text;
}

const shown = (each: object): string => JSON.stringify(Object.entries(each).sort());

export interface Merged {
  readonly base: string;
  readonly a: string;
  readonly b: string;
  readonly merged: string;
}

/**
 * Every line that a side added is there, and only what a side dropped is not; nothing comes from nowhere. So it is where
 * no two lines mean the same.
 */
export function losesNothing(kind: Kind, texts: Merged): void {
  // Where a side changed nothing that counts, the other one's text is the result.
  const agreed = itemIn(texts.base, kind).fingerprint;
  if ([texts.a, texts.b].some((each) => itemIn(each, kind).fingerprint === agreed)) return;
  const [base, a, b, merged] = [texts.base, texts.a, texts.b, texts.merged].map(linesOf);
  if (!base || !a || !b || !merged) throw new Error('four texts have lines');
  // The parameters of one value, or a value and its parameters, may come from two sides.
  const mixed = [...merged].filter((line) => !a.has(line) && !b.has(line));
  const [mixedValues, mixedHeads] = [mixed.map(namedValueOf), mixed.map(headOf)];
  const isMixed = (line: string): boolean =>
    mixedValues.includes(namedValueOf(line)) || mixedHeads.includes(headOf(line));
  const sources = [...a, ...b];
  expect(mixed.filter((line) => !sources.some((source) => namedValueOf(source) === namedValueOf(line)))).toEqual([]);
  expect(sources.filter((line) => !merged.has(line) && !base.has(line) && !isMixed(line))).toEqual([]);
  expect([...base].filter((line) => a.has(line) && b.has(line) && !merged.has(line))).toEqual([]);
  expect([...base].filter((line) => (!a.has(line) || !b.has(line)) && merged.has(line))).toEqual([]);
}

/** The name with the value. */
const namedValueOf = (line: string): string => line.replace(PARTS, '$1:$3');
/** The name with the parameters. */
const headOf = (line: string): string => line.replace(PARTS, '$1$2');
const PARTS = /^([^;:]*)((?:[^:"]|"[^"]*")*):(.*)$/s;

/** With the component or group that each is in, and without what programs stamp. */
function linesOf(text: string): ReadonlySet<string> {
  const structure = readComponents(text);
  return new Set(structure.type === 'components' ? structure.components.flatMap((root) => linesIn(root, '')) : []);
}

function linesIn(component: Component, path: string): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const line of component.lines.filter(({ group }) => group !== '')) {
    groups.set(line.group, [...(groups.get(line.group) ?? []), ...normaliseLine(line, true)]);
  }
  return [
    ...[...groups.values()].map((group) => `${path}${group.sort().join('+')}`),
    ...component.lines
      .filter(({ name, group }) => group === '' && ruleOf(name, component.name) !== 'stamp')
      .flatMap((line) => normaliseLine(line, true).map((each) => `${path}${each}`)),
    ...component.components.flatMap((child) => {
      const moment = child.lines.find(({ name }) => name === 'RECURRENCE-ID')?.value ?? '';
      const lines = linesIn(child, `${path}${child.name}${moment}/`);
      return isWhole(child) ? [[...lines].sort().join(' ')] : lines;
    }),
  ];
}

/** What has no UID is known by all that it says. */
const isWhole = ({ name, lines }: Component): boolean =>
  name === 'VALARM' && !lines.some((line) => line.name === 'UID');

/** The same content with other folds and line ends. Lines of version 2.1 that fold in their own way are left alone. */
export function laidOutAnew(text: string): string {
  const lineEnd = text.includes('\r\n') ? '\n' : '\r\n';
  const lines = [...contentLines(text)].map((line) => {
    const raw = text.slice(line.start, line.end);
    if (/QUOTED-PRINTABLE/i.test(raw)) return raw;
    const whole = raw.replace(/[\r\n]+[ \t]/g, '').replace(/[\r\n]+$/, '');
    return `${whole.match(/.{1,60}/gsu)?.join(`${lineEnd} `) ?? ''}${lineEnd}`;
  });
  return lines.join('');
}
