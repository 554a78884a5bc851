import { createHash } from 'node:crypto';
import { type Fingerprint, fingerprint } from '../model/names.ts';
import type { Component } from './component.ts';
import type { ContentLine } from './content-line.ts';
import { normaliseParameters } from './normal-parameters.ts';
import { normaliseValues } from './normal-value.ts';
import { isKnownTimeZone, timeZoneOf } from './time-zone.ts';

/**
 * The hash of a VCALENDAR or VCARD that stays the same when nothing changed that a person wrote (SI13): SHA-256, 64
 * hexadecimal digits.
 *
 * Left out, because servers and programs write it at each save or pass it on in another form:
 * - the UID (the ident has it; a feed that makes up new ones stays the same), DTSTAMP, CREATED, LAST-MODIFIED, REV,
 *   PRODID, METHOD, X-RADICALE-NAME;
 * - of the VCALENDAR itself also what tells of a whole feed (X-WR-CALNAME and the like), VERSION:2.0 and
 *   CALSCALE:GREGORIAN;
 * - CLASS:PUBLIC, which is the default, and is added by SOGo;
 * - VTIMEZONE of zones that every system knows, or that nothing refers to;
 * - folding, line ends, blank lines; the order of properties, components and parameters; the case of names;
 * - the names of groups in a card (`item1.TEL`), but not what stands in one group together;
 * - what `normaliseParameters` and `normaliseValues` say.
 */
export function fingerprintOf(root: Component): Fingerprint {
  const zones = zonesThatMatter(root);
  const normal = normalise(root, zones);
  return fingerprint(createHash('sha256').update(normal).digest('hex'));
}

const STAMPS: ReadonlySet<string> = new Set([
  'DTSTAMP',
  'CREATED',
  'LAST-MODIFIED',
  'REV',
  'PRODID',
  'METHOD',
  'X-RADICALE-NAME',
]);

const ABOUT_THE_FEED: ReadonlySet<string> = new Set([
  'X-WR-CALNAME',
  'X-WR-CALDESC',
  'X-WR-RELCALID',
  'X-PUBLISHED-TTL',
  'REFRESH-INTERVAL',
]);

/** Depth is bounded by `walk`, so recursion is safe. */
function normalise(component: Component, zones: ReadonlySet<Component>, parent?: Component): string {
  const entries: string[] = [];
  const strays: string[] = [];
  const groups = new Map<string, string[]>();
  const isCard = component.name === 'VCARD';
  for (const line of component.lines) {
    if (line.name === '') strays.push(line.value);
    else if (!isLeftOut(line, component, parent)) {
      const target = isCard && line.group !== '' ? groupOf(groups, line.group) : entries;
      target.push(...normaliseLine(line, isCard));
    }
  }
  // The name of a group means nothing; that these lines stand together does.
  for (const members of groups.values()) entries.push(members.sort().join('\n+'));
  for (const child of component.components) {
    if (child.name !== 'VTIMEZONE' || zones.has(child)) entries.push(normalise(child, zones, component));
  }
  // Lines that are no property are mostly a text that somebody broke without folding: they stay together, in order.
  if (strays.length > 0) entries.push(`:${strays.join('\n:')}`);
  return `BEGIN:${component.name}\n${entries.sort().join('\n')}\nEND:${component.name}`;
}

/** Whether a line says only when, or by what program, something was written. */
export const isStamp = ({ name }: ContentLine): boolean => STAMPS.has(name);

/** Whether a line is one of those that the fingerprint leaves out. */
export function isLeftOut(line: ContentLine, component: Component, parent: Component | undefined): boolean {
  const { name, value } = line;
  if (STAMPS.has(name) || (name === 'CLASS' && value.trim().toUpperCase() === 'PUBLIC')) return true;
  if (component.name === 'VCALENDAR' && parent === undefined) {
    return (
      ABOUT_THE_FEED.has(name) ||
      (name === 'VERSION' && value.trim() === '2.0') ||
      (name === 'CALSCALE' && value.trim().toUpperCase() === 'GREGORIAN')
    );
  }
  // The UID of an alarm or of a card within a card is not the item's.
  return name === 'UID' && (parent === undefined || parent.name === 'VCALENDAR');
}

/** A property in one form for all that mean the same; several where its values are a list. */
export function normaliseLine(line: ContentLine, isCard: boolean): readonly string[] {
  const name = isCard || line.group === '' ? line.name : `${line.group}.${line.name}`;
  const head = `${name}${normaliseParameters(line)}:`;
  return normaliseValues(line).map((value) => head + value);
}

function groupOf(groups: Map<string, string[]>, name: string): string[] {
  const members = groups.get(name) ?? [];
  groups.set(name, members);
  return members;
}

function zonesThatMatter(root: Component): ReadonlySet<Component> {
  const unknown = new Map<Component, string>();
  for (const component of root.components) {
    if (component.name !== 'VTIMEZONE') continue;
    const tzid = component.lines.find((line) => line.name === 'TZID')?.value.trim() ?? '';
    if (!isKnownTimeZone(tzid)) unknown.set(component, tzid);
  }
  if (unknown.size === 0) return new Set();
  const used = timeZonesUsedIn(root);
  return new Set([...unknown].filter(([, tzid]) => used.has(tzid)).map(([component]) => component));
}

function timeZonesUsedIn(component: Component): ReadonlySet<string> {
  const used = component.components.flatMap((child) => [...timeZonesUsedIn(child)]);
  return new Set([...used, ...component.lines.flatMap((line) => timeZoneOf(line) ?? [])]);
}
