import type { Kind } from '../model/item.ts';
import { type ContentLine, lineFinder } from './content-line.ts';

/**
 * What a person knows an item by, on one line of at most 80 characters: the SUMMARY of an event or task, the name of a
 * contact, or what comes next to it. Empty where there is nothing. It is still foreign text: who prints it escapes it.
 */
export function summarize(text: string, kind: Kind): string {
  const { names, lines, depth } = WANTED[kind];
  const found = new Map<string, string>();
  for (const line of linesAtDepth(text, lines, depth)) {
    if (found.has(line.name)) continue;
    const words = readable(line);
    if (words === '') continue;
    if (line.name === names[0]) return words;
    found.set(line.name, words);
  }
  return names.map((name) => found.get(name)).find((words) => words !== undefined) ?? '';
}

const MOST_CHARACTERS = 80;

/** By preference. A calendar's entries are at depth 2, their alarms at 3. */
const WANTED = {
  calendar: wanted(2, ['SUMMARY', 'DESCRIPTION', 'LOCATION']),
  'address-book': wanted(1, ['FN', 'N', 'ORG', 'NICKNAME', 'EMAIL', 'TEL']),
};

function wanted(depth: number, names: readonly string[]) {
  return { depth, names, lines: new RegExp(`^(?:[\\w-]+\\.)?(BEGIN|END|${names.join('|')})[:;]`, 'gim') };
}

/** Only the lines of interest are parsed, for a run may tell of thousands. Never fails; a broken text ends early. */
function* linesAtDepth(text: string, lines: RegExp, wanted: number): Generator<ContentLine, undefined> {
  let depth = 0;
  for (const { index, 1: name = '' } of text.matchAll(lines)) {
    if (/^BEGIN$/i.test(name)) depth++;
    else if (/^END$/i.test(name)) depth--;
    else if (depth === wanted) {
      const line = lineFinder(text.slice(index))(0);
      if (line !== undefined) yield line;
    }
  }
}

function readable(line: ContentLine): string {
  const value = /QUOTED-PRINTABLE/i.test(line.parameters) ? decodeQuotedPrintable(line.value) : line.value;
  // A few characters more than are wanted, since a photo may stand where a name should.
  const start = value.slice(0, 10 * MOST_CHARACTERS);
  const plain = start.replace(/\\([\s\S])/g, (_, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped));
  const words = line.name === 'N' || line.name === 'ORG' ? plain.replaceAll(';', ' ') : plain;
  const spaced = words.replace(/\s+/g, ' ').trim();
  if (spaced.length <= MOST_CHARACTERS) return spaced;
  const characters = [...spaced];
  if (characters.length <= MOST_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

/** As it stands where it is not UTF-8. */
export function decodeQuotedPrintable(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('%', '%25').replace(/=([0-9A-F]{2})/gi, '%$1'));
  } catch (error) {
    // In another character set than UTF-8: better as it stands than wrong.
    if (error instanceof URIError) return value;
    throw error;
  }
}
