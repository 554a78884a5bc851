import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement } from '../../../src/storage/dav/xml.ts';
import { XmlError } from '../../../src/storage/dav/xml-text.ts';
import { chunksOf } from '../../support/chunks.ts';

async function childrenIn(text: string, size?: number): Promise<readonly XmlElement[]> {
  const children: XmlElement[] = [];
  for await (const parts of readXml(chunksOf(text, size), undefined)) {
    for (const part of parts) if (part.type === 'child') children.push(part.element);
  }
  return children;
}

const textIn = async (inner: string): Promise<string | undefined> =>
  (await childrenIn(`<r><a>${inner}</a></r>`))[0]?.text;

describe('XML from a server', () => {
  test('names are told apart by namespace, not by prefix', async () => {
    const [one, two, three] = await childrenIn(
      '<x:r xmlns:x="DAV:"><displayname xmlns="DAV:"/><x:displayname/><displayname xmlns="urn:other"/></x:r>',
    );
    expect([one?.name, two?.name, three?.name]).toEqual([
      '{DAV:}displayname',
      '{DAV:}displayname',
      '{urn:other}displayname',
    ]);
  });

  test.each([
    ['2024', '2024'],
    ['  1.10 ', '  1.10 '],
    ['true', 'true'],
    ['1e3', '1e3'],
    ['X<!-- c -->Y', 'XY'],
    ['text <![CDATA[and <more>]]> of it', 'text and <more> of it'],
    ['<![CDATA[a]]]]><![CDATA[>b]]>', 'a]]>b'],
    ['&lt;&amp;&gt;&quot;&apos;&#233;&#x1F600;', '<&>"\'é😀'],
    ['a&#13;\nb', 'a\r\nb'],
    ['a\r\nb', 'a\nb'],
  ])('the text %j is %j', async (written, text) => {
    expect(await textIn(written)).toBe(text);
  });

  const whole = '<?xml version="1.0"?><r><a x="1">one</a><b>two</b></r>\n';

  test('every cut of a document is an error', async () => {
    expect(await childrenIn(whole)).toHaveLength(2);
    for (let length = 0; length < whole.length - 1; length++) {
      await expect(childrenIn(whole.slice(0, length), 5), `cut at ${length}`).rejects.toThrow(XmlError);
    }
  });

  test.each([
    ['an unknown entity', '<r>&nbsp;</r>'],
    ['an entity named like a member of objects', '<r>&constructor;</r>'],
    ['a control character by reference', '<r><a>&#1;</a></r>'],
    ['an unbound prefix', '<r><x:a/></r>'],
    ['an attribute twice', '<r><a b="1" b="2"/></r>'],
    ['two roots', '<r/><r/>'],
    ['a lone ampersand', '<r>a & b</r>'],
    ['text', 'Internal error'],
    ['nothing', ''],
    ['a DOCTYPE', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'],
    ['HTML', '<!doctype html><html><body>Log in</body></html>'],
    ['an external entity', '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x"><r/>'],
  ])('X1 %s is refused', async (_, text) => {
    await expect(childrenIn(text)).rejects.toThrow(XmlError);
  });

  test('X2 depth, names and attributes are bounded', async () => {
    const nested = (depth: number): string => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
    expect(await childrenIn(nested(32))).toHaveLength(1);
    await expect(childrenIn(nested(33))).rejects.toThrow(XmlError);
    await expect(childrenIn(nested(100_000), 65_536)).rejects.toThrow(XmlError);
    await expect(childrenIn(`<r><${'n'.repeat(300)}/></r>`)).rejects.toThrow(XmlError);
    const attributes = Array.from({ length: 100 }, (_, index) => `a${index}="1"`).join(' ');
    await expect(childrenIn(`<r><a ${attributes}/></r>`)).rejects.toThrow(XmlError);
  });

  test('X2 an element may be called as members of objects are', async () => {
    const [one, two] = await childrenIn('<r><__proto__ constructor="1">a</__proto__><constructor/></r>');
    expect(one).toMatchObject({ name: '{}__proto__', text: 'a' });
    expect(two?.name).toBe('{}constructor');
  });

  test('a part is there before the document ends', async () => {
    let delivered = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`<r>${' '.repeat(300)}<a>1</a>`);
      expect(delivered).toBe(1);
      yield Buffer.from('<a>2</a></r>');
    }
    for await (const parts of readXml(body(), undefined)) {
      delivered += parts.filter(({ type }) => type === 'child').length;
    }
    expect(delivered).toBe(2);
  });
});
