import { TextDecoder } from 'node:util';

/** The document is not XML, or not XML that we read. The message holds nothing of its content. */
export class XmlError extends Error {}

/**
 * The text of an XML document, chunk by chunk: its encoding is found by byte order mark, header and declaration, in
 * this order (RFC 7303). White space in front, which some servers send, is left out. What XML cannot hold, and bytes
 * that are no text, become U+FFFD: whoever finds that in an item has to get the item in another way.
 */
export async function* xmlText(
  body: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): AsyncGenerator<string> {
  let head: Uint8Array = new Uint8Array();
  let decoder: TextDecoder | undefined;
  let begun = false;
  const clean = (text: string): string => {
    const rest = begun ? text : text.trimStart();
    begun ||= rest !== '';
    return FORBIDDEN.test(rest) ? rest.replaceAll(ALL_FORBIDDEN, '\ufffd') : rest;
  };
  for await (const chunk of body) {
    if (decoder !== undefined) {
      yield clean(decoder.decode(chunk, { stream: true }));
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    decoder = decoderFor(head, contentType);
    yield clean(decoder.decode(head, { stream: true }));
  }
  decoder ??= decoderFor(head, contentType);
  yield clean(begun || head.length >= HEAD_BYTES ? decoder.decode() : decoder.decode(head));
}

function decoderFor(head: Uint8Array, contentType: string | undefined): TextDecoder {
  const label = byMark(head) ?? charsetOf(contentType) ?? declared(head) ?? 'utf-8';
  try {
    return new TextDecoder(label);
  } catch (error) {
    if (error instanceof RangeError) throw new XmlError(`its encoding "${label.slice(0, 40)}" is not known`);
    throw error;
  }
}

/** By the byte order mark, or by how the first `<` is written. */
function byMark(head: Uint8Array): string | undefined {
  const [first, second, third] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return undefined;
}

const charsetOf = (contentType: string | undefined): string | undefined =>
  /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType?.slice(0, 200) ?? '')?.[1];

const declared = (head: Uint8Array): string | undefined =>
  /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(
    Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1'),
  )?.[1];

const HEAD_BYTES = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/;
const ALL_FORBIDDEN = new RegExp(FORBIDDEN, 'g');
