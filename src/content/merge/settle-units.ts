import type { Side } from '../../model/sides.ts';
import type { Component } from '../component.ts';
import type { ContentLine } from '../content-line.ts';
import { isLeftOut } from '../fingerprint.ts';
import { exchangesIn, type Settled, settleValue } from './settle-value.ts';
import type { Unit, Units } from './unit.ts';
import { mapVersions, type Versions } from './versions.ts';

/**
 * What becomes of every unit of a component, by key. Where a side lacks a unit, taking it from that side removes it. A
 * unit that has become part of another one is not there.
 */
export function settleUnits(versions: Versions<Units>, component: Component): ReadonlyMap<string, Settled> {
  const exchanges = exchangesIn(versions);
  const settled = new Map<string, Settled>();
  for (const key of new Set([...versions.a.keys(), ...versions.b.keys()])) {
    const units = mapVersions(versions, (each) => each.get(key));
    settled.set(key, settleUnit(units, component) ?? settleValue(units, exchanges));
  }
  for (const each of [...settled.values()]) {
    if (each.type === 'mix' && each.successor !== undefined) settled.delete(each.successor);
  }
  return settled;
}

/** Undefined where it is a value that both sides did something else to. */
function settleUnit(units: Versions<Unit | undefined>, component: Component): Settled | undefined {
  const changed = onlyChange(mapVersions(units, (unit) => unit?.normal));
  if (changed !== undefined) return { type: 'take', side: changed };
  const { a, b } = units;
  const rule = (a ?? b)?.rule;
  if (rule === 'stamp') return { type: 'take', side: laterStamp(a, b) };
  const loose = mapVersions(units, (unit) => looseForm(unit, component));
  // Of two that say the same, the same one whichever side is which.
  if (loose.a === loose.b && a && b) return { type: 'take', side: a.normal < b.normal ? 'a' : 'b' };
  const said = onlyChange(loose);
  if (said !== undefined) return { type: 'take', side: said };
  return rule === 'each' ? undefined : { type: 'overlap' };
}

/** The side to take where at most one changed anything, or both the same. */
export function onlyChange({ base, a, b }: Versions<string | undefined>): Side | undefined {
  if (a === b || b === base) return 'a';
  return a === base ? 'b' : undefined;
}

/** By their digits, since dates come with and without hyphens. A larger SEQUENCE is the newer one (RFC 5545 3.8.7.4). */
function laterStamp(a: Unit | undefined, b: Unit | undefined): Side {
  if (a === undefined || b === undefined) return a === undefined ? 'b' : 'a';
  const one = digitsOf(a);
  const other = digitsOf(b);
  if (one === other) return a.normal < b.normal ? 'b' : 'a';
  const isLater = COUNTERS.has(a.name) && one.length !== other.length ? one.length > other.length : one > other;
  return isLater ? 'a' : 'b';
}

/** Without fractions of a second. */
function digitsOf(unit: Unit): string {
  return (unit.lines[0]?.value ?? '').replace(/[.,]\d+|\D/g, '');
}

const COUNTERS: ReadonlySet<string> = new Set(['SEQUENCE', 'X-MICROSOFT-CDO-APPT-SEQUENCE', 'X-MOZ-GENERATION']);

/** Equal for more than `normal` is: defaults are nothing, and the same picture may be written in several ways. */
function looseForm(unit: Unit | undefined, component: Component): string {
  if (unit === undefined) return '';
  if (unit.lines.length === 1 && BINARIES.has(unit.name)) {
    const [line] = unit.lines;
    const bytes = line && inlineBytes(line);
    if (bytes !== undefined) return `bytes:${bytes}`;
  }
  return unit.lines.every((line) => isLeftOut(line, component, undefined)) ? '' : unit.normal;
}

const BINARIES: ReadonlySet<string> = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY']);

/** As base64 without white space and padding; undefined where the value is a reference. */
function inlineBytes(line: ContentLine): string | undefined {
  const dataUrl = /^data:[^,]*;base64\s*,/i.exec(line.value);
  if (dataUrl === null && !/(?:^|[;=])"?(?:B|BASE64)"?(?:;|$)/i.test(line.parameters)) return undefined;
  return line.value.slice(dataUrl?.[0].length ?? 0).replace(/\s+|\\|=+\s*$/g, '');
}
