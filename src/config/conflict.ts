import type { ConflictWay } from '../model/rules.ts';
import { SIDES } from '../model/sides.ts';
import { readBlock } from './block.ts';
import { CONFLICT_WAYS } from './directives.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { readCommand } from './value.ts';
import { choice, wordsOf } from './words.ts';

const FORM = 'conflict_resolution WAY, or conflict_resolution { WAY; WAY; … }';

/** `conflict_resolution WAY`, or a block of ways in the order in which they are tried, each at most once. */
export function readConflictResolution(node: SyntaxNode, reading: Reading): readonly ConflictWay[] {
  if (node.block === undefined) return readOneWay(node, reading);
  if (node.words.length > 0) {
    reading.mistake(node.at, `"conflict_resolution" has a way and a block; it is written: ${FORM}`);
    return [];
  }
  const nodes = node.block;
  readBlock({ what: '"conflict_resolution"', at: node.at, whole: node.whole, nodes }, CONFLICT_WAYS, reading);
  if (nodes.length === 0 && node.whole)
    reading.mistake(node.at, `"conflict_resolution" names no way; it is written: ${FORM}`);
  const ways: ConflictWay[] = [];
  for (const way of nodes.filter(({ name }) => CONFLICT_WAYS.names.includes(name))) {
    for (const settled of readWay(way, way.name, reading)) {
      const words = wayText(settled);
      if (ways.some((other) => wayText(other) === words)) {
        reading.mistake(way.at, `"${words}" stands here a second time`);
      }
      ways.push(settled);
    }
  }
  return ways;
}

/** `conflict_resolution keep a`: the way stands behind the directive as `keep a` does in a block. */
function readOneWay(node: SyntaxNode, reading: Reading): readonly ConflictWay[] {
  const [first, ...rest] = node.words;
  if (first === undefined) {
    reading.mistake(node.at, `"conflict_resolution" names no way; it is written: ${FORM}`);
    return [];
  }
  if (first.text === undefined) return [];
  const name = choice({ text: first.text, at: first.at }, CONFLICT_WAYS.names, reading);
  if (name === undefined) return [];
  return readWay({ ...node, name, at: first.at, words: rest }, name, reading);
}

function readWay(way: SyntaxNode, name: string, reading: Reading): readonly ConflictWay[] {
  switch (name) {
    case 'keep':
      return readKeep(way, reading);
    case 'cmd': {
      const command = readCommand(way, 0, reading);
      return command === undefined ? [] : [{ type: 'cmd', program: command.program, args: command.args }];
    }
    default:
      wordsOf(way, { form: name, min: 0, max: 0 }, reading);
      return [{ type: 'merge' }];
  }
}

function readKeep(way: SyntaxNode, reading: Reading): readonly ConflictWay[] {
  const word = wordsOf(way, { form: 'keep a, keep b, or keep newest', min: 1, max: 1 }, reading)?.[0];
  const kept = word && choice(word, [...SIDES, 'newest'] as const, reading);
  if (kept === undefined) return [];
  return [kept === 'newest' ? { type: 'keep-newest' } : { type: 'keep', side: kept }];
}

/** As it is written; two that are written alike are one. */
function wayText(way: ConflictWay): string {
  switch (way.type) {
    case 'keep':
      return `keep ${way.side}`;
    case 'keep-newest':
      return 'keep newest';
    default:
      return way.type;
  }
}
