import type { Sides } from '../../model/sides.ts';
import type { Component } from '../component.ts';
import { type ContentLine, lineFinder } from '../content-line.ts';
import type { Children } from './match-children.ts';
import { isListLine, type Units } from './unit.ts';

/** Where in the frame a line of B has to stand. */
export type PlaceOf = (line: ContentLine) => number;

/**
 * Where lines of B have to stand in the frame: after what they follow in B, as far as the frame has it; else at the
 * beginning of the component, whose body begins at `start`.
 */
export function placesOfLines({ a, b }: Sides<Component>, units: Sides<Units>, start: number): PlaceOf {
  const ends = new Map<string, number>();
  const keysInA = keysOf(a, units.a);
  for (const line of a.lines) {
    const key = keysInA.get(line);
    if (key !== undefined) ends.set(key, line.end);
  }
  const places = new Map<ContentLine, number>();
  const keysInB = keysOf(b, units.b);
  let at = start;
  for (const line of b.lines) {
    at = ends.get(keysInB.get(line) ?? '') ?? at;
    places.set(line, at);
  }
  return (line) => places.get(line) ?? start;
}

/** The same for lines that are each other's counterpart. Lines without a name have none. */
function keysOf(component: Component, units: Units): ReadonlyMap<ContentLine, string> {
  const keys = new Map<ContentLine, string>();
  for (const line of component.lines) if (isListLine(line, component)) keys.set(line, line.name);
  for (const { key, lines } of units.values()) {
    for (const line of lines) if (line.name !== '') keys.set(line, `${key}\n${line.name}`);
  }
  return keys;
}

/** As `placesOfLines`, for components within a component. Properties stay in front of them. */
export function placesOfChildren(
  { a }: Sides<Component>,
  children: Sides<Children>,
  start: number,
): ReadonlyMap<string, number> {
  const ends = new Map([...children.a].map(([key, child]) => [key, child.end]));
  const places = new Map<string, number>();
  let at = a.components[0]?.start ?? a.lines.at(-1)?.end ?? start;
  for (const key of children.b.keys()) {
    at = ends.get(key) ?? at;
    places.set(key, at);
  }
  return places;
}

/** Where the BEGIN line of a component ends. */
export function startOfBody(text: string, { start, end }: Component): number {
  const begin = lineFinder(text.slice(start, end))(0);
  return begin === undefined ? end : start + begin.end;
}
