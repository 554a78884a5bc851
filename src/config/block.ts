import { type BlockNames, whereItBelongs } from './directives.ts';
import type { Place } from './mistake.ts';
import type { Reading } from './reading.ts';
import { closest, didYouMean } from './suggestion.ts';
import type { SyntaxNode } from './syntax.ts';

/** A block whose directives are known ones, each as often as it may stand there. */
export interface Block {
  /** As messages name it: `pair "work"`. */
  readonly what: string;
  /** The directive that it belongs to. */
  readonly at: Place;
  readonly whole: boolean;
  /** Names in it that are none. */
  readonly unknown: readonly string[];
  one(name: string): SyntaxNode | undefined;
  all(name: string): readonly SyntaxNode[];
}

interface Surrounding {
  readonly what: string;
  /** Where its directives stand, if not `in` it. */
  readonly where?: string;
  readonly at: Place;
  readonly whole: boolean;
  readonly nodes: readonly SyntaxNode[];
}

/** Sorts the directives of a block by name. Unknown, misplaced and surplus ones are mistakes, and left out. */
export function readBlock(surrounding: Surrounding, { names, repeatable }: BlockNames, reading: Reading): Block {
  const { what, at, whole, where = `in ${what}` } = surrounding;
  const known = new Map<string, SyntaxNode[]>();
  const unknown: string[] = [];
  for (const node of surrounding.nodes) {
    const same = known.get(node.name);
    const first = same?.[0];
    if (!names.includes(node.name)) {
      unknown.push(node.name);
      reading.mistake(node.at, strange(node.name, where, names, reading));
    } else if (first === undefined) {
      known.set(node.name, [node]);
    } else if (repeatable.includes(node.name)) {
      same?.push(node);
    } else {
      reading.mistake(node.at, `"${node.name}" stands ${where} a second time; the first is in line ${first.at.line}`);
    }
  }
  return { what, at, whole, unknown, one: (name) => known.get(name)?.[0], all: (name) => known.get(name) ?? [] };
}

/** The one directive of that name; its absence is a mistake. */
export function required(block: Block, name: string, reading: Reading): SyntaxNode | undefined {
  const node = block.one(name);
  if (node !== undefined) return node;
  return isMissing(block, [name]) ? reading.mistake(block.at, `${block.what} needs "${name}"`) : undefined;
}

/** None of them is there; nor may one stand in what could not be read, or be there misspelt, which is a mistake already. */
export const isMissing = (block: Block, names: readonly string[]): boolean =>
  block.whole &&
  names.every((name) => block.one(name) === undefined) &&
  !block.unknown.some((name) => closest(name, names) !== undefined);

function strange(name: string, where: string, names: readonly string[], reading: Reading): string {
  const places = whereItBelongs(name, reading.types);
  if (places.length > 0) return `"${name}" does not belong ${where}; it belongs ${places.join(' or ')}`;
  return `unknown directive "${name}" ${where}${didYouMean(name, names)}`;
}
