import type { Component } from '../component.ts';
import type { ContentLine } from '../content-line.ts';
import { normaliseParameters } from '../normal-parameters.ts';
import { normaliseValues } from '../normal-value.ts';
import { type Frame, insert, rawFromB, replace } from './frame.ts';
import type { PlaceOf } from './places.ts';
import { isListLine } from './unit.ts';
import { mapVersions, type Versions } from './versions.ts';
import { writeLine } from './write-line.ts';

/**
 * Merges CATEGORIES and the like by value, however many lines they are on: what B added comes to the frame, what B
 * dropped goes. Values of other parameters (LANGUAGE) are others. Never overlaps.
 */
export function mergeLists(frame: Frame, versions: Versions<Component>, placeOf: PlaceOf): void {
  const { base, a, b } = mapVersions(versions, entriesOf);
  const rows = new Map<ContentLine, Row>();
  for (const [key, { line, value }] of a) {
    const row = rows.get(line) ?? { line, values: [], isChanged: false };
    rows.set(line, row);
    if (base.has(key) && !b.has(key)) row.isChanged = true;
    else row.values.push(value);
  }
  const rowsByHead = new Map([...rows.values()].map((row) => [headOf(row.line), row]));
  const added = new Map<ContentLine, string[]>();
  for (const [key, { line, value }] of b) {
    if (a.has(key) || base.has(key)) continue;
    const values = added.get(line) ?? [];
    added.set(line, values);
    values.push(value);
  }
  for (const [line, values] of added) {
    const row = rowsByHead.get(headOf(line));
    if (values.length === normaliseValues(line).length) insert(frame, placeOf(line), rawFromB(frame, line));
    else if (row === undefined) insert(frame, placeOf(line), written(line, values, frame));
    else {
      row.isChanged = true;
      row.values.push(...values);
    }
  }
  for (const { line, values, isChanged } of rows.values()) {
    if (isChanged) replace(frame, line, values.length === 0 ? '' : written(line, values, frame));
  }
}

interface Entry {
  readonly line: ContentLine;
  readonly value: string;
}

/** A line of the frame, and the values that it will have. */
interface Row {
  readonly line: ContentLine;
  readonly values: string[];
  isChanged: boolean;
}

/** By a key that is the same in all versions; one that is there already gets a number. */
function entriesOf(component: Component): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const counts = new Map<string, number>();
  for (const line of component.lines) {
    if (!isListLine(line, component)) continue;
    for (const value of normaliseValues(line)) {
      const key = `${headOf(line)}:${value}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      entries.set(`${key}\n${count}`, { line, value });
    }
  }
  return entries;
}

function headOf(line: ContentLine): string {
  return line.name + normaliseParameters(line);
}

function written(line: ContentLine, values: readonly string[], { lineEnd }: Frame): string {
  return writeLine(line, line.parameters, values.join(','), lineEnd);
}
