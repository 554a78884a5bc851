import { SaxesParser } from 'saxes';
import { fullName } from './xml-name.ts';
import { XmlError, xmlText } from './xml-text.ts';

export interface XmlElement {
  /** `{namespace}local` */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** All its own text, CDATA included, as it stands; line ends are LF, as XML has them, unless written as references. */
  readonly text: string;
}

export type XmlPart =
  | { readonly type: 'root'; readonly name: string }
  | { readonly type: 'child'; readonly element: XmlElement };

/**
 * The root's name, then its children as they arrive, those of a chunk at once: each step of a generator costs, and there
 * are many. Returns only if the document was whole and well-formed, and throws `XmlError` otherwise. A DOCTYPE is refused, and so with it all
 * entities but XML's own (X1); depth and sizes are bounded (X2).
 */
export async function* readXml(
  body: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): AsyncGenerator<readonly XmlPart[]> {
  const builder = new Builder();
  for await (const text of xmlText(body, contentType)) {
    builder.write(text);
    yield builder.take();
  }
  builder.close();
  yield builder.take();
}

export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

export const childOf = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((child) => child.name === name);

type Growing = { name: string; children: XmlElement[]; text: string };

class Builder {
  readonly #parser = new SaxesParser({ xmlns: true, position: false });
  readonly #open: Growing[] = [];
  #parts: XmlPart[] = [];
  #elements = 0;
  #pendingLength = 0;

  constructor() {
    const parser = this.#parser;
    parser.on('error', () => {
      throw new XmlError('it is not well-formed XML, or was cut');
    });
    parser.on('doctype', () => {
      throw new XmlError('it has a DOCTYPE, as web pages have');
    });
    parser.on('opentag', (tag) => this.#opened(tag.uri, tag.local, Object.keys(tag.attributes).length));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('closetag', () => this.#closed());
  }

  write(text: string): void {
    this.#pendingLength += text.length;
    if (this.#pendingLength > MAX_CHILD_LENGTH) throw new XmlError('an entry of it is too long');
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  take(): readonly XmlPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  #opened(namespace: string, local: string, attributes: number): void {
    this.#elements += 1;
    const tooMuch = local.length > MAX_NAME_LENGTH || attributes > MAX_ATTRIBUTES;
    if (this.#open.length >= MAX_DEPTH || this.#elements > MAX_ELEMENTS || tooMuch) {
      throw new XmlError('it is nested too deeply, or has too many elements');
    }
    const name = fullName(namespace, local);
    if (this.#open.length === 0) this.#parts.push({ type: 'root', name });
    this.#open.push({
      name,
      children: [],
      text: '',
    });
  }

  #text(text: string): void {
    const element = this.#open.at(-1);
    // White space between the root's children belongs to none of them.
    if (element !== undefined && this.#open.length > 1) element.text += text;
  }

  #closed(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    if (this.#open.length === 1) {
      this.#parts.push({ type: 'child', element });
      this.#pendingLength = 0;
    } else if (this.#open.length > 1) {
      this.#open.at(-1)?.children.push(element);
    }
  }
}

const MAX_DEPTH = 32;
const MAX_NAME_LENGTH = 256;
const MAX_ATTRIBUTES = 64;
const MAX_ELEMENTS = 20_000_000;
const MAX_CHILD_LENGTH = 64 * 1024 * 1024;
