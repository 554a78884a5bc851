/** Enough of TypeScript's lexical rules to see what a source file imports and which words its code uses. */

export interface Source {
  /** Below `src`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** `export … from` passes on what it imports. */
  readonly isExported: boolean;
}

const STATEMENT = /(?<![\w$.])(import|export)\s*(?:type\s+)?(?:[\w$*{][^;'"`()=]*?\sfrom\s*)?(['"])([^'"\n]+)\2/g;
const CALL = /(?<![\w$.])(?:import|require)\s*\(\s*(['"`])([^'"`]+)\1/g;

/** Static imports first, then dynamic ones, each in the order of the text. */
export function importsOf(text: string): readonly Import[] {
  const code = withoutComments(text);
  const statements = [...code.matchAll(STATEMENT)].map(([, word, , specifier = '']) => ({
    specifier,
    isExported: word === 'export',
  }));
  const calls = [...code.matchAll(CALL)].map(([, , specifier = '']) => ({ specifier, isExported: false }));
  return [...statements, ...calls];
}

/** Whether code, not a comment nor a string, has this word (`Date`) or this chain of words (`Math.random`). */
export function usesWord(text: string, word: string): boolean {
  const pattern = new RegExp(`(?<![\\w$.])${word.replaceAll('.', '\\s*\\.\\s*')}(?![\\w$])`);
  return pattern.test(withoutStrings(text));
}

const withoutComments = (text: string): string =>
  piecesOf(text)
    .map(({ type, text: piece }) => (type === 'comment' ? ' ' : piece))
    .join('');

const withoutStrings = (text: string): string =>
  piecesOf(text)
    .map(({ type, text: piece }) => (type === 'code' ? piece : ' '))
    .join('');

interface Piece {
  readonly type: 'code' | 'comment' | 'string';
  readonly text: string;
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** Up to the end, or to the next code within it. */
const TEMPLATE_PART = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
/** Before a slash, these make it the beginning of a regular expression. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};<>+\-*%~^]|\b(?:return|typeof|case|of|in|do|else))\s*$/;

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  /** For every template that is open: how many braces of the code within it are. */
  const templates: number[] = [];
  let code = '';
  /** The end of all code until here. */
  let tail = '';
  let at = 0;
  const took = (type: 'comment' | 'string', pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [match] = pattern.exec(text) ?? [];
    if (match === undefined) return undefined;
    pieces.push({ type: 'code', text: code }, { type, text: match });
    code = '';
    if (type === 'string') tail = "''";
    at += match.length;
    return match;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    const braces = templates.at(-1);
    if (character === '/' && took('comment', COMMENT) !== undefined) continue;
    if (character === '/' && BEFORE_REGEX.test(tail) && took('string', REGEX) !== undefined) continue;
    if ((character === "'" || character === '"') && took('string', STRING) !== undefined) continue;
    if (character === '`' || (character === '}' && braces === 0)) {
      const part = took('string', TEMPLATE_PART);
      if (part !== undefined) {
        if (character === '}') templates.pop();
        if (part.endsWith('${')) {
          templates.push(0);
          tail = '{';
        }
        continue;
      }
    }
    if (braces !== undefined && (character === '{' || character === '}')) {
      templates[templates.length - 1] = braces + (character === '{' ? 1 : -1);
    }
    code += character;
    tail = (tail + character).slice(-12);
    at += 1;
  }
  return [...pieces, { type: 'code', text: code }];
}
