import type { Kind } from '../model/item.ts';
import { type Component, readComponents } from './component.ts';
import { readableLine } from './merge/readable.ts';

/** By what, besides its summary, a person tells an event or a task from others. Still foreign text: who prints it escapes it. */
export interface Circumstances {
  readonly when: string | undefined;
  readonly where: string | undefined;
}

/** Of a series, when it begins. Contacts, and what cannot be read, have none. */
export function circumstancesOf(text: string, kind: Kind): Circumstances {
  const structure = kind === 'calendar' ? readComponents(text) : undefined;
  const calendar = structure?.type === 'components' ? structure.components[0] : undefined;
  const entries = calendar?.components.filter(({ name }) => name !== 'VTIMEZONE') ?? [];
  const entry = entries.find(({ lines }) => lines.every(({ name }) => name !== 'RECURRENCE-ID')) ?? entries[0];
  return { when: entry && whenOf(entry), where: entry && readableOf(entry, 'LOCATION') };
}

function whenOf(entry: Component): string | undefined {
  const start = readableOf(entry, 'DTSTART');
  const end = readableOf(entry, 'DTEND');
  const due = readableOf(entry, 'DUE');
  const repeats = readableOf(entry, 'RRULE');
  const parts = [
    start === undefined || end === undefined ? start : periodOf(start, end),
    due && `due ${due}`,
    repeats && `repeats (${repeats})`,
  ];
  const when = parts.filter((part) => part !== undefined).join(', ');
  return when === '' ? undefined : when;
}

/** `2026-06-01 10:00 – 11:00 UTC`: on one day, in one zone, both are said once. */
function periodOf(start: string, end: string): string {
  const [, day, from, zone] = MOMENT.exec(start) ?? [];
  const [, lastDay, to, lastZone] = MOMENT.exec(end) ?? [];
  if (day === undefined || day !== lastDay || zone !== lastZone) return `${start} – ${end}`;
  return `${day} ${from} – ${to}${zone}`;
}

const MOMENT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?)(.*)$/;

function readableOf({ lines }: Component, wanted: string): string | undefined {
  const line = lines.find(({ name }) => name === wanted);
  const value = line && readableLine(line).trim();
  return value === '' ? undefined : value;
}
