import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { KdlNode, KdlWord } from './kdl.ts';

/**
 * Where the parts of a configuration stand, remembered from one run to the next: the parser takes longer to load than
 * a run with nothing to do takes for all else. Only places are kept, never a word that is written there, so that no
 * secret leaves the configuration.
 */
export interface Shapes {
  /** The parts of just this text, if they are remembered. */
  recall(text: string): readonly KdlNode[] | undefined;
  /** Remembers the parts of a text without mistakes. */
  keep(text: string, nodes: readonly KdlNode[]): void;
}

/** Shapes in a file. What cannot be read or written there is as if it were not; the text is then parsed. */
export function shapesIn(file: string, programVersion: string): Shapes {
  const keyOf = (text: string): string => createHash('sha256').update(`${programVersion}\n${text}`).digest('hex');
  return {
    recall(text) {
      const kept = readKept(file);
      return kept?.key === keyOf(text) ? kept.nodes.map((node) => expanded(node, text)) : undefined;
    },
    keep(text, nodes) {
      if (!nodes.every((node) => isPlain(node, text))) return;
      writeKept(file, { key: keyOf(text), nodes: nodes.map(reduced) });
    },
  };
}

/** A node without a word of the text. Written by the program itself, and believed if its key fits. */
interface Shape {
  readonly at: readonly [start: number, end: number, endOfName: number];
  readonly words: readonly (readonly [kind: KdlWord['kind'], start: number, end: number])[];
  readonly block?: readonly Shape[];
}

interface Kept {
  readonly key: string;
  readonly nodes: readonly Shape[];
}

function reduced({ name, start, end, words, block }: KdlNode): Shape {
  return {
    at: [start, end, start + name.length],
    words: words.map((word) => [word.kind, word.start, word.end]),
    ...(block === undefined ? {} : { block: block.map(reduced) }),
  };
}

function expanded({ at: [start, end, endOfName], words, block }: Shape, text: string): KdlNode {
  return {
    name: text.slice(start, endOfName),
    start,
    end,
    annotated: false,
    words: words.map(([kind, from, to]) => {
      return { kind, text: textAt(kind, from, to, text), start: from, end: to, annotated: false };
    }),
    properties: [],
    block: block?.map((node) => expanded(node, text)),
  };
}

const textAt = (kind: KdlWord['kind'], start: number, end: number, text: string): string =>
  kind === 'quoted' ? text.slice(start + 1, end - 1) : text.slice(start, end);

/** Whether all can be had from its place again: no escapes, no quoted names. */
const isPlain = (node: KdlNode, text: string): boolean =>
  !node.annotated &&
  node.properties.length === 0 &&
  text.startsWith(node.name, node.start) &&
  node.words.every((word) => !word.annotated && textAt(word.kind, word.start, word.end, text) === word.text) &&
  (node.block ?? []).every((inner) => isPlain(inner, text));

function readKept(file: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isKept(kept) ? kept : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'key' in value && 'nodes' in value && Array.isArray(value.nodes);

function writeKept(file: string, kept: Kept): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${randomUUID()}.tmp`;
    writeFileSync(temporary, JSON.stringify(kept), { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
