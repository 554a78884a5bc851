import { must, unreachable } from '../model/errors.ts';
import type { SettingValue } from '../storage/storage-type.ts';
import { Redacted } from '../system/redacted.ts';
import { type Block, isMissing, readBlock } from './block.ts';
import { SOURCE } from './directives.ts';
import { type Checked, checkDuration, checkForm, checkPath, right, type TextForm, wrong } from './form.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { checked, oneWord, type UsableWord, wordsBesideBlock, wordsOf } from './words.ts';

/** A setting: given in the file, or to be fetched before the storage is opened. */
export type Value = { readonly type: 'here'; readonly value: SettingValue } | Elsewhere;

export interface Elsewhere {
  readonly type: 'elsewhere';
  /** The directive, and whose it is, as messages name them: `"password" of storage "work"`. */
  readonly what: string;
  readonly source: Source;
  /** What the fetched text must look like. */
  readonly form: TextForm;
  readonly secret: boolean;
}

export type Source =
  /** Run without a shell. */
  | { readonly from: 'cmd'; readonly program: string; readonly args: readonly string[]; readonly limitS: number }
  /** Run by `sh -c`. */
  | { readonly from: 'shell'; readonly text: string; readonly limitS: number }
  | { readonly from: 'env'; readonly name: string }
  /** `inCredentials`: below `$CREDENTIALS_DIRECTORY`; otherwise the path is absolute. */
  | { readonly from: 'file'; readonly path: string; readonly inCredentials: boolean }
  | { readonly from: 'prompt'; readonly text: string };

export interface ValueRules {
  readonly form: TextForm;
  readonly secret: boolean;
  /** `storage "work"`, or the file's own. */
  readonly owner: string;
}

const DEFAULT_LIMIT_S = 60;

/** A directive that takes a value, or a block that says where the value comes from. */
export function readValue(node: SyntaxNode, rules: ValueRules, reading: Reading): Value | undefined {
  const form = `${node.name} VALUE, or ${node.name} { cmd PROGRAM ARG… }, or with "shell", "env", "file" or "prompt"`;
  if (node.block === undefined) {
    const word = wordsOf(node, { form, min: 1, max: 1 }, reading)?.[0];
    return word === undefined ? undefined : readHere(node, word, rules, reading);
  }
  if (node.words.length > 0) {
    return reading.mistake(node.at, `"${node.name}" has a value and a block; it takes one of them`);
  }
  wordsBesideBlock(node, { form, min: 0, max: 0 }, reading);
  const what = `"${node.name}" of ${rules.owner}`;
  const block = readBlock(
    { what: `"${node.name}"`, at: node.at, whole: node.whole, nodes: node.block },
    SOURCE,
    reading,
  );
  const source = readSource(block, reading);
  return source && { type: 'elsewhere', what, source, form: rules.form, secret: rules.secret };
}

/** A secret's mistake is shown at its directive, so that the secret is not. */
function readHere(node: SyntaxNode, word: UsableWord, rules: ValueRules, reading: Reading): Value | undefined {
  const at = rules.secret ? node.at : word.at;
  const text = checked({ text: word.text, at }, (value) => checkForm(value, rules.form), reading);
  if (text === undefined) return undefined;
  return { type: 'here', value: rules.secret ? new Redacted(text) : text };
}

const KINDS = ['cmd', 'shell', 'env', 'file', 'prompt'] as const;

function readSource(block: Block, reading: Reading): Source | undefined {
  const limitS = readLimit(block, reading);
  const [kind, second] = KINDS.filter((name) => block.one(name) !== undefined);
  if (kind === undefined) {
    return isMissing(block, KINDS)
      ? reading.mistake(block.at, `${block.what} needs one of "cmd", "shell", "env", "file", "prompt"`)
      : undefined;
  }
  const node = must(block.one(kind), 'it was found there');
  if (second !== undefined) {
    return reading.mistake(block.at, `${block.what} takes one of "${kind}" and "${second}", not both`);
  }
  switch (kind) {
    case 'cmd':
      return readCommand(node, limitS, reading);
    case 'shell': {
      const text = oneWord(node, 'shell "TEXT"', (value) => checkForm(value, { form: 'text' }), reading);
      return text === undefined ? undefined : { from: 'shell', text, limitS };
    }
    case 'env': {
      const name = oneWord(node, 'env NAME', checkVariable, reading);
      return name === undefined ? undefined : { from: 'env', name };
    }
    case 'file':
      return oneWord(node, 'file PATH', (value) => checkFile(value, reading.home.directory), reading);
    case 'prompt': {
      const text = oneWord(node, 'prompt TEXT', (value) => checkForm(value, { form: 'text' }), reading);
      return text === undefined ? undefined : { from: 'prompt', text };
    }
    default:
      return unreachable(kind);
  }
}

function readLimit(block: Block, reading: Reading): number {
  const node = block.one('timeout');
  if (node === undefined) return DEFAULT_LIMIT_S;
  if (block.whole && block.one('cmd') === undefined && block.one('shell') === undefined) {
    reading.mistake(node.at, '"timeout" is for "cmd" and "shell" only');
  }
  return oneWord(node, 'timeout TIME', checkLimit, reading) ?? DEFAULT_LIMIT_S;
}

/** A length of time that is some time. */
export function checkLimit(text: string): Checked<number> {
  const duration = checkDuration(text);
  return duration.type === 'right' && duration.value === 0 ? wrong('must be one second at least') : duration;
}

/** `cmd PROGRAM ARG…`: the program is looked for in `$PATH`, or a path. */
export function readCommand(
  node: SyntaxNode,
  limitS: number,
  reading: Reading,
): Extract<Source, { from: 'cmd' }> | undefined {
  const words = wordsOf(node, { form: 'cmd PROGRAM ARG…', min: 1, max: Number.POSITIVE_INFINITY }, reading);
  const [first, ...rest] = words ?? [];
  if (first === undefined) return undefined;
  const program = checked(first, (text) => checkProgram(text, reading.home.directory), reading);
  return program === undefined ? undefined : { from: 'cmd', program, args: rest.map(({ text }) => text), limitS };
}

const checkProgram = (text: string, home: string): Checked<string> =>
  text.includes('/') ? checkPath(text, home) : checkForm(text, { form: 'text' });

const checkVariable = (text: string): Checked<string> =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
    ? right(text)
    : wrong('is no name of an environment variable; it is written without "$"');

function checkFile(text: string, home: string): Checked<Source> {
  const inCredentials = text.startsWith('%d/');
  const path = inCredentials ? right(text.slice('%d/'.length)) : checkForm(text, { form: 'path', home });
  return path.type === 'right' ? right({ from: 'file', path: path.value, inCredentials }) : path;
}
