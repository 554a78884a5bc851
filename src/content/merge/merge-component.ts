import type { Sides } from '../../model/sides.ts';
import type { Component } from '../component.ts';
import { normaliseLine } from '../fingerprint.ts';
import { contentOf } from './content-of.ts';
import { componentDifference, differencesIn, placeOf, unitDifferences } from './describe-differences.ts';
import type { Place } from './difference.ts';
import { type Frame, insert, rawFromB, replace } from './frame.ts';
import { matchChildren } from './match-children.ts';
import { mergeLists } from './merge-lists.ts';
import { type PlaceOf, placesOfChildren, placesOfLines, startOfBody } from './places.ts';
import { settleUnits } from './settle-units.ts';
import type { Settled } from './settle-value.ts';
import { settleZones } from './settle-zones.ts';
import { takeFromB } from './take-unit.ts';
import { type Unit, type Units, unitsOf } from './unit.ts';
import { mapVersions, type Versions } from './versions.ts';
import { writeLine } from './write-line.ts';

/** Brings into the frame what B changed in a component and in all within it, and notes what overlaps. */
export function mergeComponent(frame: Frame, versions: Versions<Component>, parent: Place | undefined): void {
  const place = placeOf(versions.a, parent);
  const units = unitsOf(versions);
  const start = startOfBody(frame.texts.a, versions.a);
  const placeOfLine = placesOfLines(versions, units, start);
  mergeUnits(frame, { units, component: versions.a, place, placeOfLine });
  mergeLists(frame, versions, placeOfLine);
  mergeChildren(frame, versions, place, start);
}

interface UnitsOfComponent {
  readonly units: Versions<Units>;
  readonly component: Component;
  readonly place: Place;
  readonly placeOfLine: PlaceOf;
}

function mergeUnits(frame: Frame, { units, component, place, placeOfLine }: UnitsOfComponent): void {
  for (const [key, each] of settleUnits(units, component)) {
    const a = units.a.get(key);
    const b = units.b.get(key);
    if (each.type === 'overlap') frame.overlaps.push(...unitDifferences(place, { a, b }));
    else if (each.type === 'mix') writeMix(frame, a ?? units.a.get(each.successor ?? ''), each);
    else if (each.side === 'b') takeFromB(frame, a, b, placeOfLine);
  }
}

function writeMix(
  frame: Frame,
  unit: Unit | undefined,
  { parameters, value }: Settled & { readonly type: 'mix' },
): void {
  const [line] = unit?.lines ?? [];
  if (line === undefined) return;
  const normal = normaliseLine({ ...line, parameters, value }, true);
  if (normal.join() !== normaliseLine(line, true).join()) {
    replace(frame, line, writeLine(line, parameters, value, frame.lineEnd));
  }
}

function mergeChildren(frame: Frame, versions: Versions<Component>, place: Place, start: number): void {
  const children = matchChildren(versions);
  const places = placesOfChildren(versions, children, start);
  const zones = settleZones(versions, children);
  for (const key of new Set([...children.a.keys(), ...children.b.keys()])) {
    const { base, a, b } = mapVersions(children, (each) => each.get(key));
    if (zones.has(key)) {
      const side = zones.get(key);
      if (side === undefined && a && b) frame.overlaps.push(...differencesIn({ a, b }, versions.a, place));
      else if (side === 'b') takeChildFromB(frame, { a, b }, places.get(key) ?? start);
    } else if (base && a && b) {
      mergeComponent(frame, { base, a, b }, place);
    } else if (a && b) {
      mergeAdded(frame, { a, b }, versions.a, place);
    } else if (base === undefined) {
      if (b) takeChildFromB(frame, { a, b }, places.get(key) ?? start);
    } else {
      const left = a ?? b;
      if (left && contentOf(left) !== contentOf(base)) frame.overlaps.push(componentDifference(place, { a, b }));
      else if (a) replace(frame, a, '');
    }
  }
}

function takeChildFromB(frame: Frame, { a, b }: Sides<Component | undefined>, at: number): void {
  const text = b === undefined ? '' : rawFromB(frame, b);
  if (a === undefined) insert(frame, at, text);
  else replace(frame, a, text);
}

/** Of two that came into being on both sides, nothing tells what a difference means: one may have left out what the other kept. */
function mergeAdded(frame: Frame, sides: Sides<Component>, parent: Component, place: Place): void {
  if (contentOf(sides.a) === contentOf(sides.b)) {
    const nothing: Component = { name: sides.a.name, start: 0, end: 0, lines: [], components: [] };
    mergeComponent(frame, { base: nothing, ...sides }, place);
  } else frame.overlaps.push(...differencesIn(sides, parent, place));
}
