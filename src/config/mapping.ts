import { collectionId, href } from '../model/names.ts';
import type { NamedCollection, NamedMapping } from '../model/rules.ts';
import { SIDES, type Side } from '../model/sides.ts';
import { type Block, isMissing, readBlock, required } from './block.ts';
import { COLLECTION } from './directives.ts';
import { checkCollectionId, checkForm } from './form.ts';
import type { Place } from './mistake.ts';
import type { Reading } from './reading.ts';
import type { SyntaxNode } from './syntax.ts';
import { oneWord } from './words.ts';

interface PlacedMapping {
  readonly at: Place;
  readonly mapping: NamedMapping;
}

/** The collections that a pair names itself. No name and no collection of a side may be there twice. */
export function readMappings(block: Block, reading: Reading): readonly NamedMapping[] {
  const placed = block.all('collection').flatMap((node): readonly PlacedMapping[] => {
    const mapping = readMapping(node, reading);
    return mapping === undefined ? [] : [{ at: node.at, mapping }];
  });
  for (const [index, { at, mapping }] of placed.entries()) {
    const doubled = twice(mapping, placed.slice(0, index));
    if (doubled !== undefined) reading.mistake(at, doubled);
  }
  return placed.map(({ mapping }) => mapping);
}

function twice(mapping: NamedMapping, earlier: readonly PlacedMapping[]): string | undefined {
  for (const { at, mapping: other } of earlier) {
    const where = `already in line ${at.line}`;
    const side = SIDES.find((candidate) => isSame(mapping.sides[candidate], other.sides[candidate]));
    if (side !== undefined) return `collection ${nameOf(mapping.sides[side])} of storage_${side} is mapped ${where}`;
    if (mapping.name === other.name) return `a collection is called "${mapping.name}" ${where}`;
  }
  return undefined;
}

const nameOf = (collection: NamedCollection): string =>
  `"${collection.type === 'id' ? collection.id : collection.href}"`;

const isSame = (one: NamedCollection, other: NamedCollection): boolean =>
  one.type === other.type && nameOf(one) === nameOf(other);

function readMapping(node: SyntaxNode, reading: Reading): NamedMapping | undefined {
  if (node.block === undefined) {
    const id = oneWord(
      node,
      'collection ID, or collection { alias NAME; id_a ID; id_b ID }',
      checkCollectionId,
      reading,
    );
    if (id === undefined) return undefined;
    const collection: NamedCollection = { type: 'id', id: collectionId(id) };
    return { name: id, sides: { a: collection, b: collection } };
  }
  if (node.words.length > 0) {
    return reading.mistake(node.at, '"collection" has an id and a block; it takes one of them');
  }
  const inside = { what: '"collection"', at: node.at, whole: node.whole, nodes: node.block };
  const block = readBlock(inside, COLLECTION, reading);
  const aliasNode = required(block, 'alias', reading);
  const alias = aliasNode && oneWord(aliasNode, 'alias NAME', checkCollectionId, reading);
  const a = readCollection(block, 'a', reading);
  const b = readCollection(block, 'b', reading);
  if (alias === undefined || a === undefined || b === undefined) return undefined;
  return { name: alias, sides: { a, b } };
}

function readCollection(block: Block, side: Side, reading: Reading): NamedCollection | undefined {
  const byId = block.one(`id_${side}`);
  const byHref = block.one(`href_${side}`);
  if (byId !== undefined && byHref !== undefined) {
    return reading.mistake(byHref.at, `"collection" takes one of "id_${side}" and "href_${side}", not both`);
  }
  if (byId !== undefined) {
    const id = oneWord(byId, `id_${side} ID`, checkCollectionId, reading);
    return id === undefined ? undefined : { type: 'id', id: collectionId(id) };
  }
  if (byHref !== undefined) {
    const address = oneWord(byHref, `href_${side} HREF`, (text) => checkForm(text, { form: 'text' }), reading);
    return address === undefined ? undefined : { type: 'href', href: href(address) };
  }
  if (!isMissing(block, [`id_${side}`, `href_${side}`])) return undefined;
  return reading.mistake(block.at, `"collection" needs "id_${side}" or "href_${side}"`);
}
