/** Items of a calendar that nobody has. */
export interface DemoEvent {
  readonly uid: string;
  readonly summary: string;
  /** `20260305T090000Z` */
  readonly start: string;
  readonly end: string;
}

export const BAKING: DemoEvent = {
  uid: 'bread-baking',
  summary: 'Bread baking',
  start: '20260305T170000Z',
  end: '20260305T190000Z',
};
export const DENTIST: DemoEvent = {
  uid: 'dentist',
  summary: 'Dentist',
  start: '20260309T080000Z',
  end: '20260309T083000Z',
};
export const CHOIR: DemoEvent = {
  uid: 'choir',
  summary: 'Choir practice',
  start: '20260310T183000Z',
  end: '20260310T203000Z',
};

export const textOf = ({ uid, summary, start, end }: DemoEvent): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//pimsync//demo//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260301T120000Z',
    `DTSTART:${start}`,
    `DTEND:${end}`,
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
