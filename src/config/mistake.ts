import { continues, hideSecrets } from './hide-secrets.ts';

/** Where something stands: line and column from 1, column and length in UTF-16 units of one line. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** What is wrong, and where. The message is a sentence without a full stop; a secret's text is never in it. */
export interface Mistake {
  readonly at: Place;
  readonly message: string;
  /** It looks like the original pimsync's notation, which `pimsync import-config` converts. */
  readonly otherNotation?: true;
}

/** The lines of a text; a place's line is an index into them, from 1. */
export const linesOf = (text: string): readonly string[] => text.split(/\r\n|\n|\r/);

/** Makes places of offsets into a text. What reaches over several lines is cut at the end of its first. */
export function placesOf(text: string): (start: number, end: number) => Place {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
  return (start, end) => {
    const index = Math.max(
      0,
      starts.findLastIndex((lineStart) => lineStart <= start),
    );
    const lineStart = starts[index] ?? 0;
    const lineEnd = (starts[index + 1] ?? text.length + 1) - 1;
    return { line: index + 1, column: start - lineStart + 1, length: Math.max(1, Math.min(end, lineEnd) - start) };
  };
}

/** `FILE:LINE:COLUMN: message`, the line, and a caret below what is meant. */
export function renderMistake(mistake: Mistake, file: string, lines: readonly string[]): string {
  const { at, message } = mistake;
  const head = `${file}:${at.line}:${at.column}: ${visible(message)}`;
  const source = lines[at.line - 1];
  if (source === undefined || source.trim() === '' || continues(lines[at.line - 2])) return head;
  const { shown, start } = cutOut(visible(hideSecrets(source)), at.column - 1);
  const before = shown.slice(0, start);
  const width = Math.max(1, Math.min(at.length, shown.length - start));
  return `${head}\n  ${shown}\n  ${before.replaceAll(/[^\t]/g, ' ')}${'^'.repeat(width)}`;
}

export const inOrder = (mistakes: readonly Mistake[]): readonly Mistake[] =>
  [...mistakes].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);

const SHOWN_LENGTH = 160;

/** A very long line is shown around the place only. */
function cutOut(line: string, start: number): { readonly shown: string; readonly start: number } {
  const from = line.length <= SHOWN_LENGTH ? 0 : Math.max(0, Math.min(start - 40, line.length - SHOWN_LENGTH));
  return { shown: line.slice(from, from + SHOWN_LENGTH).trimEnd(), start: start - from };
}

/** Control characters would do things to the terminal; each becomes one other character, so that columns hold. */
const visible = (line: string): string =>
  line.replaceAll(/(?!\t)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
