import type { PropertyName } from '../../model/collection.ts';
import type { Kind } from '../../model/item.ts';
import type { XmlBody } from './request-body.ts';
import type { XmlName } from './xml-name.ts';

/** In what CalDAV (RFC 4791) and CardDAV (RFC 6352) differ. */
export interface Dialect {
  readonly kind: Kind;
  readonly protocol: 'CalDAV' | 'CardDAV';
  /** What a collection of this kind has in its resourcetype. */
  readonly collectionType: XmlName;
  readonly homeSet: XmlName;
  /** The property that holds an item's text. */
  readonly data: XmlName;
  readonly multiget: XmlName;
  readonly query: XmlName;
  /** A filter that all items pass. */
  readonly queryFilter: XmlBody;
  readonly properties: ReadonlyMap<PropertyName, XmlName>;
  /** Of what we send. */
  readonly contentType: string;
  /** Of what is taken for an item when it is listed; what has no type is taken for one too. */
  readonly itemTypes: RegExp;
  readonly extension: string;
  readonly makeCollection: { readonly method: 'MKCALENDAR' | 'MKCOL'; readonly body: XmlBody | undefined };
  /** `/.well-known/NAME`, and the service of SRV records, with an `s` for TLS (RFC 6764). */
  readonly service: 'caldav' | 'carddav';
}
