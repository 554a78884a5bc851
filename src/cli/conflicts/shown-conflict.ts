import { circumstancesOf } from '../../content/circumstances.ts';
import { stretchesOf } from '../../content/line-diff.ts';
import { describeDifferences } from '../../content/merge/describe-differences.ts';
import type { Difference, Place } from '../../content/merge/difference.ts';
import { mergeItems } from '../../content/merge/merge-items.ts';
import { summarize } from '../../content/summary.ts';
import { bySide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { OpenConflict, OpenItemConflict } from '../../sync/conflict-settler.ts';
import type { Style } from '../print.ts';
import { itemName, placeOf, uidOf } from '../reporters/sentences.ts';

export interface ShownLine {
  readonly text: string;
  readonly style: Style;
}

/** `work/home: "Dentist" (UID)` */
export function conflictName(conflict: OpenConflict): string {
  return `${placeOf(conflict.pair, conflict.collection)}: ${subjectName(conflict)}`;
}

const subjectName = (conflict: OpenConflict): string =>
  conflict.type === 'item' ? itemName(conflict.ident, summaryOf(conflict)) : `the property ${conflict.name}`;

const summaryOf = ({ texts, kind }: OpenItemConflict): string => summarize(texts.a, kind) || summarize(texts.b, kind);

/** What a conflict is about and all that differs, of which only parts of long texts; for people. */
export function conflictLines(conflict: OpenConflict, names: Sides<string>): readonly ShownLine[] {
  const head: ShownLine[] = [{ text: conflictName(conflict), style: 'bold' }];
  if (conflict.type === 'item') head.push(...circumstanceLines(conflict));
  const legend: ShownLine = { text: `  a: ${names.a}, b: ${names.b}`, style: 'faint' };
  if (conflict.type === 'property') {
    return [...head, legend, ...bothValues(bySide((side) => conflict.values[side] ?? 'not set'))];
  }
  const differences = describeDifferences(conflict.kind, conflict.texts.a, conflict.texts.b);
  return [...head, legend, ...differences.flatMap(differenceLines)];
}

/** What is the same on both sides; else it stands among the differences. */
function circumstanceLines({ texts, kind }: OpenItemConflict): readonly ShownLine[] {
  const { a, b } = bySide((side) => circumstancesOf(texts[side], kind));
  return (['when', 'where'] as const).flatMap((name) => {
    const value = a[name];
    if (value === undefined || value !== b[name]) return [];
    return [{ text: `  ${name}: ${shortened(value.replaceAll(/\s+/g, ' '))}`, style: 'plain' } as const];
  });
}

/** As merging finds them where both changed one thing: with the same look. */
export function differenceLines({ component, property, a, b }: Difference): readonly ShownLine[] {
  return [{ text: `  ${placeText(component, property)}`, style: 'plain' }, ...bothValues({ a, b })];
}

function placeText({ type, recurrenceId }: Place, property: string): string {
  const isEntry = /^V(?:EVENT|TODO|JOURNAL|CARD|CALENDAR)$/.test(type) || type === property;
  const what = isEntry ? property : `${type} ${property}`;
  return recurrenceId === undefined ? what : `${what} (of ${recurrenceId})`;
}

/** How many lines that are the same stand around those that differ. */
const CONTEXT = 2;

function bothValues(values: Sides<string | undefined>): readonly ShownLine[] {
  const lines = bySide((side) => values[side]?.split(/\r\n|\n|\r/));
  if (lines.a === undefined || lines.b === undefined) {
    return SIDES.flatMap((side) => {
      const own = lines[side];
      return own === undefined ? [{ text: `    ${side}  (not there)`, style: side }] : ofSide(side, own);
    });
  }
  const stretches = stretchesOf(lines.a, lines.b, (line) => line);
  return stretches.flatMap(({ same, a, b }, index): readonly ShownLine[] => {
    if (!same) return [...ofSide('a', a), ...ofSide('b', b)];
    const before = index === 0 ? 0 : CONTEXT;
    const after = index === stretches.length - 1 ? 0 : CONTEXT;
    if (a.length <= before + after) return a.map(context);
    const last = after === 0 ? [] : a.slice(-after);
    return [...a.slice(0, before).map(context), context('…'), ...last.map(context)];
  });
}

const ofSide = (side: Side, lines: readonly string[]): readonly ShownLine[] =>
  lines.map((line) => ({ text: `    ${side}  ${shortened(line)}`, style: side }));

const context = (line: string): ShownLine => ({ text: `       ${shortened(line)}`, style: 'faint' });

/** In characters. */
const LONGEST_LINE = 500;

const shortened = (line: string): string =>
  line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}… (${line.length} characters)`;

/** For programs. */
export function conflictMembers(conflict: OpenConflict): Readonly<Record<string, unknown>> {
  const { pair, collection } = conflict;
  const where = { pair, collection, subject: conflict.type };
  if (conflict.type === 'property') {
    const { name, values } = conflict;
    const versions = bySide((side) => values[side] ?? 'not set');
    const difference = { component: null, occurrence: null, property: name, a: values.a ?? null, b: values.b ?? null };
    return { ...where, uid: null, property: name, reason: REASON, versions, merges: false, differences: [difference] };
  }
  const { ident, kind, texts } = conflict;
  const versions = bySide((side) => summarize(texts[side], kind));
  const item = { uid: uidOf(ident) ?? null, summary: summaryOf(conflict), reason: REASON, versions };
  const differences = describeDifferences(kind, texts.a, texts.b).map(({ component, property, a, b }) => ({
    component: component.type,
    occurrence: component.recurrenceId ?? null,
    property,
    a: a ?? null,
    b: b ?? null,
  }));
  return { ...where, ...item, merges: mergeOf(conflict)?.type === 'merged', differences };
}

const REASON = 'changed differently on both sides';

/** Undefined where it is not known what both sides had before. */
export const mergeOf = ({ kind, base, texts }: OpenItemConflict): ReturnType<typeof mergeItems> | undefined =>
  base === undefined ? undefined : mergeItems(kind, base, texts.a, texts.b);
