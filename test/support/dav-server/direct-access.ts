import { must } from '../../../src/model/errors.ts';
import type { Kind } from '../../../src/model/item.ts';
import type { Content, StoredCollection } from './content.ts';
import type { Layout } from './exchange.ts';
import { DEFAULT_COMPONENTS } from './make-collection.ts';
import { asCollectionPath, canonicalPath, lastSegment, parentPath } from './paths.ts';
import { COLOR, DISPLAYNAME, ORDER } from './properties.ts';
import { caldav, carddav } from './xml-names.ts';

export interface GivenProperties {
  readonly displayname?: string;
  readonly color?: string;
  readonly description?: string;
  readonly order?: string;
}

/**
 * What the server holds, seen and changed behind its clients' backs, as another client would change it but without a
 * request and without any refusal. Paths are as in a URL; any spelling of one will do.
 */
export class DirectAccess {
  readonly #content: Content;
  readonly #layout: Layout;

  constructor(content: Content, layout: Layout) {
    this.#content = content;
    this.#layout = layout;
  }

  /** Makes a calendar in the first calendar home, or at a whole path; returns its path. */
  addCalendar(idOrPath: string, properties: GivenProperties = {}, components = DEFAULT_COMPONENTS): string {
    return this.#add('calendar', idOrPath, properties, components);
  }

  addAddressBook(idOrPath: string, properties: GivenProperties = {}): string {
    return this.#add('address-book', idOrPath, properties, []);
  }

  #add(kind: Kind, idOrPath: string, properties: GivenProperties, components: readonly string[]): string {
    const homes = kind === 'calendar' ? this.#layout.calendarHomes : this.#layout.addressBookHomes;
    const home = must(homes[0], 'a layout has a home of each kind');
    const path = asCollectionPath(canonicalPath(idOrPath.startsWith('/') ? idOrPath : home + idOrPath));
    const named = Object.entries(properties).map(([name, value]) => [propertyName(kind, name), String(value)] as const);
    this.#content.createCollection({ path, kind, components, properties: new Map(named) });
    return path;
  }

  removeCollection(path: string): void {
    if (!this.#content.removeCollection(asCollectionPath(canonicalPath(path))))
      throw new Error(`no collection ${path}`);
  }

  collections(): readonly { readonly path: string; readonly kind: Kind }[] {
    return this.#content.collections().map(({ path, kind }) => ({ path, kind }));
  }

  setWritable(path: string, writable: boolean): void {
    this.#collection(path).writable = writable;
  }

  /** Of a collection: displayname, color, description or order. */
  property(path: string, name: keyof GivenProperties): string | undefined {
    const collection = this.#collection(path);
    return collection.properties.get(propertyName(collection.kind, name));
  }

  setProperty(path: string, name: keyof GivenProperties, value: string | undefined): void {
    const { kind, properties } = this.#collection(path);
    if (value === undefined) properties.delete(propertyName(kind, name));
    else properties.set(propertyName(kind, name), value);
  }

  /** Texts by path, in the order in which they were created. */
  items(collectionPath: string): ReadonlyMap<string, string> {
    const { path, items } = this.#collection(collectionPath);
    return new Map([...items].map(([name, { text }]) => [path + name, text]));
  }

  text(path: string): string | undefined {
    const canonical = canonicalPath(path);
    return this.#content.collection(parentPath(canonical))?.items.get(lastSegment(canonical))?.text;
  }

  put(path: string, text: string): void {
    const canonical = canonicalPath(path);
    this.#content.put(this.#collection(parentPath(canonical)), lastSegment(canonical), text);
  }

  remove(path: string): void {
    const canonical = canonicalPath(path);
    const removed = this.#content.remove(this.#collection(parentPath(canonical)), lastSegment(canonical));
    if (!removed) throw new Error(`no item ${path}`);
  }

  #collection(path: string): StoredCollection {
    const collection = this.#content.collection(asCollectionPath(canonicalPath(path)));
    if (collection === undefined) throw new Error(`no collection ${path}`);
    return collection;
  }
}

function propertyName(kind: Kind, name: string): string {
  switch (name) {
    case 'displayname':
      return DISPLAYNAME;
    case 'color':
      return kind === 'calendar' ? COLOR : '{http://inf-it.com/ns/ab/}addressbook-color';
    case 'order':
      return ORDER;
    case 'description':
      return kind === 'calendar' ? caldav('calendar-description') : carddav('addressbook-description');
    default:
      throw new Error(`no property ${name}`);
  }
}
