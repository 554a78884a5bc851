import { must, unreachable } from '../model/errors.ts';
import type { Directive, Settings, SettingValue, StorageType } from '../storage/storage-type.ts';
import { Redacted } from '../system/redacted.ts';
import { type Block, readBlock, required } from './block.ts';
import { LATER_TYPES, storageNames } from './directives.ts';
import { type Checked, checkExtension, checkForm, checkOrigin, right, type TextForm, wrong } from './form.ts';
import { LATER_CHOICES, readLater } from './later.ts';
import type { Place } from './mistake.ts';
import type { Reading } from './reading.ts';
import { didYouMean } from './suggestion.ts';
import type { SyntaxNode } from './syntax.ts';
import { checkLimit, readValue, type Value } from './value.ts';
import { checked, choice, flag, notYet, oneWord, wholeNumber, wordsOf } from './words.ts';

/** A `storage` block, right in itself. */
export interface StorageSettings {
  readonly name: string;
  readonly type: StorageType;
  /** How often the daemon looks. */
  readonly intervalS: number;
  readonly readOnly: boolean;
  /** What the type's own directives say, with their defaults. */
  readonly values: ReadonlyMap<string, Value>;
}

const DEFAULT_INTERVAL_S = 300;

/** Undefined where the block has a mistake that leaves nothing to go on with. */
export function readStorage(node: SyntaxNode, name: string, reading: Reading): StorageSettings | undefined {
  const what = `storage "${name}"`;
  const inside = { what, at: node.at, whole: node.whole && node.block !== undefined, nodes: node.block ?? [] };
  const type = readType(
    inside.nodes.find((directive) => directive.name === 'type'),
    reading,
  );
  const block = readBlock(inside, storageNames(type === undefined ? reading.types : [type]), reading);
  required(block, 'type', reading);

  const interval = block.one('interval');
  const intervalS = (interval && oneWord(interval, 'interval TIME', checkLimit, reading)) ?? DEFAULT_INTERVAL_S;
  const readOnly = block.one('read_only');
  const saysReadOnly = readOnly !== undefined && flag(readOnly, reading);
  if (type === undefined) return undefined;

  const values = readValues(type, block, reading);
  if (values === undefined) return undefined;
  reportProblems(type, block, values, reading);
  return { name, type, intervalS, readOnly: saysReadOnly || type.alwaysReadOnly, values };
}

function readType(node: SyntaxNode | undefined, reading: Reading): StorageType | undefined {
  const word = node && wordsOf(node, { form: 'type TYPE', min: 1, max: 1 }, reading)?.[0];
  if (word === undefined) return undefined;
  const type = reading.types.find(({ name }) => name === word.text);
  if (type !== undefined) return type;
  if (LATER_TYPES.includes(word.text)) return reading.mistake(word.at, `storage type ${notYet(word.text)}`);
  const names = reading.types.map(({ name }) => name);
  const suggestion = didYouMean(word.text, names);
  const listed = suggestion === '' ? `; the types are ${names.map((name) => `"${name}"`).join(', ')}` : suggestion;
  return reading.mistake(word.at, `unknown storage type "${word.text}"${listed}`);
}

/** The values of the type's own directives; undefined where one of them has a mistake or is missing. */
function readValues(type: StorageType, block: Block, reading: Reading): ReadonlyMap<string, Value> | undefined {
  const values = new Map<string, Value>();
  let right = true;
  for (const [name, directive] of Object.entries(type.directives)) {
    const nodes = block.all(name);
    const value =
      nodes.length === 0 ? absent(name, directive, block, reading) : given(nodes, directive, block, reading);
    if (value === 'wrong') right = false;
    else if (value !== undefined) values.set(name, value);
  }
  return right ? values : undefined;
}

const here = (value: SettingValue): Value => ({ type: 'here', value });

function absent(name: string, directive: Directive, block: Block, reading: Reading): Value | 'wrong' | undefined {
  if ('required' in directive && directive.required) {
    required(block, name, reading);
    return 'wrong';
  }
  if ('default' in directive && directive.default !== undefined) return here(directive.default);
  return directive.value === 'duration' ? here(directive.defaultS) : undefined;
}

function given(nodes: readonly SyntaxNode[], directive: Directive, block: Block, reading: Reading): Value | 'wrong' {
  if (directive.value === 'origins') {
    const origins = nodes.map((node) => readOrigins(node, reading));
    return origins.includes(undefined) ? 'wrong' : here(origins.flatMap((list) => list ?? []));
  }
  const node = must(nodes[0], 'a directive that is given stands somewhere');
  return readOne(node, directive, block.what, reading) ?? 'wrong';
}

function readOne(
  node: SyntaxNode,
  directive: Exclude<Directive, { value: 'origins' }>,
  owner: string,
  reading: Reading,
): Value | undefined {
  switch (directive.value) {
    case 'text':
    case 'path':
    case 'url': {
      const form = formOf(directive, reading);
      const secret = directive.value === 'text' && directive.secret === true;
      if (directive.from === 'anywhere') return readValue(node, { form, secret, owner }, reading);
      return literal(node, `${node.name} VALUE`, (text) => checkForm(text, form), reading);
    }
    case 'extension':
      return literal(node, `${node.name} EXT`, checkExtension, reading);
    case 'choice':
      return readChoice(node, directive.choices, reading);
    case 'count':
      return literal(node, `${node.name} N`, (text) => checkCount(text, directive), reading);
    case 'duration':
      return literal(node, `${node.name} TIME`, checkLimit, reading);
    case 'flag':
      return flag(node, reading) ? here(true) : undefined;
    case 'later':
      return readLater(node, reading);
    default:
      return unreachable(directive);
  }
}

function literal(
  node: SyntaxNode,
  form: string,
  check: (text: string) => Checked<SettingValue>,
  reading: Reading,
): Value | undefined {
  const value = oneWord(node, form, check, reading);
  return value === undefined ? undefined : here(value);
}

function formOf(directive: Extract<Directive, { from: string }>, reading: Reading): TextForm {
  switch (directive.value) {
    case 'text':
      return { form: 'text' };
    case 'path':
      return { form: 'path', home: reading.home.directory };
    case 'url':
      return { form: 'url', schemes: directive.schemes };
    default:
      return unreachable(directive);
  }
}

function readChoice(node: SyntaxNode, choices: readonly string[], reading: Reading): Value | undefined {
  const word = wordsOf(node, { form: `${node.name} ${choices.join('|')}`, min: 1, max: 1 }, reading)?.[0];
  if (word === undefined) return undefined;
  if (LATER_CHOICES[node.name]?.includes(word.text))
    return reading.mistake(word.at, notYet(`${node.name} ${word.text}`));
  const chosen = choice(word, choices, reading);
  return chosen === undefined ? undefined : here(chosen);
}

function checkCount(text: string, { min, max }: { readonly min: number; readonly max: number }): Checked<number> {
  const count = wholeNumber(text);
  return count !== undefined && count >= min && count <= max
    ? right(count)
    : wrong(`is no whole number from ${min} to ${max}`);
}

function readOrigins(node: SyntaxNode, reading: Reading): readonly string[] | undefined {
  const words = wordsOf(node, { form: `${node.name} ORIGIN…`, min: 1, max: Number.POSITIVE_INFINITY }, reading);
  const origins = words?.map((word) => checked(word, checkOrigin, reading));
  return origins === undefined || origins.includes(undefined) ? undefined : origins.flatMap((origin) => origin ?? []);
}

/** What the type finds wrong with the whole, as far as that can be said before anything is fetched. */
function reportProblems(type: StorageType, block: Block, values: ReadonlyMap<string, Value>, reading: Reading): void {
  const settings = knownSettings(values);
  if (settings === undefined) return;
  for (const { directive, message } of type.problems(settings)) {
    const at: Place = block.one(directive)?.at ?? block.at;
    reading.mistake(at, message);
  }
}

/** With something in the place of texts that are not fetched yet; undefined where a path or URL is such. */
function knownSettings(values: ReadonlyMap<string, Value>): Settings | undefined {
  const settings = new Map<string, SettingValue>();
  for (const [name, value] of values) {
    if (value.type === 'here') settings.set(name, value.value);
    else if (value.form.form === 'text') settings.set(name, value.secret ? new Redacted(LATER) : LATER);
    else return undefined;
  }
  return settings;
}

const LATER = 'fetched-later';
