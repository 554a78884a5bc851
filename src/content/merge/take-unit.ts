import type { ContentLine } from '../content-line.ts';
import { normaliseLine } from '../fingerprint.ts';
import { type Frame, insert, rawFromB, replace } from './frame.ts';
import type { PlaceOf } from './places.ts';
import type { Unit } from './unit.ts';
import { writeLine } from './write-line.ts';

/**
 * Makes a unit of the frame what it is in B: lines that mean the same stay as they are, others are exchanged for those of
 * the same name where they stand, removed, or put where B has them.
 */
export function takeFromB(frame: Frame, a: Unit | undefined, b: Unit | undefined, placeOf: PlaceOf): void {
  const groupFor = groupsFor(frame, a, b);
  const left = new Set(a?.lines);
  // Lines without a name are one broken text: only all of them in their order say what they are.
  const twins = gather([...left].filter(isNamed), (line) => formOf(line, line.group));
  const wanted = (b?.lines ?? []).filter((line) => {
    const twin = twins.get(formOf(line, groupFor(line)))?.next().value;
    if (twin !== undefined) left.delete(twin);
    return twin === undefined;
  });
  const namesakes = gather([...left].filter(isNamed), (line) => line.name);
  for (const line of wanted) {
    const text = renamed(frame, line, groupFor(line));
    const old = namesakes.get(line.name)?.next().value;
    if (old === undefined) insert(frame, placeOf(line), text);
    else {
      replace(frame, old, text);
      left.delete(old);
    }
  }
  for (const line of left) replace(frame, line, '');
}

type Queue = Iterator<ContentLine, undefined>;

function gather(lines: Iterable<ContentLine>, keyOf: (line: ContentLine) => string): ReadonlyMap<string, Queue> {
  const linesByKey = new Map<string, ContentLine[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const same = linesByKey.get(key);
    if (same === undefined) linesByKey.set(key, [line]);
    else same.push(line);
  }
  return new Map([...linesByKey].map(([key, same]) => [key, same.values()]));
}

/** Equal for lines of which the one in the frame may stay. */
function formOf(line: ContentLine, group: string): string {
  return `${group}.${normaliseLine(line, true).join('\n')}`;
}

function isNamed({ name }: ContentLine): boolean {
  return name !== '';
}

/** The group in which a line of B comes to stand; empty: none. */
type GroupFor = (line: ContentLine) => string;

/**
 * A group keeps the name that the frame has for it. One that is new there gets another name if its own is taken: two
 * programs both call their first one `item1`.
 */
function groupsFor(frame: Frame, a: Unit | undefined, b: Unit | undefined): GroupFor {
  if (frame.kind === 'calendar') return ({ group }) => group;
  const inA = [...new Set(a?.lines.map(({ group }) => group))].filter((group) => group !== '');
  const inB = [...new Set(b?.lines.map(({ group }) => group))].filter((group) => group !== '');
  const names = new Map<string, string>();
  for (const group of inB) {
    const [old] = inA;
    if (old !== undefined && inA.length === 1 && inB.length === 1) names.set(group, old);
    else names.set(group, freeName(frame, group));
  }
  return ({ group }) => names.get(group) ?? '';
}

function freeName({ groups }: Frame, wanted: string): string {
  const [, stem = '', digits = ''] = /^(.*?)(\d*)$/.exec(wanted) ?? [];
  let name = wanted;
  for (let number = Number(digits) + 1; groups.has(name); number++) name = `${stem}${number}`;
  groups.add(name);
  return name;
}

/** In the case in which B writes it, where that is plain to see. */
function renamed(frame: Frame, line: ContentLine, group: string): string {
  const raw = rawFromB(frame, line);
  if (line.group === group) return raw;
  const written = raw.slice(0, line.group.length);
  const rest = raw.slice(line.group.length);
  if (written.toUpperCase() !== line.group || !rest.startsWith('.')) {
    return writeLine({ group, name: line.name }, line.parameters, line.value, frame.lineEnd);
  }
  return (written === line.group ? group : group.toLowerCase()) + rest;
}
