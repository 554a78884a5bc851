import type { Sides } from '../model/sides.ts';
import { type ContentLine, contentLines } from './content-line.ts';
import { isStamp } from './fingerprint.ts';
import { stretchesOf } from './line-diff.ts';

/**
 * The text of A, with what B has else marked where it stands, for a person to edit. Stamps, which programs write, are
 * A's and not marked. `names`: what the sides are called.
 */
export function markDifferences(texts: Sides<string>, names: Sides<string>): string {
  const lineEnd = /\r\n|\n|\r/.exec(texts.a)?.[0] ?? '\r\n';
  const ended = (text: string): string => (/[\r\n]$/.test(text) ? text : `${text}${lineEnd}`);
  const raw = (text: string, lines: readonly ContentLine[]): string =>
    lines.map(({ start, end }) => ended(text.slice(start, end))).join('');
  return stretchesOf([...contentLines(texts.a)], [...contentLines(texts.b)], keyOf)
    .map(({ same, a, b }) =>
      same
        ? raw(texts.a, a)
        : [
            `<<<<<<< a: ${names.a}${lineEnd}`,
            raw(texts.a, a),
            `=======${lineEnd}`,
            raw(texts.b, b),
            `>>>>>>> b: ${names.b}${lineEnd}`,
          ].join(''),
    )
    .join('');
}

/** Whether something marked was left. */
export const hasMarks = (text: string): boolean => /^(?:<{7} |={7}[\r\n]|>{7} )/m.test(text);

function keyOf(line: ContentLine): string {
  const { group, name, parameters, value } = line;
  return isStamp(line) ? name : JSON.stringify([group, name, parameters, value]);
}
