import type { ConflictWay } from '../model/rules.ts';
import { SIDES } from '../model/sides.ts';
import { readBlock } from './block.ts';
import { CONFLICT_WAYS } from './directives.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { readCommand } from './value.ts';
import { choice, notYet, wordsOf } from './words.ts';

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
      if (ways.some(({ side }) => side === settled.side))
        reading.mistake(way.at, `"keep ${settled.side}" stands here a second time`);
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
    case 'cmd':
      readCommand(way, 0, reading);
      break;
    default:
      wordsOf(way, { form: name, min: 0, max: 0 }, reading);
  }
  reading.mistake(way.at, notYet(name));
  return [];
}

function readKeep(way: SyntaxNode, reading: Reading): readonly ConflictWay[] {
  const word = wordsOf(way, { form: 'keep a, or keep b', min: 1, max: 1 }, reading)?.[0];
  if (word === undefined) return [];
  if (word.text === 'newest') {
    reading.mistake(word.at, notYet('keep newest'));
    return [];
  }
  const side = choice(word, SIDES, reading);
  return side === undefined ? [] : [{ type: 'keep', side }];
}
