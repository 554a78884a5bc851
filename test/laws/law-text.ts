import { readItem } from '../../src/content/item.ts';
import type { Item } from '../../src/model/item.ts';
import type { Side } from '../../src/model/sides.ts';
import type { Rewriting } from './history.ts';
import type { Mark } from './model.ts';

/** A text with this content. The mark stands near the beginning, so that a cut text has it too. */
export function markedText(mark: Mark, uid: string | undefined): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `X-MARK:${mark}`,
    'PRODID:-//example//laws//EN',
    'BEGIN:VEVENT',
    ...(uid === undefined ? [] : [`UID:${uid}`]),
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260601T100000Z',
    `SUMMARY:${mark}`,
    'X-EXTRA:1',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Ends in the middle of the event. */
export const garbledText = (mark: Mark, uid: string | undefined): string => markedText(mark, uid).slice(0, -40);

export function markOf(text: string): Mark {
  const found = /^X-MARK:(\d+)\r$/m.exec(text)?.[1];
  if (found === undefined) throw new Error(`a text without a mark: ${JSON.stringify(text)}`);
  return Number(found);
}

export const uidOf = (text: string): string | undefined => /^UID:(.*)\r$/m.exec(text)?.[1];

const read = new Map<string, Item | undefined>();

/** Undefined: unreadable. */
export function itemOf(text: string): Item | undefined {
  if (read.has(text)) return read.get(text);
  const reading = readItem(text, 'calendar');
  const item = reading.type === 'item' ? reading.item : undefined;
  if (read.size > 10_000) read.clear();
  read.set(text, item);
  return item;
}

/** What a storage makes of each text that it is given. */
export function rewriter(rewriting: Rewriting, side: Side): (text: string) => string {
  let writes = 0;
  const next = (): number => {
    writes += 1;
    return writes;
  };
  const insert = (text: string, line: string): string => text.replace('PRODID:', `${line}\r\nPRODID:`);
  switch (rewriting) {
    case 'none':
      return (text) => text;
    case 'stamp':
      return (text) => text.replace(/PRODID:.*\r\n/, `PRODID:-//${side}//${next()}//EN\r\n`);
    case 'add':
      return (text) => (text.includes(`X-ADDED-${side}:`) ? text : insert(text, `X-ADDED-${side}:1`));
    case 'force':
      return (text) => insert(text.replace(/X-PLACE:.*\r\n/, ''), `X-PLACE:${side}`);
    case 'count':
      return (text) => insert(text.replace(/X-COUNT:.*\r\n/, ''), `X-COUNT:${side}${next()}`);
    case 'strip':
      return (text) => text.replace(/X-EXTRA:.*\r\n/, '');
  }
}
