import { isAbsolute, join } from 'node:path';
import { unreachable } from '../model/errors.ts';

/** What a value must look like, wherever it comes from. */
export type TextForm =
  | { readonly form: 'text' }
  | { readonly form: 'path'; readonly home: string }
  | { readonly form: 'url'; readonly schemes: readonly string[] };

/** `problem` continues "this value …" or "the value …", and does not hold the value. */
export type Checked<T> =
  | { readonly type: 'right'; readonly value: T }
  | { readonly type: 'wrong'; readonly problem: string };

export const right = <T>(value: T): Checked<T> => ({ type: 'right', value });
export const wrong = (problem: string): Checked<never> => ({ type: 'wrong', problem });

export function checkForm(text: string, form: TextForm): Checked<string> {
  if (text === '') return wrong('is empty');
  if (/(?!\t)\p{Cc}/u.test(text)) return wrong('holds a line end or another control character');
  switch (form.form) {
    case 'text':
      return right(text);
    case 'path':
      return checkPath(text, form.home);
    case 'url':
      return checkUrl(text, form.schemes);
    default:
      return unreachable(form);
  }
}

/** `~` and `~/` are the home directory; nothing else is expanded. */
export function checkPath(text: string, home: string): Checked<string> {
  if (text === '~') return right(home);
  if (text.startsWith('~/')) return right(join(home, text.slice(2)));
  if (isAbsolute(text)) return right(text);
  if (text.startsWith('~'))
    return wrong('is no path that can be used: of "~" only "~/" is understood, the home directory');
  if (text.startsWith('$')) return wrong('is a relative path: variables are not expanded; begin it with "~/" or "/"');
  return wrong('is a relative path; begin it with "~/" or "/"');
}

function checkUrl(text: string, schemes: readonly string[]): Checked<string> {
  const known = schemes.map((scheme) => `"${scheme}://"`).join(', ');
  if (!URL.canParse(text)) return wrong(`is no complete URL; it begins with one of ${known}`);
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return wrong(`has a scheme that cannot be used here; it must be one of ${known}`);
  if (url.username !== '' || url.password !== '') {
    return wrong('holds a user name or password; those have directives of their own, "username" and "password"');
  }
  if (scheme === 'unix') {
    return url.host === '' && url.pathname.length > 1
      ? right(text)
      : wrong('must name a socket, as in "unix:///run/dav.sock"');
  }
  return url.hostname === '' ? wrong('names no host') : right(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const LONGEST_S = 100 * 365 * 86_400;

/** Seconds, of a number of seconds or a text such as `15m`. */
export function checkDuration(text: string): Checked<number> {
  const match = /^([0-9]+)([smhdw]?)$/.exec(text);
  const unit = UNITS[match?.[2] || 's'];
  if (match?.[1] === undefined || unit === undefined) {
    return wrong(
      'is no length of time; it is a number of seconds, or a text such as "90s", "15m", "6h", "30d" or "2w"',
    );
  }
  const seconds = Number(match[1]) * unit;
  return seconds <= LONGEST_S ? right(seconds) : wrong('is longer than a hundred years');
}

/** An origin as `allow_origin` takes it, in lower case: the scheme, a host or `*.` and a host, maybe a port. */
export function checkOrigin(text: string): Checked<string> {
  const origin = text.toLowerCase().replace(/\/$/, '');
  return /^https?:\/\/(\*\.)?([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?$/.test(origin)
    ? right(origin)
    : wrong('is no origin; it is written as "https://host" or "https://*.host", without a path');
}

/** A file name's extension, with or without its dot; answered without. */
export function checkExtension(text: string): Checked<string> {
  const extension = text.replace(/^\./, '');
  return /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(extension)
    ? right(extension)
    : wrong('is no extension of file names; it is written as "ics" or ".ics"');
}

/** Names become file names and words of a command. */
export function checkName(text: string): Checked<string> {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(text)
    ? right(text)
    : wrong('is no name; a name is made of letters, digits, "_", "-" and ".", and begins with neither "-" nor "."');
}

/** An id is one segment of a path in every storage. */
export function checkCollectionId(text: string): Checked<string> {
  return /^(?!\.{0,2}$)[^/]+$/.test(text)
    ? checkForm(text, { form: 'text' })
    : wrong('is no id of a collection; an id holds no "/"');
}
