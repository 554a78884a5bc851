import type { Kind } from '../model/item.ts';
import type { Fingerprint } from '../model/names.ts';
import { type Component, readComponents } from './component.ts';
import { lineFinder } from './content-line.ts';

/**
 * A UID for an item that has none, made of its content: wherever equal copies of it are, they get the same one, and
 * stay one item. Each `attempt` from 0 to 32 gives another one. A UUID of version 8 (RFC 9562, 5.8).
 */
export function uidFrom(fingerprint: Fingerprint, attempt: number): string {
  const digits = fingerprint.slice(attempt, attempt + 32);
  const variant = '89ab'[Number.parseInt(digits.charAt(16), 16) % 4] ?? '8';
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
  ];
  return [...groups, digits.slice(20)].join('-');
}

/**
 * The text of an item without UID with one, and not a byte changed besides: a line more in each of its components, and
 * UIDs without a value removed (RFC 5545, 3.8.4.7; RFC 6350, 6.7.6). `text` is one that `readItem` can read.
 */
export function assignUid(text: string, kind: Kind, uid: string): string {
  const structure = readComponents(text);
  if (structure.type === 'broken') throw new Error(`this should not happen: a text that was read ${structure.reason}`);
  const roots =
    kind === 'calendar' ? structure.components.flatMap(({ components }) => components) : structure.components;
  const edits = roots.filter(({ name }) => name !== 'VTIMEZONE').flatMap((component) => editsOf(component, text, uid));
  let edited = '';
  let at = 0;
  for (const { start, end, replacement } of edits) {
    edited += text.slice(at, start) + replacement;
    at = end;
  }
  return edited + text.slice(at);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** In the order of the text. */
function editsOf(component: Component, text: string, uid: string): readonly Edit[] {
  const { at, lineEnd } = placeFor(component, text);
  const empty = component.lines.filter(({ name, value }) => name === 'UID' && value.trim() === '');
  const removals = empty.map(({ start, end }) => ({ start, end, replacement: '' }));
  return [{ start: at, end: at, replacement: `UID:${uid}${lineEnd}` }, ...removals];
}

/** After BEGIN; in a card after its VERSION, if that stands there, as vCard 4.0 demands (RFC 6350, 6.7.9). */
function placeFor({ name, start, lines }: Component, text: string): { readonly at: number; readonly lineEnd: string } {
  const begin = lineFinder(text.slice(start))(0);
  const end = start + (begin?.end ?? 0);
  const [first] = lines;
  const at = name === 'VCARD' && first?.name === 'VERSION' && first.start === end ? first.end : end;
  return { at, lineEnd: /(?:\r\n|\n|\r)$/.exec(text.slice(start, end))?.[0] ?? '\r\n' };
}
