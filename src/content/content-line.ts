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
    if (stop === start) continue;
    let line = text.slice(start, stop);
    let quotedPrintable: boolean | undefined;
    for (;;) {
      const next = afterBlankLines(text, at);
      if (isBlank(text.charCodeAt(next))) {
        stop = endFrom(next);
        line += text.slice(next + 1, stop);
      } else if (at < text.length && text.charCodeAt(stop - 1) === EQUALS_SIGN) {
        // Tested once a line: on each of 100,000 breaks it would take time squared.
        quotedPrintable ??= QUOTED_PRINTABLE.test(line);
        if (!quotedPrintable) break;
        stop = endFrom(at);
        line = line.slice(0, -1) + text.slice(at, stop);
      } else break;
      at = afterLineEnd(text, stop);
    }
    if (isBlank(line.charCodeAt(0)) && line.trim() === '') continue;
    yield parseLine(line, start, at);
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
const PROPERTY_NAME = /^[\w.-]+$/;

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

function parseLine(line: string, start: number, end: number): ContentLine {
  const colon = colonAfterParameters(line);
  const head = line.slice(0, Math.max(colon, 0));
  const semicolon = head.indexOf(';');
  const path = (semicolon === -1 ? head : head.slice(0, semicolon)).trim().toUpperCase();
  if (!PROPERTY_NAME.test(path)) return { start, end, group: '', name: '', parameters: '', value: line };
  const dot = path.lastIndexOf('.');
  return {
    start,
    end,
    group: dot === -1 ? '' : path.slice(0, dot),
    name: path.slice(dot + 1),
    parameters: semicolon === -1 ? '' : head.slice(semicolon + 1),
    value: line.slice(colon + 1),
  };
}

/** The first colon outside of quotes; the first of all where quotes do not close. */
function colonAfterParameters(line: string): number {
  const first = line.indexOf(':');
  if (!line.slice(0, Math.max(first, 0)).includes('"')) return first;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
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
