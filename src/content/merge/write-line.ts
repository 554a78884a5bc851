import type { ContentLine } from '../content-line.ts';

/**
 * A content line that no side has as it is, folded to at most 75 octets a line (RFC 5545 3.1, RFC 6350 3.2), never within
 * a character. Quoted-printable has folds of its own, so there the line stays whole.
 */
export function writeLine(
  { group, name }: Pick<ContentLine, 'group' | 'name'>,
  parameters: string,
  value: string,
  lineEnd: string,
): string {
  const path = group === '' ? name : `${group}.${name}`;
  const line = `${path}${parameters === '' ? '' : `;${parameters}`}:${value}`;
  if (/QUOTED-PRINTABLE/i.test(parameters)) return line + lineEnd;
  const pieces: string[] = [];
  let from = 0;
  let octets = 0;
  let at = 0;
  for (const character of line) {
    const size = octetsOf(character);
    if (octets + size > MOST_OCTETS) {
      pieces.push(line.slice(from, at));
      from = at;
      // The space in front of what continues a line.
      octets = 1;
    }
    octets += size;
    at += character.length;
  }
  pieces.push(line.slice(from));
  return pieces.join(`${lineEnd} `) + lineEnd;
}

const MOST_OCTETS = 75;

function octetsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
