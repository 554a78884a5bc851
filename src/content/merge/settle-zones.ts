import type { Side } from '../../model/sides.ts';
import type { Component } from '../component.ts';
import { normaliseLine } from '../fingerprint.ts';
import { isKnownTimeZone, timeZoneOf } from '../time-zone.ts';
import { contentOf } from './content-of.ts';
import { type Children, entryKey, tzidOf } from './match-children.ts';
import { onlyChange } from './settle-units.ts';
import { mapVersions, type Versions } from './versions.ts';

/**
 * From which side the definition of each time zone is taken, by the key of the component; undefined: both define it
 * anew, and nothing tells which one is meant. A definition goes with the times that use it; one that nobody uses stays,
 * unless a side dropped it.
 */
export function settleZones(
  calendars: Versions<Component>,
  children: Versions<Children>,
): ReadonlyMap<string, Side | undefined> {
  const uses = mapVersions(calendars, usesIn);
  const changed = { a: zonesOfNew(uses.a, uses.base), b: zonesOfNew(uses.b, uses.base) };
  const settled = new Map<string, Side | undefined>();
  for (const [key, zone] of [...children.a, ...children.b]) {
    if (zone.name !== 'VTIMEZONE' || settled.has(key)) continue;
    const tzid = tzidOf(zone);
    const definitions = mapVersions(children, (each) => contentIn(each, key));
    const isUsed = { a: changed.a.has(tzid), b: changed.b.has(tzid) };
    settled.set(key, sideOf(definitions, isUsed) ?? (isKnownTimeZone(tzid) ? 'a' : undefined));
  }
  return settled;
}

function contentIn(children: Children, key: string): string | undefined {
  const zone = children.get(key);
  return zone && contentOf(zone);
}

/** `isUsed`: by what that side changed. */
function sideOf(definitions: Versions<string | undefined>, isUsed: Readonly<Record<Side, boolean>>): Side | undefined {
  const { base, a, b } = definitions;
  if (a === b) return 'a';
  if (a === undefined) return b === base && !isUsed.b ? 'a' : 'b';
  if (b === undefined) return a === base && !isUsed.a ? 'b' : 'a';
  if (isUsed.a !== isUsed.b) return isUsed.a ? 'a' : 'b';
  return onlyChange(definitions);
}

interface Use {
  readonly tzid: string;
  readonly place: string;
}

function usesIn(calendar: Component): readonly Use[] {
  return calendar.components.flatMap((entry) => (entry.name === 'VTIMEZONE' ? [] : usesOf(entry, entryKey(entry))));
}

function usesOf(component: Component, key: string): readonly Use[] {
  const own = component.lines.flatMap((line) => {
    const tzid = timeZoneOf(line);
    return tzid === undefined ? [] : [{ tzid, place: `${key}\n${normaliseLine(line, false).join('\n')}` }];
  });
  return [...own, ...component.components.flatMap((child) => usesOf(child, key))];
}

function zonesOfNew(uses: readonly Use[], base: readonly Use[]): ReadonlySet<string> {
  const known = new Set(base.map(({ place }) => place));
  return new Set(uses.filter(({ place }) => !known.has(place)).map(({ tzid }) => tzid));
}
