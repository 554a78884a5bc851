import type { Item, Kind } from '../model/item.ts';
import { type Ident, ident } from '../model/names.ts';
import { type Component, readUnplaced } from './component.ts';
import { detached } from './detached.ts';
import { fingerprintOf } from './fingerprint.ts';

export type ItemReading = { readonly type: 'item'; readonly item: Item } | Unreadable;

/** `reason` is a sentence without a full stop, about "it", and holds nothing of the content. */
export interface Unreadable {
  readonly type: 'unreadable';
  readonly reason: string;
}

/**
 * What identifies a text, or why nothing does (SI9, SI11, SD5). A calendar item is one VCALENDAR with all components of
 * one UID and their time zones; a contact is one VCARD. The text is kept as it is (SI12).
 */
export function readItem(text: string, kind: Kind): ItemReading {
  if (text.trim() === '') return unreadable('it is empty');
  if (text.includes('\0')) return unreadable('it has NUL characters');
  const wanted = kind === 'calendar' ? 'VCALENDAR' : 'VCARD';
  if (!/BEGIN:/i.test(text)) return unreadable(`it has no ${wanted}`);
  const structure = readUnplaced(text);
  if (structure.type === 'broken') return unreadable(`it ${structure.reason}`);
  const [root, second] = structure.components;
  if (root?.name !== wanted) return unreadable(`it has no ${wanted}`);
  if (second !== undefined) return unreadable(`it has more than one ${wanted}, or something else besides`);
  const identity = kind === 'calendar' ? identifyCalendar(root) : identify([root]);
  if (typeof identity === 'object') return identity;
  const fingerprint = fingerprintOf(root);
  return { type: 'item', item: { text, ident: identity ?? identOfUnnamed(fingerprint), fingerprint } };
}

/** As `readItem`. A text that is not UTF-8 is unreadable, since it could not be written again as it was. */
export function decodeItem(bytes: Uint8Array, kind: Kind): ItemReading {
  const text = decodeUtf8(bytes);
  return text === undefined ? unreadable('it is not UTF-8') : readItem(text, kind);
}

/** The first UID of a component, without white space around and escapes, which servers add and remove (RFC 5545, 3.3.11); undefined where it has none or empty ones. */
function uidOf(component: Component): string | undefined {
  const uid = component.lines.find(({ name, value }) => name === 'UID' && value.trim() !== '')?.value.trim();
  return uid?.replaceAll(/\\([\\;,])/g, '$1');
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function identifyCalendar(calendar: Component): Ident | undefined | Unreadable {
  const components = calendar.components.filter((component) => component.name !== 'VTIMEZONE');
  if (components.length > 0) return identify(components);
  return unreadable(calendar.components.length > 0 ? 'it has only time zones' : 'it is a calendar without any entry');
}

/** The one UID of components that are to be one item; undefined where it is a single one without UID. */
function identify(components: readonly Component[]): Ident | undefined | Unreadable {
  const uids = new Set(components.map(uidOf));
  const [uid] = uids;
  if (uids.size > 1) return unreadable('it has several items: not all of its components have the same UID');
  if (uid === undefined) return components.length === 1 ? undefined : unreadable('it has several items without UID');
  return ident(detached(uid));
}

function identOfUnnamed(fingerprint: string): Ident {
  return ident(`fingerprint:${fingerprint}`);
}

function unreadable(reason: string): Unreadable {
  return { type: 'unreadable', reason };
}
