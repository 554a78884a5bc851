import { describe, expect, test } from 'vitest';
import { importsOf, usesWord } from './source-text.ts';

const specifiers = (text: string): readonly string[] => importsOf(text).map(({ specifier }) => specifier);

describe('imports', () => {
  test.each([
    ["import 'a';", ['a']],
    ['import a from \'b\'; import * as c from "d"', ['b', 'd']],
    ["import a, { type B, c as d } from './e.ts';", ['./e.ts']],
    ["import {\n  a,\n  // of 'x'\n  b,\n} from 'c';", ['c']],
    ["import type { A } from 'b';\nexport type { A };\nexport const c = 'd';", ['b']],
    ["export { a } from 'b';\nexport * from 'c';\nexport type { D } from 'e';", ['b', 'c', 'e']],
    ["const a = await import('b'); require ( `c` )", ['b', 'c']],
    ["type A = import('b').C;", ['b']],
    ["// import 'a'\n/* import 'b' */ import 'c'; // import('d')", ['c']],
    ["x.import('a'); important('b'); const from = 'c';", []],
    ["export const a = { from: 'b' };\nexport function f(g = 'from') { return from('h') }", []],
  ])('of %j', (text, expected) => {
    expect(specifiers(text)).toEqual(expected);
  });

  test('that are passed on say so', () => {
    expect(importsOf("import 'a'; export * from 'b'").map(({ isExported }) => isExported)).toEqual([false, true]);
  });
});

describe('a word', () => {
  test.each([
    'await x',
    'for await (const a of b) {}',
    'const a = "it\'s"; await b',
    'const a = /[/\'"]/; await b;',
    'const a = b / c; /* x */ await d; const e = f / g',
    'const a = `b @{await c} d`;',
    'const a = `b @{c.map((d) => { return `@{await d}` })} "`;',
    'return /`/.test(a) || await b',
    'const a = `\\@{`; await b',
    'const url = "http://x"; await a',
  ])('stands in %j', (text) => {
    expect(usesWord(withDollars(text), 'await')).toBe(true);
  });

  test.each([
    '// await',
    '/* one\n await */ a',
    "\"await\"; 'it\\'s await'",
    'const a = `b @{c} await @{d} await`;',
    'a.await; $await; awaiting',
    'const a = / await /;',
    'f(/* b */ /await/.test(c))',
    'const a = `@{{ b: { c } }} await`',
  ])('does not stand in %j', (text) => {
    expect(usesWord(withDollars(text), 'await')).toBe(false);
  });

  test('may be a chain', () => {
    expect([usesWord('Math . random()', 'Math.random'), usesWord('Math.round(random)', 'Math.random')]).toEqual([
      true,
      false,
    ]);
  });
});

/** `@` for the dollar of a placeholder, which a plain string should not have. */
const withDollars = (text: string): string => text.replaceAll('@', '$');
