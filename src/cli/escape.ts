/**
 * What a terminal or a reader of logs could take for something else than text (S15): control characters (C0, DEL, C1),
 * marks that change the direction of writing, separators of lines and paragraphs, lone surrogates. Tabs are harmless.
 */
const DANGEROUS = /(?!\t)[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text of unknown origin as it may be printed: what is dangerous in it is shown as `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replaceAll(DANGEROUS, (character) => {
    const code = character.charCodeAt(0);
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** JSON on one line that is safe to show; it reads back as the same value. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(DANGEROUS, (character) => `\\u${hex(character.charCodeAt(0), 4)}`);
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
