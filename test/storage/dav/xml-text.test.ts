import { describe, expect, test } from 'vitest';
import { XmlError, xmlText } from '../../../src/storage/dav/xml-text.ts';
import { chunksOf } from '../../support/chunks.ts';

async function textOf(body: string | Uint8Array, type?: string, size?: number): Promise<string> {
  let text = '';
  for await (const part of xmlText(chunksOf(body, size), type)) text += part;
  return text;
}

const LONG = `<a>${'é'.repeat(300)}</a>`;
const utf16 = (text: string, mark: boolean): Buffer =>
  Buffer.concat([mark ? Buffer.from([0xff, 0xfe]) : Buffer.alloc(0), Buffer.from(text, 'utf16le')]);

describe('the text of XML', () => {
  test.each([1, 7, 199, 200, 201, 10_000])('is UTF-8 if nothing says otherwise, in chunks of %i', async (size) => {
    expect(await textOf(LONG, undefined, size)).toBe(LONG);
    expect(await textOf('<a>é</a>', undefined, size)).toBe('<a>é</a>');
  });

  test.each([
    ['by a mark', Buffer.from(`\ufeff${LONG}`), 'text/xml; charset=iso-8859-1'],
    ['by the header', Buffer.from(LONG, 'latin1'), 'text/xml; charset="ISO-8859-1"'],
    ['by the declaration', Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${LONG}`, 'latin1'), 'text/xml'],
    ['by the mark of UTF-16', utf16(LONG, true), undefined],
    ['by the first sign in UTF-16', utf16(LONG, false), 'application/xml'],
    ['by the first sign in UTF-16, the other way round', utf16(LONG, false).swap16(), 'application/xml'],
  ])('has its encoding %s', async (_, body, type) => {
    expect((await textOf(body, type)).endsWith(LONG)).toBe(true);
  });

  test('an unknown encoding is an error, not a guess', async () => {
    await expect(textOf('<a/>', 'text/xml; charset=klingon')).rejects.toThrow(XmlError);
  });

  test('white space in front is left out', async () => {
    expect(await textOf('\r\n\n  <a> b </a>\n', undefined, 1)).toBe('<a> b </a>\n');
  });

  test('what XML cannot hold, and what is no UTF-8, can be seen to be missing', async () => {
    expect(await textOf('<a>\u0001\u000b\ufffe\t\n</a>')).toBe('<a>\ufffd\ufffd\ufffd\t\n</a>');
    expect(await textOf(Buffer.from('<a>caf\xe9</a>', 'latin1'))).toBe('<a>caf\ufffd</a>');
  });
});
