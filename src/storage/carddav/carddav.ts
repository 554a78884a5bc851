import { davType } from '../dav/dav-type.ts';
import type { Dialect } from '../dav/dialect.ts';
import { mkcol } from '../dav/request-body.ts';
import { xmlName } from '../dav/xml-name.ts';

const addressBook = xmlName('card', 'addressbook');

export const carddav: Dialect = {
  kind: 'address-book',
  protocol: 'CardDAV',
  collectionType: addressBook,
  homeSet: xmlName('card', 'addressbook-home-set'),
  data: xmlName('card', 'address-data'),
  multiget: xmlName('card', 'addressbook-multiget'),
  query: xmlName('card', 'addressbook-query'),
  queryFilter: { 'card:filter': {} },
  properties: new Map([
    ['displayname', xmlName('d', 'displayname')],
    ['description', xmlName('card', 'addressbook-description')],
  ]),
  contentType: 'text/vcard; charset=utf-8',
  itemTypes: /^(text\/(x-)?vcard|text\/directory|application\/octet-stream)\b/i,
  extension: 'vcf',
  makeCollection: { method: 'MKCOL', body: mkcol([xmlName('d', 'collection'), addressBook]) },
  service: 'carddav',
};

export const carddavType = davType('carddav', carddav);
