import { describe, expect, it } from 'vitest';
import { parseKdl } from '../../src/config/kdl.ts';
import { readSyntax as readSyntaxWith, type SyntaxNode } from '../../src/config/syntax.ts';

const TOP = ['storage', 'pair'];

/** Nodes as nested lists: the name, the words, the block. */
const plain = (node: SyntaxNode): unknown[] => [
  node.name,
  ...node.words.map(({ text }) => text),
  ...(node.block === undefined ? [] : [node.block.map(plain)]),
];
const readSyntax = (text: string, topNames: readonly string[]) => readSyntaxWith(text, topNames, parseKdl);
const nodesOf = (text: string) => readSyntax(text, TOP).nodes.map(plain);

describe('KDL', () => {
  it('is words, quoted or not, numbers, and blocks', () => {
    const text = `a b "c d" 12 -1.5 // comment
      /* and /* nested */ */ e { f; g "h" { } }
      /-i { j }
      k /-l m \\ // goes on
        n
      "o" #"raw "text" \\n"# """
        two
          lines
        """`;
    const { mistakes, whole } = readSyntax(text, TOP);
    expect([mistakes, whole]).toEqual([[], true]);
    expect(nodesOf(text)).toEqual([
      ['a', 'b', 'c d', '12', '-1.5'],
      ['e', [['f'], ['g', 'h', []]]],
      ['k', 'm', 'n'],
      ['o', 'raw "text" \\n', 'two\n  lines'],
    ]);
  });

  it('decodes escapes, beyond U+FFFF too', () => {
    expect(nodesOf('a "\\u{1F600}\\t\\u{e9}\\"\\\\"')).toEqual([['a', '😀\té"\\']]);
  });

  it('has a place for every node and word', () => {
    const [node] = readSyntax('\n\ta { bc "d" e }\r\n', TOP).nodes;
    expect(node?.at).toEqual({ line: 2, column: 2, length: 1 });
    expect(node?.block?.[0]?.at).toEqual({ line: 2, column: 6, length: 2 });
    expect(node?.block?.[0]?.words.map(({ at }) => at)).toEqual([
      { line: 2, column: 9, length: 3 },
      { line: 2, column: 13, length: 1 },
    ]);
  });

  it('begins wherever a byte order mark ends', () => {
    expect(nodesOf('\ufeffa b')).toEqual([['a', 'b']]);
  });

  it('loses no property, of whatever name', () => {
    const { nodes, mistakes } = readSyntax('a b=1 b=2 __proto__=3', TOP);
    expect(mistakes.map(({ at }) => at.column)).toEqual([3, 7, 11]);
    expect(nodes[0]?.words.map(({ text }) => text)).toEqual([undefined, undefined, undefined]);
  });
});

describe('what cannot be read', () => {
  it('is left out by the line, and the rest is read', () => {
    const { nodes, mistakes } = readSyntax('storage a {\n path ~/x\n b 1\n}\npair c {\n url /y\n d 2\n}\n', TOP);
    expect(mistakes.map(({ at }) => at.line)).toEqual([2, 6]);
    expect(nodes.map(plain)).toEqual([
      ['storage', 'a', [['b', '1']]],
      ['pair', 'c', [['d', '2']]],
    ]);
    expect(nodes.map(({ whole }) => whole)).toEqual([false, false]);
  });

  it('is left out by the block where braces are missing', () => {
    const { nodes, mistakes, whole } = readSyntax('storage a {\n b {\n c\n}\nstorage d {\n e\n}\n', TOP);
    expect(mistakes).toHaveLength(1);
    expect(nodes.map(plain)).toEqual([['storage', 'd', [['e']]]]);
    expect(whole).toBe(false);
  });

  it('is always said, and never without a place', () => {
    const broken = [
      '"',
      '\\ x',
      '}',
      '{',
      '(',
      'a (',
      '=',
      '/-',
      'a /-',
      '/*',
      '/*/*',
      '#',
      '#"',
      'a """',
      'a """\n\\',
      'a "\\',
    ];
    const control = ['\u0000', 'a\u001b', '"\u0007"', 'a "\\u{110000}"', 'a "\\u{d800}"', 'a """x"""', 'a #"""x"""#'];
    for (const text of [...broken, ...control, 'a """\n  b\n c\n  """', 'a true', 'a { b } c', 'a\n{\n{\n', 'a "b']) {
      const { mistakes } = readSyntax(text, TOP);
      expect(mistakes.length, text).toBeGreaterThan(0);
      for (const { at, message } of mistakes) {
        expect(
          [at.line, at.column, at.length].every((number) => Number.isInteger(number) && number > 0),
          text,
        ).toBe(true);
        expect(message).not.toMatch(/NaN|undefined|Token|expecting/i);
      }
    }
  });

  it('ends, whatever the file is', () => {
    const pieces = [
      'storage x {',
      '}',
      '"',
      '"""',
      '\\',
      '/*',
      '*/',
      '#',
      '=',
      '(',
      ')',
      ';',
      'a',
      '~/b',
      '\n',
      ' ',
      '//',
      '/-',
      '1x',
      '#"',
    ];
    let seed = 7;
    const next = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed;
    };
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from({ length: next() % 25 }, () => pieces[next() % pieces.length]).join('');
      expect(() => readSyntax(text, TOP), text).not.toThrow();
    }
  });
});

describe('words that would be read as something else', () => {
  it('are numbers whose spelling cannot be given back', () => {
    for (const word of ['007', '1e3', '0x10', '1_000', '+5', '1.50', '12345678901234567890', '-0']) {
      const { nodes, mistakes } = readSyntax(`a ${word}`, TOP);
      expect(mistakes, word).toHaveLength(1);
      expect(nodes[0]?.words[0]?.text).toBeUndefined();
    }
    for (const word of ['0', '7', '123456', '-5', '1.5']) expect(nodesOf(`a ${word}`)).toEqual([['a', word]]);
  });

  it('are what stands before a comment without a space', () => {
    for (const word of ['https://h/', 'unix:///s', 'a//b', 'a/*b*/', '12//']) {
      expect(readSyntax(`a ${word}`, TOP).mistakes, word).toHaveLength(1);
    }
    expect(readSyntax('a "b"//c', TOP).mistakes).toEqual([]);
  });

  it('are keywords and single quotes', () => {
    for (const word of ['#true', '#false', '#null', '#inf', "'a'"]) {
      expect(readSyntax(`a ${word}`, TOP).mistakes, word).toHaveLength(1);
    }
    expect(nodesOf("a o'clock")).toEqual([['a', "o'clock"]]);
  });
});
