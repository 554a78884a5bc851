import type { Kind } from '../../model/item.ts';
import type { Sides } from '../../model/sides.ts';
import type { Difference } from './difference.ts';

/** Offsets in a text. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/**
 * A merge under way. The text of A is the frame: what nobody touched stays in it byte for byte, and what B changed is
 * brought in by edits, whose offsets are in A's text, and which do not overlap.
 */
export interface Frame {
  readonly kind: Kind;
  readonly texts: Sides<string>;
  /** That of A's text. */
  readonly lineEnd: string;
  readonly edits: Edit[];
  readonly overlaps: Difference[];
  /** Names that groups of a card have, in upper case. */
  readonly groups: Set<string>;
}

export interface Edit extends Slice {
  readonly text: string;
}

export function frameOf(kind: Kind, texts: Sides<string>): Frame {
  const lineEnd = /\r\n|\n|\r/.exec(texts.a)?.[0] ?? '\r\n';
  return { kind, texts, lineEnd, edits: [], overlaps: [], groups: new Set() };
}

/** A part of B's text as it fits into the frame. */
export function rawFromB(frame: Frame, { start, end }: Slice): string {
  const raw = frame.texts.b.slice(start, end).replace(/\r\n|\n|\r/g, frame.lineEnd);
  return raw.endsWith(frame.lineEnd) ? raw : raw + frame.lineEnd;
}

export function insert(frame: Frame, at: number, text: string): void {
  frame.edits.push({ start: at, end: at, text });
}

export function replace(frame: Frame, { start, end }: Slice, text: string): void {
  frame.edits.push({ start, end, text });
}

/** What is inserted at one place stands there in the order in which it came. */
export function finish({ texts, edits }: Frame): string {
  const pieces: string[] = [];
  let at = 0;
  // Sorting is stable. What is inserted where something else is replaced comes first.
  for (const edit of edits.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    pieces.push(texts.a.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return pieces.join('') + texts.a.slice(at);
}
