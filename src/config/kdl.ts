import { KdlParser, lexer, type Node, type Token } from 'kdljs/src/parser/kdl.js';
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
  const read = parser.read(tokens);
  if (read.type === 'broken') return broken(text, read.offset ?? text.length, tokens);
  return { type: 'document', nodes: read.nodes.map((node) => parser.placed(node, text)) };
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

/**
 * The package's parser forgets where things stood. This one wraps the rules that make nodes and words, so that they
 * note it. A rule also runs to try whether it matches: what it returns then is dropped, and the note with it.
 */
class PlacingParser extends KdlParser {
  readonly #spans = new WeakMap<Node, { readonly start: number; readonly end: number | undefined }>();
  readonly #blocks = new WeakSet<readonly Node[]>();

  constructor() {
    super();
    this.#placeNodes();
    this.#placeWords();
    this.#decodeEscapes();
  }

  read(
    tokens: readonly Token[],
  ):
    | { readonly type: 'document'; readonly nodes: readonly Node[] }
    | { readonly type: 'broken'; readonly offset: number | undefined } {
    this.input = tokens;
    const nodes = this.document();
    const error = this.errors[0];
    if (error === undefined) return { type: 'document', nodes: must(nodes, 'a document without errors was read') };
    return { type: 'broken', offset: startOf(error.token) };
  }

  placed(node: Node, text: string): KdlNode {
    const span = must(this.#spans.get(node), 'every node was noted');
    return {
      name: node.name,
      start: span.start,
      end: span.end ?? text.length,
      annotated: node.tags.name !== undefined,
      words: node.values.flatMap((value, index) =>
        value instanceof Word ? [wordOf(value, node.tags.values[index] !== undefined, text)] : [],
      ),
      properties: Object.keys(node.properties).map((key) => Number.parseInt(key, 10)),
      block: this.#blocks.has(node.children) ? node.children.map((child) => this.placed(child, text)) : undefined,
    };
  }

  #placeNodes(): void {
    const { node, nodeChildren } = this;
    const [nodeRule, childrenRule] = [node.coreRule, nodeChildren.coreRule];
    node.coreRule = (...parameters) => {
      const first = this.LA(1);
      const read = nodeRule.apply(this, parameters);
      if (read !== undefined) this.#spans.set(read, { start: first.startOffset, end: endOf(this.LA(0)) });
      return read;
    };
    nodeChildren.coreRule = (...parameters) => {
      const read = childrenRule.apply(this, parameters);
      if (read !== undefined) this.#blocks.add(read);
      return read;
    };
  }

  #placeWords(): void {
    const { argument, property } = this;
    const [argumentRule, propertyRule] = [argument.coreRule, property.coreRule];
    argument.coreRule = (...parameters) => {
      const first = this.LA(1);
      const read = argumentRule.apply(this, parameters);
      return read && [new Word(read[0], first, this.LA(0)), read[1]];
    };
    // Keyed by its place, a second one of a name and one named __proto__ are not lost.
    property.coreRule = (...parameters) => {
      const first = this.LA(1);
      const read = propertyRule.apply(this, parameters);
      return read && [`${first.startOffset}=${read[0]}`, read[1], read[2]];
    };
  }

  /** The package makes half a character of each escape beyond U+FFFF. */
  #decodeEscapes(): void {
    const { unicodeEscape } = this;
    const rule = unicodeEscape.coreRule;
    unicodeEscape.coreRule = (...parameters) => {
      const read = rule.apply(this, parameters);
      return read && String.fromCodePoint(Number.parseInt(this.LA(0).image.slice('\\u{'.length, -1), 16));
    };
  }
}

/** Building one takes a tenth of a second; it keeps nothing from one text to the next. */
const parser = new PlacingParser();

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
