import { inspect } from 'node:util';

/**
 * A secret. However it is shown (in a message, in JSON, by `console.log` or a debugger's view) it reads `[secret]`;
 * only `reveal` gives the text, and belongs where the text is put on its way.
 */
export class Redacted {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

const SHOWN = '[secret]';
