/** The parts of kdljs that its own types leave out: the parser behind `parse`, which knows where things stand. */
declare module 'kdljs/src/parser/kdl.js' {
  export interface Token {
    readonly startOffset: number;
    readonly endOffset?: number;
    readonly image: string;
    readonly tokenType: { readonly name: string };
  }

  export interface Node {
    readonly name: string;
    readonly values: readonly unknown[];
    readonly properties: Readonly<Record<string, unknown>>;
    readonly children: readonly Node[];
    readonly tags: { readonly name?: string; readonly values: readonly unknown[] };
  }

  export type Argument = readonly [value: unknown, tag: unknown];
  export type Property = readonly [key: string, value: unknown, tag: unknown];

  /** The function that other rules call; undefined where it did not match, or while trying whether it would. */
  export interface Rule<T> {
    coreRule(this: unknown, ...parameters: unknown[]): T | undefined;
  }

  export const parser: {
    input: readonly Token[];
    readonly errors: readonly { readonly token?: Token; readonly previousToken?: Token }[];
    readonly node: Rule<Node>;
    readonly nodeChildren: Rule<readonly Node[]>;
    readonly argument: Rule<Argument>;
    readonly property: Rule<Property>;
    readonly unicodeEscape: Rule<string>;
    document(): readonly Node[] | undefined;
    /** A token ahead, or with 0 the last one that was taken. */
    LA(distance: number): Token;
  };

  export const lexer: {
    tokenize(text: string): {
      readonly tokens: readonly Token[];
      readonly errors: readonly { readonly offset: number }[];
    };
  };
}
