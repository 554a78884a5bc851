import type { StorageType } from '../storage/storage-type.ts';
import { readBlock } from './block.ts';
import { TOP } from './directives.ts';
import { checkDuration, checkName } from './form.ts';
import type { Hook } from './hook.ts';
import { type JoinedPair, joinPair } from './join-pair.ts';
import type { Kdl } from './kdl.ts';
import type { Home } from './locate.ts';
import { inOrder, linesOf, type Mistake, renderMistake } from './mistake.ts';
import { readPair } from './pair.ts';
import { type Reading, startReading } from './reading.ts';
import type { Shapes } from './shapes.ts';
import { readStorage, type StorageSettings } from './storage.ts';
import { readSyntax, type SyntaxNode } from './syntax.ts';
import { readValue, type Value } from './value.ts';
import { checked, oneWord, wordsBesideBlock } from './words.ts';

/** A configuration without mistakes. */
export interface Config {
  readonly statusPath: Value;
  /** How long replaced and deleted versions are kept; 0 keeps none. */
  readonly historyS: number;
  /** In the order of the file, as the pairs. */
  readonly storages: ReadonlyMap<string, StorageSettings>;
  readonly pairs: readonly PairSettings[];
}

export interface PairSettings extends JoinedPair {
  readonly name: string;
  readonly hook: Hook | undefined;
}

export type ReadConfig =
  | { readonly type: 'config'; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly type: 'mistakes'; readonly mistakes: readonly Mistake[]; readonly rendered: readonly string[] };

const DEFAULT_HISTORY_S = 30 * 86_400;

/** Reads a whole configuration, and finds all its mistakes. Does no IO but through `shapes`; `file` is its name in messages. */
export async function readConfig(
  text: string,
  file: string,
  types: readonly StorageType[],
  home: Home,
  shapes?: Shapes,
): Promise<ReadConfig> {
  const known = shapes?.recall(text);
  let nodes = known;
  // The parser takes as long to load as all else together.
  const parseKdl = known === undefined ? (await import('./kdl.ts')).parseKdl : undefined;
  const parse = (part: string): Kdl => {
    const kdl: Kdl = parseKdl?.(part) ?? { type: 'document', nodes: known ?? [] };
    if (kdl.type === 'document') nodes = kdl.nodes;
    return kdl;
  };
  const syntax = readSyntax(text, TOP.names, parse);
  const reading = startReading(home, types, syntax.mistakes);
  const config = readTop(syntax.nodes, syntax.whole, reading);
  const lines = linesOf(text);
  if (reading.mistakes.length === 0) {
    if (known === undefined && nodes !== undefined) shapes?.keep(text, nodes);
    const warnings = inOrder(reading.warnings).map((warning) => renderMistake(warning, file, lines));
    return { type: 'config', config, warnings };
  }
  const mistakes = inOrder(reading.mistakes);
  return { type: 'mistakes', mistakes, rendered: mistakes.map((mistake) => renderMistake(mistake, file, lines)) };
}

function readTop(nodes: readonly SyntaxNode[], whole: boolean, reading: Reading): Config {
  const where = 'at the top of the file';
  const at = { line: 1, column: 1, length: 1 };
  const top = readBlock({ what: 'the file', where, at, whole, nodes }, TOP, reading);

  const statusPath = top.one('status_path');
  const form = { form: 'path', home: reading.home.directory } as const;
  const rules = { form, secret: false, owner: 'the configuration' };
  const statusValue = statusPath && readValue(statusPath, rules, reading);
  const history = top.one('history');
  const historyS = history && oneWord(history, 'history TIME', checkDuration, reading);

  const storages = new Map<string, StorageSettings | undefined>();
  for (const { node, name, isUsable } of readNamed(top.all('storage'), reading)) {
    const settings = readStorage(node, name, reading);
    if (!storages.has(name)) storages.set(name, isUsable ? settings : undefined);
  }
  const pairs = readNamed(top.all('pair'), reading).map(({ node, name }) => readPair(node, name, reading));
  return {
    statusPath: statusValue ?? { type: 'here', value: reading.home.statusPath },
    historyS: historyS ?? DEFAULT_HISTORY_S,
    storages: new Map([...storages].flatMap(([name, settings]) => (settings === undefined ? [] : [[name, settings]]))),
    pairs: pairs.flatMap((pair) => {
      const joined = joinPair(pair, { storages, whole }, reading);
      return joined === undefined ? [] : [{ name: pair.name, hook: pair.hook, ...joined }];
    }),
  };
}

interface NamedBlock {
  readonly node: SyntaxNode;
  /** As messages call it. */
  readonly name: string;
  /** False where the name is wrong or taken: the block is read for its mistakes only. */
  readonly isUsable: boolean;
}

function readNamed(nodes: readonly SyntaxNode[], reading: Reading): readonly NamedBlock[] {
  const lines = new Map<string, number>();
  return nodes.map((node) => {
    const form = `${node.name} NAME { … }`;
    const word = wordsBesideBlock(node, { form, min: 1, max: 1 }, reading)?.[0];
    if (node.block === undefined) reading.mistake(node.at, `"${node.name}" needs a block; it is written: ${form}`);
    if (word === undefined) return { node, name: '…', isUsable: false };
    const line = lines.get(word.text);
    lines.set(word.text, line ?? node.at.line);
    if (line !== undefined) reading.mistake(word.at, `${node.name} "${word.text}" is there already, in line ${line}`);
    const isName = checked(word, checkName, reading) !== undefined;
    return { node, name: word.text, isUsable: isName && line === undefined };
  });
}
