import type { Behaviour } from './behaviour.ts';
import type { Exchange } from './exchange.ts';

/** What servers make of items: when they are stored, and when they are read. */

export function storedText(sent: string, { rewrite }: Behaviour): string {
  if (typeof rewrite === 'function') return rewrite(sent);
  switch (rewrite) {
    case 'none':
      return sent;
    case 'add-property':
      return addProperty(sent);
    case 'drop-property':
      return joined(linesOf(sent).filter((line) => !/^X-/i.test(line)));
    case 'refold':
      return refold(sent);
  }
}

/** The text that a reader is given; where the server says so, another one each time. */
export function readText({ content, behaviour }: Exchange, stored: string): string {
  if (!behaviour.rewritesOnRead) return stored;
  const time = new Date(content.countRead() * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  return stored.replace(/^(DTSTAMP|REV):[^\r\n]*/gim, `$1:${time}`);
}

function addProperty(text: string): string {
  const lines = linesOf(text);
  if (lines.some((line) => line.startsWith('X-STORED-BY:'))) return text;
  const end = lines.findIndex((line) => /^END:(?:VEVENT|VTODO|VJOURNAL|VCARD)$/i.test(line));
  return joined([...lines.slice(0, end), 'X-STORED-BY:server', ...lines.slice(end)]);
}

/** Sorts the properties between two component borders by name, and folds long lines in other places than before. */
function refold(text: string): string {
  const ordered: string[] = [];
  let run: string[] = [];
  const flush = (): void => {
    ordered.push(...run.sort((one, other) => compare(nameOf(one), nameOf(other))));
    run = [];
  };
  for (const line of linesOf(text)) {
    if (!/^(?:BEGIN|END|VERSION)[:;]/i.test(line)) run.push(line);
    else {
      flush();
      ordered.push(line);
    }
  }
  flush();
  return joined(
    ordered.map((line) => [...line].map((char, at) => (at > 0 && at % 40 === 0 ? `\r\n ${char}` : char)).join('')),
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const nameOf = (line: string): string => line.split(/[:;]/, 1).join('').toUpperCase();

/** Content lines without folds. */
export const linesOf = (text: string): readonly string[] =>
  text
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
