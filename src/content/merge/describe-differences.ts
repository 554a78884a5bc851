import type { Kind } from '../../model/item.ts';
import type { Sides } from '../../model/sides.ts';
import { type Component, readComponents } from '../component.ts';
import type { ContentLine } from '../content-line.ts';
import { isLeftOut, normaliseLine } from '../fingerprint.ts';
import { isKnownTimeZone } from '../time-zone.ts';
import type { Difference, Place } from './difference.ts';
import { type Children, matchChildren, tzidOf } from './match-children.ts';
import { readableLine, readableTime } from './readable.ts';
import { isLabel, isListLine, type Unit, unitsOf } from './unit.ts';

/**
 * What two versions of an item have different, in the order of A and then of B: at least one difference where their
 * fingerprints differ. Stamps that the fingerprint leaves out are no difference. Nothing where a text is broken.
 */
export function describeDifferences(kind: Kind, a: string, b: string): readonly Difference[] {
  const wanted = kind === 'calendar' ? 'VCALENDAR' : 'VCARD';
  const roots = [a, b].map((text) => {
    const structure = readComponents(text);
    return structure.type === 'components' ? structure.components.find(({ name }) => name === wanted) : undefined;
  });
  const [one, other] = roots;
  return one && other ? differencesIn({ a: one, b: other }, undefined, undefined) : [];
}

/** What two components have different that are each other's counterpart. */
export function differencesIn(
  sides: Sides<Component>,
  parent: Component | undefined,
  parentPlace: Place | undefined,
): readonly Difference[] {
  const place = placeOf(sides.a, parentPlace);
  const units = unitsOf({ base: sides.a, ...sides });
  const children = matchChildren({ base: sides.a, ...sides });
  const isLeft = (unit: Unit | undefined): boolean =>
    unit === undefined || unit.lines.every((line) => isLeftOut(line, sides.a, parent));
  const differences: Difference[] = [];
  for (const key of new Set([...units.a.keys(), ...units.b.keys()])) {
    const a = units.a.get(key);
    const b = units.b.get(key);
    if (a?.normal === b?.normal || (isLeft(a) && isLeft(b))) continue;
    differences.push(...unitDifferences(place, { a, b }));
  }
  return [...differences, ...listDifferences(place, sides), ...childDifferences(children, sides.a, place)];
}

export function placeOf(component: Component, parent: Place | undefined): Place {
  const line = component.lines.find(({ name }) => name === 'RECURRENCE-ID');
  return {
    type: component.name,
    recurrenceId: line ? readableTime(line, line.value) : parent?.recurrenceId,
  };
}

/** One difference; or one for each property, where several are taken together. */
export function unitDifferences(component: Place, { a, b }: Sides<Unit | undefined>): readonly Difference[] {
  const rule = (a ?? b)?.rule;
  if (rule !== 'time' && rule !== 'progress') {
    return [differenceOf(component, (a ?? b)?.name || 'TEXT', { a: a?.lines ?? [], b: b?.lines ?? [] })];
  }
  const names = new Set([...(a?.lines ?? []), ...(b?.lines ?? [])].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const lines = { a: linesNamed(a, name), b: linesNamed(b, name) };
    return formOf(lines.a) === formOf(lines.b) ? [] : [differenceOf(component, name, lines)];
  });
}

/** A component that one side lacks, or that differs as a whole. */
export function componentDifference(parent: Place, { a, b }: Sides<Component | undefined>): Difference {
  const child = a ?? b;
  return {
    component: child ? placeOf(child, parent) : parent,
    property: child?.name ?? '',
    a: a && gist(a),
    b: b && gist(b),
  };
}

function linesNamed(unit: Unit | undefined, wanted: string): readonly ContentLine[] {
  return unit?.lines.filter(({ name }) => name === wanted) ?? [];
}

function formOf(lines: readonly ContentLine[]): string {
  return lines
    .flatMap((line) => normaliseLine(line, false))
    .sort()
    .join('\n');
}

function differenceOf(component: Place, property: string, lines: Sides<readonly ContentLine[]>): Difference {
  const [a, b] = [lines.a, lines.b].map((each) => shown(each, readableLine));
  if (a !== b) return { component, property, a, b };
  // What differs is something that is mostly not worth showing, such as one byte of a picture.
  const raw = ({ parameters, value }: ContentLine): string => (parameters === '' ? value : `${parameters}:${value}`);
  return { component, property, ...excerpts(shown(lines.a, raw) ?? '', shown(lines.b, raw) ?? '') };
}

function excerpts(a: string, b: string): Sides<string> {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - EXCERPT);
  const cut = (text: string): string =>
    `${from > 0 ? '…' : ''}${text.slice(from, at + EXCERPT)}${text.length > at + EXCERPT ? '…' : ''}`;
  return { a: cut(a), b: cut(b) };
}

/** Characters on each side of the first one that differs. */
const EXCERPT = 30;

function shown(lines: readonly ContentLine[], show: (line: ContentLine) => string): string | undefined {
  if (lines.length === 0) return undefined;
  return [...lines.filter((line) => !isLabel(line)), ...lines.filter(isLabel)].map(show).join(', ');
}

function listDifferences(component: Place, sides: Sides<Component>): readonly Difference[] {
  const names = new Set([...sides.a.lines, ...sides.b.lines].filter((line) => isListLine(line, sides.a)).map(nameOf));
  return [...names].flatMap((name) => {
    const a = valuesOf(sides.a, name);
    const b = valuesOf(sides.b, name);
    if (a.join('\n') === b.join('\n')) return [];
    return [{ component, property: name, a: readableValues(a, name), b: readableValues(b, name) }];
  });
}

function nameOf({ name }: ContentLine): string {
  return name;
}

function valuesOf(component: Component, wanted: string): readonly string[] {
  return component.lines
    .filter(({ name, group }) => name === wanted && group === '')
    .flatMap((line) => normaliseLine(line, component.name === 'VCARD'))
    .sort();
}

function readableValues(values: readonly string[], name: string): string | undefined {
  if (values.length === 0) return undefined;
  return values
    .map((value) =>
      value
        .slice(name.length)
        .replace(/^:/, '')
        .replace(/\\([\s\S])/g, '$1'),
    )
    .join(', ');
}

function childDifferences(children: Sides<Children>, parent: Component, place: Place): readonly Difference[] {
  return [...new Set([...children.a.keys(), ...children.b.keys()])].flatMap((key) => {
    const a = children.a.get(key);
    const b = children.b.get(key);
    if (a?.name === 'VTIMEZONE' && isKnownTimeZone(tzidOf(a))) return [];
    if (b?.name === 'VTIMEZONE' && isKnownTimeZone(tzidOf(b))) return [];
    return a && b ? differencesIn({ a, b }, parent, place) : [componentDifference(place, { a, b })];
  });
}

/** What a person knows a component by. */
function gist(component: Component): string {
  return GIST.flatMap((wanted) => component.lines.find(({ name }) => name === wanted) ?? [])
    .map(readableLine)
    .join(', ');
}

const GIST = ['TZID', 'SUMMARY', 'TRIGGER', 'ACTION', 'DTSTART', 'DUE', 'NAME', 'FN'] as const;
