import { unreachable } from '../model/errors.ts';
import { continues, maybeSecret } from './hide-secrets.ts';
import type { Kdl, KdlNode, KdlWord, Open } from './kdl.ts';
import { type Mistake, type Place, placesOf } from './mistake.ts';
import { type Break, describeBreak, lineAround } from './syntax-break.ts';

/** One directive: its name, its words, and its block where it has one. */
export interface SyntaxNode {
  readonly name: string;
  readonly at: Place;
  readonly words: readonly Word[];
  readonly block: readonly SyntaxNode[] | undefined;
  /** False where a part of the block could not be read: what seems to be missing may stand there. */
  readonly whole: boolean;
}

/** An argument. `text` is undefined where it cannot be used; that is among the mistakes already. */
export interface Word {
  readonly text: string | undefined;
  readonly at: Place;
}

export interface Syntax {
  readonly nodes: readonly SyntaxNode[];
  readonly mistakes: readonly Mistake[];
  /** False where the top of the file could not be read everywhere. */
  readonly whole: boolean;
}

/** Reads KDL; `parseKdl`, or what remembers what that answered. */
export type Parse = (text: string) => Kdl;

/**
 * Reads a file as directives. Where it cannot be read, that is one mistake, its line (or, where braces are concerned,
 * the whole block at the top of the file) is left out, and the rest is read. `topNames` are what begins such blocks.
 */
export function readSyntax(text: string, topNames: readonly string[], parse: Parse): Syntax {
  const { nodes, breaks, leftOut } = readAround(text, topNames, parse);
  const placeOf = placesOf(text);
  const mistakes: Mistake[] = breaks.map(({ message, start, end }) => {
    return { at: placeOf(start, end), message, otherNotation: true };
  });

  const readWord = (word: KdlWord): Word => {
    const at = placeOf(word.start, word.end);
    const mistake = wordMistake(word, text);
    if (mistake === undefined) return { text: word.text, at };
    mistakes.push({ at, ...mistake });
    return { text: undefined, at };
  };
  const readNode = (node: KdlNode): SyntaxNode => {
    const at = placeOf(node.start, endOfName(text, node));
    if (node.annotated) mistakes.push({ at, message: BRACKETS });
    const properties = node.properties.map((start): Word => ({ text: undefined, at: placeOf(start, start + 1) }));
    for (const property of properties) mistakes.push({ at: property.at, message: PROPERTY });
    return {
      name: node.name,
      at,
      words: [...node.words.map(readWord), ...properties],
      block: node.block?.map(readNode),
      whole: !leftOut.some((span) => isInside(span, node)),
    };
  };

  const top = topPattern(topNames);
  const whole = leftOut.every((span) => {
    return text.slice(span.start, span.end).search(top) === -1 || nodes.some((node) => isInside(span, node));
  });
  return { nodes: nodes.map(readNode), mistakes, whole };
}

const PROPERTY = 'NAME=VALUE means nothing here; a directive and its values stand side by side, as in: interval 300';
const BRACKETS = 'a name in brackets means nothing here; text that holds brackets is written in quotes';

interface Span {
  readonly start: number;
  readonly end: number;
}

const isInside = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end;

/** What can be read, and what had to be left out so that it could. */
function readAround(
  text: string,
  topNames: readonly string[],
  parse: Parse,
): { readonly nodes: readonly KdlNode[]; readonly breaks: readonly Break[]; readonly leftOut: readonly Span[] } {
  const breaks: Break[] = [];
  const leftOut: Span[] = [];
  let readable = text;
  for (;;) {
    const kdl = parse(readable);
    if (kdl.type === 'document') return { nodes: kdl.nodes, breaks, leftOut };
    const found = describeBreak(readable, kdl.offset, kdl.open);
    const span = spanToLeaveOut(readable, found.start, kdl.open, topNames);
    breaks.push(found);
    leftOut.push(span);
    readable = readable.slice(0, span.start) + blank(readable.slice(span.start, span.end)) + readable.slice(span.end);
  }
}

/** The line at `offset`, if the rest can be understood without it; else all from the last top name to the next. */
function spanToLeaveOut(text: string, offset: number, open: Open | undefined, topNames: readonly string[]): Span {
  const line = lineAround(text, Math.min(offset, text.length));
  const words = text.slice(line.start, line.end);
  const spansLines = open?.what === 'comment' || open?.what === 'long text' || offset >= text.length;
  if (!spansLines && isBalanced(words) && words.trim() !== '') return line;

  const tops = [...text.matchAll(topPattern(topNames))].map((match) => match.index);
  const start = tops.findLast((index) => index <= line.start) ?? line.start;
  const end = tops.find((index) => index > line.start) ?? text.length;
  return text.slice(start, end).trim() === '' ? { start: 0, end: text.length } : { start, end };
}

const topPattern = (topNames: readonly string[]): RegExp => new RegExp(`^(${topNames.join('|')})\\b`, 'gm');

const isBalanced = (line: string): boolean => line.split('{').length === line.split('}').length && !continues(line);

const blank = (text: string): string => text.replaceAll(/[^\n\r]/g, ' ');

/** Why a word's text cannot be used, whatever the directive. */
function wordMistake(word: KdlWord, text: string): Omit<Mistake, 'at'> | undefined {
  if (word.annotated) return { message: BRACKETS };
  switch (word.kind) {
    case 'quoted':
      return undefined;
    case 'keyword':
      return { message: `${word.text} means nothing here; a directive that needs no value stands alone` };
    case 'number':
    case 'bare':
      if (/^\/[/*]/.test(text.slice(word.end))) {
        return { message: swallowed(word, text), otherNotation: true };
      }
      if (word.kind === 'number' && String(Number(word.text)) !== word.text) {
        return { message: 'a number spelt like this is written in quotes' };
      }
      if (/^'|'$/.test(word.text)) return { message: 'text is put in double quotes, not in single ones' };
      return undefined;
    default:
      return unreachable(word.kind);
  }
}

/** `url https://host/` is read as the text `https:` and a comment. */
function swallowed(word: KdlWord, text: string): string {
  const meant = `${word.text}${/^\S*/.exec(text.slice(word.end))?.[0] ?? ''}`.replaceAll(/^'|'$/g, '');
  if (maybeSecret(text, word.start))
    return 'a comment begins behind this value; text that holds "//" is written in quotes';
  return `a comment begins behind "${word.text}"; text that holds "//" is written in quotes: "${meant}"`;
}

const endOfName = (text: string, node: KdlNode): number =>
  node.start + (/^("[^"\n]*"|[^\s{};]+)/.exec(text.slice(node.start, node.end))?.[0].length ?? 1);
