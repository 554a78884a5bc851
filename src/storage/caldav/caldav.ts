import { davType } from '../dav/dav-type.ts';
import type { Dialect } from '../dav/dialect.ts';
import { xmlName } from '../dav/xml-name.ts';

export const caldav: Dialect = {
  kind: 'calendar',
  protocol: 'CalDAV',
  collectionType: xmlName('c', 'calendar'),
  homeSet: xmlName('c', 'calendar-home-set'),
  data: xmlName('c', 'calendar-data'),
  multiget: xmlName('c', 'calendar-multiget'),
  query: xmlName('c', 'calendar-query'),
  queryFilter: { 'c:filter': { 'c:comp-filter': { _attributes: { name: 'VCALENDAR' } } } },
  properties: new Map([
    ['displayname', xmlName('d', 'displayname')],
    ['color', xmlName('ca', 'calendar-color')],
    ['description', xmlName('c', 'calendar-description')],
    ['order', xmlName('ca', 'calendar-order')],
  ]),
  contentType: 'text/calendar; charset=utf-8',
  itemTypes: /^(text\/calendar|application\/octet-stream)\b/i,
  extension: 'ics',
  makeCollection: { method: 'MKCALENDAR', body: undefined },
  service: 'caldav',
};

export const caldavType = davType('caldav', caldav);
