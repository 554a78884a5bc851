import { editDistance } from './suggestion.ts';

const HIDDEN = '…';

/**
 * A line of the file as it may be shown. What follows a secret's directive is cut off, also where the directive is
 * misspelt: a mistake in its line must not print it. Columns up to there hold.
 */
export function hideSecrets(line: string): string {
  for (const match of line.matchAll(/[^\s;{}="]+/g)) {
    const end = match.index + match[0].length;
    if (
      isSecretName(match[0]) &&
      startsDirective(line.slice(0, match.index)) &&
      !/^"?\s*(\{|$)/.test(line.slice(end))
    ) {
      return `${line.slice(0, end)} ${HIDDEN}`;
    }
  }
  return line.replaceAll(/(:\/\/[^\s/@":]*:)([^\s/@"]+)@/g, (_, before: string, secret: string) => {
    return `${before}${HIDDEN.repeat(secret.length)}@`;
  });
}

/** What stands at an offset may be a secret: of its directive's name, or for all that can be seen, as a line goes on. */
export function maybeSecret(text: string, offset: number): boolean {
  const lines = text.slice(0, offset).split(/[\n\r]+/);
  const before = `${lines.at(-1) ?? ''}?`;
  return continues(lines.at(-2)) || hideSecrets(before) !== before;
}

/** A line that goes on in the next. */
export const continues = (line: string | undefined): boolean => line?.trimEnd().endsWith('\\') ?? false;

/** The directives whose value must not be seen, and what looks like them. */
export function isSecretName(name: string): boolean {
  const word = name.toLowerCase();
  return /pass|token|secret/.test(word) || editDistance(word, 'password') <= 2 || editDistance(word, 'token') <= 2;
}

const startsDirective = (before: string): boolean => /(^|[;{]|\/-)\s*"?$/.test(before);
