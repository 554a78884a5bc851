import { visible } from './escape.ts';
import type { Output } from './outside.ts';

/** Whole lines for people, each escaped (S15). Results go to standard output, everything else to standard error. */
export interface Print {
  result(line: string, style?: Style): void;
  note(line: string, style?: Style): void;
  /** The lines at the foot of the terminal, in place of the last ones; none takes them away. */
  foot(lines: readonly string[]): void;
}

/** `a`, `b`: what a side has in place of the other's, neither being right. */
export type Style = 'plain' | 'bold' | 'faint' | 'good' | 'warning' | 'bad' | 'a' | 'b';
export type ColorChoice = 'auto' | 'always' | 'never';

export function printTo(
  outputs: { readonly stdout: Output; readonly stderr: Output },
  color: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
): Print {
  const { stdout, stderr } = outputs;
  let footLines = 0;
  const clearFoot = (): void => {
    if (footLines > 0) stderr.write(`\x1b[${footLines}A\x1b[J`);
    footLines = 0;
  };
  const print = (output: Output, line: string, style: Style): void => {
    clearFoot();
    const text = visible(line);
    output.write(`${hasColor(output, color, env) ? colored(text, style) : text}\n`);
  };
  return {
    result: (line, style = 'plain') => print(stdout, line, style),
    note: (line, style = 'plain') => print(stderr, line, style),
    foot: (lines) => {
      clearFoot();
      // A line that the terminal folds would be two to clear. Some terminals do not know their width.
      const width = (stderr.columns || 80) - 1;
      for (const line of lines) stderr.write(`${[...visible(line)].slice(0, width).join('')}\n`);
      footLines = lines.length;
    },
  };
}

/** https://no-color.org: any value but an empty one. */
function hasColor(output: Output, color: ColorChoice, env: Readonly<Record<string, string | undefined>>): boolean {
  if (color !== 'auto') return color === 'always';
  if (output.isTTY !== true) return false;
  const { NO_COLOR = '', TERM } = env;
  return NO_COLOR === '' && TERM !== 'dumb';
}

/** Numbers of ECMA-48's SGR. */
const SGR: Readonly<Record<Style, number>> = {
  plain: 0,
  bold: 1,
  faint: 2,
  good: 32,
  warning: 33,
  bad: 31,
  a: 36,
  b: 35,
};

const colored = (text: string, style: Style): string =>
  style === 'plain' ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`;
