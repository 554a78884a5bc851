import type { Checked } from './form.ts';
import { isSecretName } from './hide-secrets.ts';
import type { Reading } from './reading.ts';
import { didYouMean } from './suggestion.ts';
import type { SyntaxNode, Word } from './syntax.ts';

export interface Usage {
  /** How the directive is written, as messages show it: `interval TIME`. */
  readonly form: string;
  readonly min: number;
  readonly max: number;
}

/** The words of a directive that takes no block, if there are as many as it takes and all can be used. */
export function wordsOf(node: SyntaxNode, usage: Usage, reading: Reading): readonly UsableWord[] | undefined {
  if (node.block !== undefined) return reading.mistake(node.at, `"${node.name}" takes no block; ${written(usage)}`);
  return wordsBesideBlock(node, usage, reading);
}

/** As `wordsOf`, of a directive whose block is somebody else's concern. */
export function wordsBesideBlock(node: SyntaxNode, usage: Usage, reading: Reading): readonly UsableWord[] | undefined {
  const surplus = node.words[usage.max];
  if (node.words.length < usage.min) return reading.mistake(node.at, `"${node.name}" needs a value; ${written(usage)}`);
  const usable = node.words.flatMap(({ text, at }) => (text === undefined ? [] : [{ text, at }]));
  // A word that is among the mistakes already may be why there are too many.
  if (usable.length < node.words.length) return undefined;
  if (surplus !== undefined) {
    const what = usage.max === 0 ? 'takes no value' : 'has too many values';
    return reading.mistake(isSecretName(node.name) ? node.at : surplus.at, `"${node.name}" ${what}; ${written(usage)}`);
  }
  return usable;
}

export interface UsableWord extends Word {
  readonly text: string;
}

/** The only word of a directive, if `check` finds it right. */
export function oneWord<T>(
  node: SyntaxNode,
  form: string,
  check: (text: string) => Checked<T>,
  reading: Reading,
): T | undefined {
  const word = wordsOf(node, { form, min: 1, max: 1 }, reading)?.[0];
  return word === undefined ? undefined : checked(word, check, reading);
}

export function checked<T>(word: UsableWord, check: (text: string) => Checked<T>, reading: Reading): T | undefined {
  const result = check(word.text);
  return result.type === 'right' ? result.value : reading.mistake(word.at, `this value ${result.problem}`);
}

/** One of a few words; the message lists them. */
export function choice<T extends string>(word: UsableWord, choices: readonly T[], reading: Reading): T | undefined {
  const found = choices.find((name) => name === word.text);
  if (found !== undefined) return found;
  const listed = choices.map((name) => `"${name}"`).join(', ');
  return reading.mistake(word.at, `"${word.text}" is none of ${listed}${didYouMean(word.text, choices)}`);
}

/** A directive that is switched on by standing there. */
export const flag = (node: SyntaxNode, reading: Reading): boolean =>
  wordsOf(node, { form: node.name, min: 0, max: 0 }, reading) !== undefined;

export const wholeNumber = (text: string): number | undefined =>
  /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;

export const notYet = (name: string): string => `"${name}" is not supported yet`;

const written = ({ form }: Usage): string => `it is written: ${form}`;
