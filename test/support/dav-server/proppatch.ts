import { type Answer, bare, multistatus, type Propstat, propertyRow } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import { type Exchange, findResource, writtenHref } from './exchange.ts';
import { PROTECTED } from './properties.ts';
import { dav, splitName } from './xml-names.ts';
import { readXml, type XmlElement } from './xml-reader.ts';
import { element } from './xml-writer.ts';

/** `value: undefined` removes the property. */
export interface PropertyChange {
  readonly name: string;
  readonly value: string | undefined;
}

/** PROPPATCH (RFC 4918, section 9.2): all of it or nothing. */
export function proppatch(exchange: Exchange): Answer {
  const resource = findResource(exchange, exchange.path);
  if (resource.type === 'missing') return bare(404);
  if (resource.type !== 'collection' || !resource.collection.writable) return bare(403);
  const changes = propertyChanges(readXml(exchange.body));
  const refused = refusedNames(changes, exchange.behaviour);
  if (refused.size === 0 && !exchange.effects.includes('drop-write')) {
    for (const { name, value } of changes) {
      if (value === undefined) resource.collection.properties.delete(name);
      else resource.collection.properties.set(name, value);
    }
  }
  return multistatus([propertyRow(writtenHref(exchange, resource.path), changePropstats(changes, refused))]);
}

/** The changes in document order, of DAV:propertyupdate, or of the body of MKCALENDAR and extended MKCOL. */
export function propertyChanges(update: XmlElement): readonly PropertyChange[] {
  return update.children.flatMap((instruction) => {
    const removes = instruction.name === dav('remove');
    if (!removes && instruction.name !== dav('set')) return [];
    const properties = instruction.children
      .filter(({ name }) => name === dav('prop'))
      .flatMap(({ children }) => children);
    return properties.map(({ name, text }) => ({ name, value: removes ? undefined : text }));
  });
}

export const refusedNames = (changes: readonly PropertyChange[], behaviour: Behaviour): ReadonlySet<string> =>
  new Set(
    changes
      .map(({ name }) => name)
      .filter((name) => PROTECTED.has(name) || behaviour.refusedProperties.includes(splitName(name).local)),
  );

/** One refused property keeps all others from being set (424). */
export function changePropstats(changes: readonly PropertyChange[], refused: ReadonlySet<string>): readonly Propstat[] {
  const names = [...new Set(changes.map(({ name }) => name))];
  if (refused.size === 0) return [{ status: 200, properties: names.map((name) => element(name)) }];
  const others = names.filter((name) => !refused.has(name));
  return [
    { status: 403, properties: [...refused].map((name) => element(name)) },
    ...(others.length === 0 ? [] : [{ status: 424, properties: others.map((name) => element(name)) }]),
  ];
}
