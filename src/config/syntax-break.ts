import { maybeSecret } from './hide-secrets.ts';
import type { Open } from './kdl.ts';

export interface Break {
  readonly message: string;
  /** What the message is about: offsets into the text, the end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Says in words of our own why the text cannot be read beyond `offset`, and what to write. Names no secret. */
export function describeBreak(text: string, offset: number, open: Open | undefined): Break {
  const character = text[offset] ?? '';
  const at = (message: string, start = offset): Break => ({ message, start, end: start + 1 });

  if (open?.what === 'comment') return at('the comment that begins here has no end; "*/" ends it', open.offset);
  if (open?.what === 'text') return breakInText(character, offset, open.offset);
  if (open?.what === 'long text') {
    return at(
      'the text in """ that begins here has no end, or a line with less white space in front than its last',
      open.offset,
    );
  }
  if (character === '') {
    return open === undefined
      ? at('the file ends too early')
      : at('the block that begins here has no end; "}" ends it', open.offset);
  }

  if (/\p{Cc}/u.test(character)) return at(CONTROL_CHARACTER);

  const line = lineAround(text, offset);
  const before = text.slice(line.start, offset);
  switch (character) {
    case '#':
      if (/(^|\s)$/.test(before))
        return { ...line, start: offset, message: 'a comment begins with "//", not with "#"' };
      break;
    case '[':
      if (before.trim() === '')
        return {
          ...line,
          start: offset,
          message: 'no section is written in brackets; write storage NAME { … } or pair NAME { … }',
        };
      break;
    case '=':
      return at('there is no "=" here: a directive and its values stand side by side, as in: interval 300');
    case '{':
      if (before.trim() === '') return at('the "{" must stand on the line of the directive whose block it begins');
      if (!/\s$/.test(before)) return at('there must be a space before the "{"');
      break;
    case '}':
      return at('there is no block here that "}" could end');
    default:
  }
  if (/\}\s*$/.test(before)) return at('a block ends its directive; what follows must stand on a line of its own');
  const directive = /[^\s"{]*/.exec(before.trimStart())?.[0] ?? '';
  if (directive === 'shell')
    return {
      ...line,
      start: line.start + before.indexOf('shell'),
      message: 'the text of "shell" is written in one pair of quotes',
    };
  return breakInWord(text, offset, maybeSecret(text, offset));
}

const CONTROL_CHARACTER = 'a control character cannot stand here';

function breakInText(character: string, offset: number, opened: number): Break {
  if (character === '\\') {
    return { message: 'a backslash in a quoted text is written twice: "\\\\"', start: offset, end: offset + 1 };
  }
  if (character === '' || offset === opened || /[\n\r\v\f\u0085\u2028\u2029]/.test(character)) {
    return { message: 'the text that begins here has no closing quote in its line', start: opened, end: opened + 1 };
  }
  return { message: CONTROL_CHARACTER, start: offset, end: offset + 1 };
}

const KEYWORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'inf', '-inf', 'nan']);

function breakInWord(text: string, offset: number, secret: boolean): Break {
  const start = offset - (/[^\s;{}"]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[^\s;{}"]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const word = text.slice(start, end);
  if (text.startsWith('"""', offset)) {
    return {
      message: 'behind """ the line must end; the text follows on lines of its own',
      start: offset,
      end: offset + 3,
    };
  }
  if (word === '' || text[start - 1] === '"') {
    return { message: 'there must be a space between two values', start: offset, end: Math.max(end, offset + 1) };
  }
  if (KEYWORDS.has(word)) {
    return {
      message: `${word} means nothing here; a directive such as read_only is switched on by standing there alone, and a text is written in quotes: "${word}"`,
      start,
      end,
    };
  }
  const quoted = secret ? '' : `: "${word.replaceAll('\\', '\\\\')}"`;
  return { message: `this value must be written in quotes${quoted}`, start, end };
}

/** The line that holds an offset, without its end. */
export function lineAround(text: string, offset: number): { readonly start: number; readonly end: number } {
  const start = offset - (/[^\n\r]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[^\n\r]*/.exec(text.slice(offset))?.[0].length ?? 0);
  return { start, end };
}
