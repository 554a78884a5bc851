import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { parseKdl } from '../../src/config/kdl.ts';
import { type Shapes, shapesIn } from '../../src/config/shapes.ts';
import { declaredTypes } from './storage-types.ts';

const TEXT = `// a comment
status_path "/status"
storage one { type "vdir/icalendar"; path "/one"; interval 300; read_only; }
storage two {
  type caldav
  url "https://dav.example.com/"
  username hugo
  password "hush hush"
}
pair p { storage_a one; storage_b two; collections all; }
`;

const HOME = { directory: '/home/hugo', statusPath: '/s' };

describe('the remembered shape of a configuration', () => {
  let folder: string;
  let shapes: Shapes;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pimsync-shapes-'));
    shapes = shapesIn(join(folder, 'cache', 'config.json'), '1.0');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const nodesOf = (text: string) => {
    const kdl = parseKdl(text);
    return kdl.type === 'document' ? kdl.nodes : [];
  };

  it('is that of the parser', () => {
    expect(shapes.recall(TEXT)).toBeUndefined();
    shapes.keep(TEXT, nodesOf(TEXT));
    expect(shapes.recall(TEXT)).toEqual(nodesOf(TEXT));
  });

  it('holds no word of the text, and is for its owner only', () => {
    shapes.keep(TEXT, nodesOf(TEXT));
    const [name = ''] = readdirSync(join(folder, 'cache'));
    const kept = readFileSync(join(folder, 'cache', name), 'utf8');
    for (const word of ['hush', 'hugo', 'example', 'password', 'storage']) expect(kept).not.toContain(word);
    expect(statSync(join(folder, 'cache', name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'cache')).mode & 0o777).toBe(0o700);
  });

  it('is of no other text and of no other version of the program', () => {
    shapes.keep(TEXT, nodesOf(TEXT));
    expect(shapes.recall(`${TEXT} `)).toBeUndefined();
    expect(shapesIn(join(folder, 'cache', 'config.json'), '1.1').recall(TEXT)).toBeUndefined();
  });

  it('is not kept where a word is written in another way than it is meant', () => {
    for (const text of ['a "b\\nc"', 'a #"raw"#', '"a" b', 'a """\n  b\n  """']) {
      expect(nodesOf(text), text).toHaveLength(1);
      shapes.keep(text, nodesOf(text));
      expect(shapes.recall(text), text).toBeUndefined();
    }
  });

  it('is forgotten where its file cannot be read or written', () => {
    writeFileSync(join(folder, 'broken'), '{"key": ');
    expect(shapesIn(join(folder, 'broken'), '1.0').recall(TEXT)).toBeUndefined();
    const below = shapesIn(join(folder, 'broken', 'x', 'config.json'), '1.0');
    below.keep(TEXT, nodesOf(TEXT));
    expect(below.recall(TEXT)).toBeUndefined();
  });

  it('leads to the same configuration', async () => {
    const first = await readConfig(TEXT, 'pimsync.conf', declaredTypes, HOME, shapes);
    expect(first.type).toBe('config');
    expect(shapes.recall(TEXT)).toBeDefined();
    expect(await readConfig(TEXT, 'pimsync.conf', declaredTypes, HOME, shapes)).toEqual(first);
  });

  it('is not kept of a text with mistakes', async () => {
    await readConfig('statuspath "/x"', 'pimsync.conf', declaredTypes, HOME, shapes);
    expect(shapes.recall('statuspath "/x"')).toBeUndefined();
  });
});
