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

/**
 * The logical lines of a text, in linear time. Line ends are CRLF, LF or a lone CR; byte order marks in front and blank
 * lines are passed over. A fold after a blank line still continues the line before it, as texts whose CRLF became CRCRLF
 * have it. The soft line breaks of quoted-printable (vCard 2.1) are folds too.
 */
export function* contentLines(text: string): Generator<ContentLine, undefined> {
  const endFrom = lineEndFinder(text);
  let at = 0;
  while (text.charCodeAt(at) === BYTE_ORDER_MARK) at++;
  while (at < text.length) {
    const start = at;
    let stop = endFrom(at);
    at = afterLineEnd(text, stop);
    if (isBlankLine(text, start, stop)) continue;
    const line = text.slice(start, stop);
    if (!isContinued(text, stop, at)) {
      yield parseLine(line, start, at);
      continue;
    }
    const pieces = [line];
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
    yield parseLine(pieces.join(''), start, at);
  }
}

/** The parameters of a line in their order. What has no `=` is a bare value. */
export function parametersOf(line: ContentLine): readonly Parameter[] {
  if (line.parameters === '') return [];
  return splitOutsideQuotes(line.parameters, ';')
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
  const pathEnd = endOfPath(line);
  const colon = line[pathEnd] === ';' ? colonAfter(line, pathEnd) : pathEnd;
  if (pathEnd === 0 || line[colon] !== ':') {
    return { start, end, group: '', name: '', parameters: '', value: line };
  }
  const path = line.slice(0, pathEnd).toUpperCase();
  const dot = path.lastIndexOf('.');
  return {
    start,
    end,
    group: dot === -1 ? '' : path.slice(0, dot),
    name: dot === -1 ? path : path.slice(dot + 1),
    parameters: line.slice(pathEnd + 1, colon),
    value: line.slice(colon + 1),
  };
}

/** Where a name that may have a group in front ends: letters, digits, hyphens, dots, and underscores that are in use. */
function endOfPath(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const isOther = (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e || code === 0x5f;
    if (!isLetter && !isOther) return at;
  }
  return line.length;
}

/** The first colon outside of quotes; the first of all where quotes do not close. */
function colonAfter(line: string, from: number): number {
  const first = line.indexOf(':', from);
  if (!line.slice(from, first).includes('"')) return first;
  let quoted = false;
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    else if (character === ':' && !quoted) return at;
  }
  return first;
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
