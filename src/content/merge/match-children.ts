import type { Component } from '../component.ts';
import { contentOf } from './content-of.ts';
import { instantOf } from './instant.ts';
import { mapVersions, type Versions } from './versions.ts';

/** The components of three versions of one component by a key that is the same for those that are the same one. */
export type Children = ReadonlyMap<string, Component>;

/**
 * Within a calendar, entries by what they are and by the moment of their RECURRENCE-ID, and time zones by TZID. Within
 * an entry, alarms and the like by UID where the base has it; else by what they say, since some programs give an alarm a
 * UID of their own, so that a changed one is one removed and another one added.
 */
export function matchChildren(versions: Versions<Component>): Versions<Children> {
  if (versions.a.name === 'VCALENDAR') return mapVersions(versions, (version) => byKey(version, entryKey));
  const base = byKey(versions.base, (child) => `${child.name} ${uidOf(child) ?? ''} ${contentOf(child)}`);
  const keyIn = keyFinder(base);
  return { base, a: byKey(versions.a, keyIn()), b: byKey(versions.b, keyIn()) };
}

/** The moment that an override is for; undefined for the entry or series itself. */
export function occurrenceOf(entry: Component): string | undefined {
  const line = entry.lines.find(({ name }) => name === 'RECURRENCE-ID');
  return line && instantOf(line, line.value);
}

export function entryKey(entry: Component): string {
  if (entry.name === 'VTIMEZONE') return zoneKey(tzidOf(entry));
  return `${entry.name} ${occurrenceOf(entry) ?? ''}`;
}

export function zoneKey(tzid: string): string {
  return `VTIMEZONE ${tzid}`;
}

export function tzidOf(zone: Component): string {
  return zone.lines.find(({ name }) => name === 'TZID')?.value.trim() ?? '';
}

/** A key that is there already gets a number. */
function byKey(parent: Component, keyOf: (child: Component) => string): Children {
  const children = new Map<string, Component>();
  const counts = new Map<string, number>();
  for (const child of parent.components) {
    const key = keyOf(child);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    children.set(count === 1 ? key : `${key}\n${count}`, child);
  }
  return children;
}

/** Each key of the base is given to one child of a side only. Takes linear time, though a thousand alarms may be equal. */
function keyFinder(base: Children): () => (child: Component) => string {
  const keysByUid = new Map<string, string>();
  const keysByContent = new Map<string, string[]>();
  for (const [key, child] of base) {
    const uid = uidOf(child);
    if (uid !== undefined) keysByUid.set(`${child.name} ${uid}`, key);
    const content = contentOf(child);
    const same = keysByContent.get(content);
    if (same === undefined) keysByContent.set(content, [key]);
    else same.push(key);
  }
  return () => {
    const taken = new Set<string>();
    const left = new Map([...keysByContent].map(([content, keys]) => [content, keys.values()]));
    return (child) => {
      const content = contentOf(child);
      const byUid = keysByUid.get(`${child.name} ${uidOf(child) ?? ''}`);
      const key = byUid === undefined || taken.has(byUid) ? nextNotIn(taken, left.get(content)) : byUid;
      if (key !== undefined) taken.add(key);
      return key ?? `${child.name}  ${content}`;
    };
  };
}

function nextNotIn(taken: ReadonlySet<string>, keys: Iterator<string> | undefined): string | undefined {
  for (let next = keys?.next(); next && !next.done; next = keys?.next()) {
    if (!taken.has(next.value)) return next.value;
  }
  return undefined;
}

function uidOf(child: Component): string | undefined {
  const line = child.lines.find(({ name }) => name === 'UID' || name === 'X-WR-ALARMUID');
  return line?.value.trim() || undefined;
}
