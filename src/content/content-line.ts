/**
 * A logical line of iCalendar (RFC 5545 3.1) or vCard (RFC 6350 3.2): `group.NAME;parameters:value`, unfolded.
 * `start` and `end` are the offsets of its raw text with all folds and line ends, so that a slice is what was received.
 */
export interface ContentLine {
  readonly start: number;
  readonly end: number;
  /** Upper case; empty where there is none. */
  readonly group: string;
  /** Upper case; empty where the line is no property, and all of it is the value. */
  readonly name: string;
  /** As written, without the first semicolon; see `parametersOf`. */
  readonly parameters: string;
  readonly value: string;
}

/** `name` in upper case; empty for the bare values of vCard 2.1 (`TEL;HOME:`). Values without their quotes. */
export interface Parameter {
  readonly name: string;
  readonly values: readonly string[];
}

/** All logical lines of a text, as `lineFinder` finds them. */
export function contentLines(text: string): readonly ContentLine[] {
  const lines: ContentLine[] = [];
  const lineFrom = lineFinder(text);
  for (let line = lineFrom(0); line !== undefined; line = lineFrom(line.end)) lines.push(line);
  return lines;
}

/**
 * Finds the logical line at or after an offset, which is 0 or the end of another line; undefined after the last one. A
 * text that is gone through from its beginning takes linear time. Line ends are CRLF, LF or a lone CR; byte order marks
 * in front and blank lines are passed over. A fold after a blank line still continues the line before it, as texts whose
 * CRLF became CRCRLF have it. The soft line breaks of quoted-printable (vCard 2.1) are folds too.
 */
export function lineFinder(text: string): (from: number) => ContentLine | undefined {
  const oddLineFrom = oddLineFinder(text);
  // Nearly all lines: in upper case, with no group, quotes, folds or soft breaks, and no blank line behind.
  const plain = /([A-Z][A-Z\d-]*)(?:;([^:"\r\n]*))?:([^\r\n]*)(?<!=)\r?\n(?![ \t\r\n])/y;
  return (from) => {
    plain.lastIndex = from;
    const found = plain.exec(text);
    if (found === null) return oddLineFrom(from);
    const { 1: name = '', 2: parameters = '', 3: value = '' } = found;
    return { start: from, end: plain.lastIndex, group: '', name, parameters, value };
  };
}

function oddLineFinder(text: string): (from: number) => ContentLine | undefined {
  const endFrom = lineEndFinder(text);
  return (from) => {
    let start = from;
    if (start === 0) while (text.charCodeAt(start) === BYTE_ORDER_MARK) start++;
    let stop = endFrom(start);
    while (isBlankLine(text, start, stop)) {
      if (start === text.length) return undefined;
      start = afterLineEnd(text, stop);
      stop = endFrom(start);
    }
    const end = afterLineEnd(text, stop);
    const line = text.slice(start, stop);
    return isContinued(text, stop, end)
      ? unfold(text, line, { start, stop, end, endFrom })
      : parseLine(line, start, end);
  };
}

interface Continued {
  readonly start: number;
  readonly stop: number;
  readonly end: number;
  readonly endFrom: (from: number) => number;
}

function unfold(text: string, line: string, { start, stop: lineStop, end, endFrom }: Continued): ContentLine {
  const pieces = [line];
  let stop = lineStop;
  let at = end;
  let quotedPrintable: boolean | undefined;
  for (;;) {
    const next = afterBlankLines(text, at);
    if (isBlank(text.charCodeAt(next))) {
      stop = endFrom(next);
      pieces.push(text.slice(next + 1, stop));
    } else if (at < text.length && text.charCodeAt(stop - 1) === EQUALS_SIGN) {
      // Asked once a line: on each of 100,000 breaks it would take time squared.
      quotedPrintable ??= QUOTED_PRINTABLE.test(pieces.join(''));
      if (!quotedPrintable) break;
      stop = endFrom(at);
      pieces.push((pieces.pop() ?? '').slice(0, -1), text.slice(at, stop));
    } else break;
    at = afterLineEnd(text, stop);
  }
  return parseLine(pieces.join(''), start, at);
}

/** The parameters of a line in their order. What has no `=` is a bare value. */
export function parametersOf({ parameters }: Pick<ContentLine, 'parameters'>): readonly Parameter[] {
  if (parameters === '') return [];
  return splitOutsideQuotes(parameters, ';')
    .filter((text) => text !== '')
    .map((text) => {
      const equals = text.indexOf('=');
      const name = equals === -1 ? '' : text.slice(0, equals).trim().toUpperCase();
      const values = splitOutsideQuotes(text.slice(equals + 1), ',');
      return { name, values: values.map((value) => value.replaceAll('"', '')) };
    });
}

/** The same text with every line end a CRLF, as RFC 5545 and RFC 6350 demand. */
export function withCrlf(text: string): string {
  return text.replace(/\r\n|\n|\r/g, '\r\n');
}

const BYTE_ORDER_MARK = 0xfeff;
const EQUALS_SIGN = 0x3d;
const QUOTED_PRINTABLE = /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i;

/** Remembers the next LF and the next CR, so that a text without any CR is searched for one only once. */
function lineEndFinder(text: string): (from: number) => number {
  let lf = text.indexOf('\n');
  let cr = text.indexOf('\r');
  return (from) => {
    if (lf !== -1 && lf < from) lf = text.indexOf('\n', from);
    if (cr !== -1 && cr < from) cr = text.indexOf('\r', from);
    if (lf === -1) return cr === -1 ? text.length : cr;
    return cr === -1 ? lf : Math.min(lf, cr);
  };
}

function afterLineEnd(text: string, stop: number): number {
  return text.startsWith('\r\n', stop) ? stop + 2 : Math.min(stop + 1, text.length);
}

function afterBlankLines(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x0a || text.charCodeAt(at) === 0x0d) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** A quick no for most lines; `at` is where the next physical line begins. */
function isContinued(text: string, stop: number, at: number): boolean {
  const next = text.charCodeAt(at);
  return isBlank(next) || next === 0x0a || next === 0x0d || text.charCodeAt(stop - 1) === EQUALS_SIGN;
}

function isBlankLine(text: string, start: number, stop: number): boolean {
  return start === stop || (isBlank(text.charCodeAt(start)) && text.slice(start, stop).trim() === '');
}

function parseLine(line: string, start: number, end: number): ContentLine {
  const { 0: path = '' } = PATH.exec(line) ?? [];
  const first = line.indexOf(':', path.length);
  const colon = line[path.length] === ';' ? colonAfter(line, path.length, first) : path.length;
  if (path === '' || line[colon] !== ':') return { start, end, group: '', name: '', parameters: '', value: line };
  const dot = path.lastIndexOf('.');
  return {
    start,
    end,
    group: path.slice(0, Math.max(dot, 0)).toUpperCase(),
    name: path.slice(dot + 1).toUpperCase(),
    parameters: line.slice(path.length + 1, colon),
    value: line.slice(colon + 1),
  };
}

/** A name that may have a group in front: letters, digits, hyphens, dots, and underscores that are in use. */
const PATH = /^[\w.-]*/;

/** The first colon outside of quotes; the `first` of all where quotes do not close. */
function colonAfter(line: string, from: number, first: number): number {
  let colon = first;
  for (let at = from; ; ) {
    const quote = line.indexOf('"', at);
    if (quote === -1 || colon < quote) return colon;
    at = line.indexOf('"', quote + 1) + 1;
    if (at !== 0 && colon < at) colon = line.indexOf(':', at);
    if (at === 0 || colon === -1) return first;
  }
}

function splitOutsideQuotes(text: string, separator: ';' | ','): readonly string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
