import { withCrlf } from '../../content/content-line.ts';

/**
 * An item's text as it came within XML, which turns CRLF into LF: with the line ends that it has by its own standard
 * (SI12), and without the white space that a server put around it. Undefined where there is none, or where XML, or the
 * bytes on their way through it, could not hold it: then it has to be got by itself.
 */
export function textFromXml(text: string): string | undefined {
  let start = 0;
  let stop = text.length;
  while (start < stop && isSpace(text.charCodeAt(start))) start++;
  while (stop > start && isSpace(text.charCodeAt(stop - 1))) stop--;
  const bare = text.slice(start, stop);
  return bare === '' || bare.includes('\ufffd') ? undefined : withCrlf(`${bare}\n`);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
