import { must, unreachable } from '../../model/errors.ts';
import type { Component } from '../component.ts';
import type { ContentLine } from '../content-line.ts';
import { normaliseLine } from '../fingerprint.ts';
import { normaliseValues } from '../normal-value.ts';
import { type PropertyRule, ruleOf } from './property-rule.ts';
import { mapVersions, type Versions } from './versions.ts';

/** Lines of a component that are taken from one side together. */
export interface Unit {
  /** The same in all versions of the component. */
  readonly key: string;
  readonly rule: UnitRule;
  /** Of its most important line, in upper case. */
  readonly name: string;
  readonly lines: readonly ContentLine[];
  /** One form for all that mean the same (SI13). */
  readonly normal: string;
}

/** What is unknown has become one or the other, and lists are merged elsewhere. */
export type UnitRule = Exclude<PropertyRule, 'unknown' | 'list'>;

export type Units = ReadonlyMap<string, Unit>;

/** The properties of three versions of a component, lists left aside; `isListLine` says which those are. */
export function unitsOf(versions: Versions<Component>): Versions<Units> {
  const bundles = mapVersions(versions, bundlesOf);
  const isWhole = wholeNames(bundles, versions.a.name === 'VCARD');
  return mapVersions(bundles, (each) => gather(each.map((bundle) => withKey(bundle, isWhole))));
}

export function isListLine(line: ContentLine, component: Component): boolean {
  return line.group === '' && ruleOf(line.name, component.name) === 'list';
}

/** A line; or all lines of a card that have one group, such as a phone number and its X-ABLabel. */
interface Bundle {
  readonly name: string;
  readonly head: ContentLine;
  readonly rule: PropertyRule;
  readonly lines: readonly ContentLine[];
  readonly normal: string;
}

interface Keyed {
  readonly bundle: Bundle;
  readonly rule: UnitRule;
  readonly key: string;
}

function bundlesOf(component: Component): readonly Bundle[] {
  const isCard = component.name === 'VCARD';
  const lines = component.lines.filter((line) => !isListLine(line, component));
  if (!isCard) return lines.map((line) => bundleOf([line], component.name));
  const groups = new Map<string, ContentLine[]>();
  const bundles: (readonly ContentLine[])[] = [];
  for (const line of lines) {
    const members = line.group === '' ? undefined : groups.get(line.group);
    if (members !== undefined) members.push(line);
    else {
      const first = [line];
      bundles.push(first);
      if (line.group !== '') groups.set(line.group, first);
    }
  }
  return bundles.map((members) => bundleOf(members, component.name));
}

function bundleOf(lines: readonly ContentLine[], component: string): Bundle {
  const isCard = component === 'VCARD';
  const normals = lines.map((line) => ({
    line,
    normal: line.name === '' ? [line.value] : normaliseLine(line, isCard),
  }));
  // The order of lines in a group means nothing, so the head is not simply the first one.
  const ranked = normals
    .map(({ line, normal }) => ({ line, rank: `${isLabel(line) ? 1 : 0}${normal.join('\n')}` }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  const head = ranked[0]?.line ?? NO_LINE;
  const name = isCard || head.group === '' ? head.name : `${head.group}.${head.name}`;
  return {
    name,
    head,
    rule: head.name === '' ? 'whole' : ruleOf(name, component),
    lines,
    normal: normals
      .flatMap(({ normal }) => normal)
      .sort()
      .join('\n+'),
  };
}

/** Whether a line describes another one of its group. */
export function isLabel({ name }: ContentLine): boolean {
  return LABELS.has(name);
}

const LABELS: ReadonlySet<string> = new Set(['X-ABLABEL', 'X-ABADR', 'X-ABORDER']);

const NO_LINE: ContentLine = { start: 0, end: 0, group: '', name: '', parameters: '', value: '' };

/**
 * The unknown properties that are one as a whole. In a calendar those that no version has twice: there, most properties
 * may stand only once. In a card those that the base has once, and no side twice: two who change it both mean that one;
 * two who add it may mean two things.
 */
function wholeNames(bundles: Versions<readonly Bundle[]>, isCard: boolean): ReadonlySet<string> {
  const counts = mapVersions(bundles, (each) => {
    const countsByName = new Map<string, number>();
    for (const { name, rule } of each)
      if (rule === 'unknown') countsByName.set(name, (countsByName.get(name) ?? 0) + 1);
    return countsByName;
  });
  const names = new Set([...counts.base.keys(), ...counts.a.keys(), ...counts.b.keys()]);
  const isSingle = (name: string): boolean => {
    const { base, a, b } = mapVersions(counts, (each) => each.get(name) ?? 0);
    return a <= 1 && b <= 1 && base <= 1 && (!isCard || base === 1);
  };
  return new Set([...names].filter(isSingle));
}

function withKey(bundle: Bundle, isWhole: ReadonlySet<string>): Keyed {
  const { rule, name, head } = bundle;
  switch (rule) {
    case 'time':
    case 'progress':
      // No name has a colon.
      return { bundle, rule, key: `:${rule}` };
    case 'stamp':
      return { bundle, rule, key: UIDS.has(name) ? ':uid' : name };
    case 'whole':
      return { bundle, rule, key: name };
    case 'each':
    case 'list':
    case 'unknown': {
      if (isWhole.has(name)) return { bundle, rule: 'whole', key: name };
      const values = head.name === 'ATTENDEE' ? [head.value.trim().toLowerCase()] : normaliseValues(head);
      return { bundle, rule: 'each', key: `${name}:${values.join(',')}` };
    }
    default:
      return unreachable(rule);
  }
}

/** Of an alarm, which some programs write twice. */
const UIDS: ReadonlySet<string> = new Set(['UID', 'X-WR-ALARMUID']);

/** A value that is there twice is one unit with two lines, or each side might remove another one of them. */
function gather(keyed: readonly Keyed[]): Units {
  const gathered = new Map<string, Keyed[]>();
  for (const each of keyed) {
    const same = gathered.get(each.key);
    if (same === undefined) gathered.set(each.key, [each]);
    else same.push(each);
  }
  return new Map([...gathered].map(([key, same]) => [key, unitOf(key, same)]));
}

function unitOf(key: string, parts: readonly Keyed[]): Unit {
  const { bundle, rule } = must(parts[0], 'a unit has a line');
  const normals = parts.map((part) => part.bundle.normal);
  // Lines that are no property are mostly a text that somebody broke without folding: their order is theirs.
  if (key !== '') normals.sort();
  return {
    key,
    rule,
    name: bundle.name,
    lines: parts.flatMap((part) => part.bundle.lines),
    normal: normals.join('\n'),
  };
}
