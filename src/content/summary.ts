import type { Kind } from '../model/item.ts';
import { type ContentLine, contentLines } from './content-line.ts';

/**
 * What a person knows an item by, on one line of at most 80 characters: the SUMMARY of an event or task, the name of a
 * contact, or what comes next to it. Empty where there is nothing. It is still foreign text: who prints it escapes it.
 */
export function summarize(text: string, kind: Kind): string {
  const names =
    kind === 'calendar' ? ['SUMMARY', 'DESCRIPTION', 'LOCATION'] : ['FN', 'N', 'ORG', 'NICKNAME', 'EMAIL', 'TEL'];
  const depth = kind === 'calendar' ? 2 : 1;
  const found = new Map<string, string>();
  for (const line of linesAtDepth(text, depth)) {
    if (!names.includes(line.name) || found.has(line.name)) continue;
    const words = readable(line);
    if (words === '') continue;
    if (line.name === names[0]) return words;
    found.set(line.name, words);
  }
  return names.map((name) => found.get(name)).find((words) => words !== undefined) ?? '';
}

const MOST_CHARACTERS = 80;

/** A calendar's entries are at depth 2, their alarms at 3. Never fails; a broken text ends early. */
function* linesAtDepth(text: string, wanted: number): Generator<ContentLine, undefined> {
  let depth = 0;
  for (const line of contentLines(text)) {
    if (line.name === 'BEGIN') depth++;
    else if (line.name === 'END') depth--;
    else if (depth === wanted) yield line;
  }
}

function readable(line: ContentLine): string {
  const value = /QUOTED-PRINTABLE/i.test(line.parameters) ? decodeQuotedPrintable(line.value) : line.value;
  // A few characters more than are wanted, since a photo may stand where a name should.
  const start = value.slice(0, 10 * MOST_CHARACTERS);
  const plain = start.replace(/\\([\s\S])/g, (_, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped));
  const words = line.name === 'N' || line.name === 'ORG' ? plain.replaceAll(';', ' ') : plain;
  const characters = [...words.replace(/\s+/g, ' ').trim()];
  if (characters.length <= MOST_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

function decodeQuotedPrintable(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('%', '%25').replace(/=([0-9A-F]{2})/gi, '%$1'));
  } catch (error) {
    // In another character set than UTF-8: better as it stands than wrong.
    if (error instanceof URIError) return value;
    throw error;
  }
}
