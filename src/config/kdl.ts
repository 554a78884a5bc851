import { type Argument, lexer, type Node, type Property, parser, type Rule, type Token } from 'kdljs/src/parser/kdl.js';
import { must } from '../model/errors.ts';

/** A KDL document, its parts with their places: offsets into the text, the end exclusive. */
export interface KdlNode {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly annotated: boolean;
  readonly words: readonly KdlWord[];
  /** Where each `key=value` begins. */
  readonly properties: readonly number[];
  /** Undefined where there are no braces. */
  readonly block: readonly KdlNode[] | undefined;
}

export interface KdlWord {
  readonly kind: 'bare' | 'quoted' | 'number' | 'keyword';
  /** The text of a bare or quoted word; the spelling of any other. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly annotated: boolean;
}

/** What was begun and not ended where the reading stopped. */
export interface Open {
  readonly what: 'block' | 'comment' | 'text' | 'long text';
  readonly offset: number;
}

export type Kdl =
  | { readonly type: 'document'; readonly nodes: readonly KdlNode[] }
  | { readonly type: 'broken'; readonly offset: number; readonly open: Open | undefined };

/** Reads KDL 2.0 (https://kdl.dev). Of several breaks the first; its place is the end of the text at the latest. */
export function parseKdl(text: string): Kdl {
  const { tokens, errors } = lexer.tokenize(text);
  const first = errors[0];
  if (first !== undefined) return broken(text, first.offset, tokens);
  parser.input = tokens;
  const nodes = parser.document();
  const error = parser.errors[0];
  if (error !== undefined) return broken(text, startOf(error.token) ?? text.length, tokens);
  return { type: 'document', nodes: must(nodes, 'a text without errors was read').map((node) => placed(node, text)) };
}

const broken = (text: string, offset: number, tokens: readonly Token[]): Kdl => ({
  type: 'broken',
  offset: Math.min(offset, text.length),
  open: openAtEnd(offset, tokens) ?? openAt(offset, tokens),
});

/** A word as the parser's own rules carry it about, instead of the bare value. */
class Word {
  readonly value: unknown;
  readonly first: Token;
  readonly last: Token;

  constructor(value: unknown, first: Token, last: Token) {
    this.value = value;
    this.first = first;
    this.last = last;
  }
}

interface Span {
  readonly start: number;
  /** Undefined at the end of the text. */
  readonly end: number | undefined;
}

/**
 * The package's parser forgets where things stood. Some of its rules are wrapped here, so that they note it. A rule also
 * runs to try whether it matches: what it returns then is dropped, and the note with it. (A parser of our own, derived
 * from the package's, would do the same without touching that one; but to build it costs more than to read a file.)
 */
function notePlaces(): { readonly spans: WeakMap<Node, Span>; readonly blocks: WeakSet<readonly Node[]> } {
  const spans = new WeakMap<Node, Span>();
  const blocks = new WeakSet<readonly Node[]>();
  wrap(parser.node, (read, first) => {
    spans.set(read, { start: first.startOffset, end: endOf(parser.LA(0)) });
    return read;
  });
  wrap(parser.nodeChildren, (read) => {
    blocks.add(read);
    return read;
  });
  wrap<Argument>(parser.argument, ([value, tag], first) => [new Word(value, first, parser.LA(0)), tag]);
  // Keyed by its place, a second one of a name and one named __proto__ are not lost.
  wrap<Property>(parser.property, ([key, value, tag], first) => [`${first.startOffset}=${key}`, value, tag]);
  // The package makes half a character of each escape beyond U+FFFF.
  wrap(parser.unicodeEscape, () => {
    return String.fromCodePoint(Number.parseInt(parser.LA(0).image.slice('\\u{'.length, -1), 16));
  });
  return { spans, blocks };
}

function wrap<T>(rule: Rule<T>, change: (read: T, first: Token) => T): void {
  const original = rule.coreRule;
  rule.coreRule = (...parameters) => {
    const first = parser.LA(1);
    const read = original.apply(parser, parameters);
    return read === undefined ? undefined : change(read, first);
  };
}

const noted = notePlaces();

function placed(node: Node, text: string): KdlNode {
  const span = must(noted.spans.get(node), 'every node was noted');
  return {
    name: node.name,
    start: span.start,
    end: span.end ?? text.length,
    annotated: node.tags.name !== undefined,
    words: node.values.flatMap((value, index) =>
      value instanceof Word ? [wordOf(value, node.tags.values[index] !== undefined, text)] : [],
    ),
    properties: Object.keys(node.properties).map((key) => Number.parseInt(key, 10)),
    block: noted.blocks.has(node.children) ? node.children.map((child) => placed(child, text)) : undefined,
  };
}

function wordOf({ value, first, last }: Word, annotated: boolean, text: string): KdlWord {
  const start = first.startOffset;
  const end = endOf(last) ?? text.length;
  const spelling = text.slice(start, end);
  if (typeof value !== 'string')
    return { kind: /\d/.test(spelling) ? 'number' : 'keyword', text: spelling, start, end, annotated };
  return { kind: /["(]/.test(spelling) ? 'quoted' : 'bare', text: value, start, end, annotated };
}

/** The innermost thing that is open at an offset. */
function openAt(offset: number, tokens: readonly Token[]): Open | undefined {
  const open: Open[] = [];
  for (const token of tokens) {
    if (token.startOffset >= offset) break;
    const what = OPENING[token.tokenType.name];
    if (what !== undefined) open.push({ what, offset: token.startOffset });
    else if (CLOSING.has(token.tokenType.name)) open.pop();
  }
  return open.at(-1);
}

/** A text that has no end is not refused within it, but where it begins. */
function openAtEnd(offset: number, tokens: readonly Token[]): Open | undefined {
  const open = openAt(Number.POSITIVE_INFINITY, tokens);
  return open?.offset === offset ? open : undefined;
}

const OPENING: Readonly<Record<string, Open['what']>> = {
  LeftBrace: 'block',
  OpenMultiLineComment: 'comment',
  OpenQuote: 'text',
  MultiLineOpenQuote: 'long text',
};
const CLOSING: ReadonlySet<string> = new Set([
  'RightBrace',
  'CloseMultiLineComment',
  'CloseQuote',
  'MultiLineCloseQuote',
]);

/** The end of the text has a token without a place. */
const startOf = (token: Token | undefined): number | undefined =>
  token === undefined || Number.isNaN(token.startOffset) ? undefined : token.startOffset;

const endOf = (token: Token): number | undefined =>
  token.endOffset === undefined || Number.isNaN(token.endOffset) ? undefined : token.endOffset + 1;
