/** Events of about a kilobyte, as calendars have them: with a time zone, people, an alarm. */
export const eventText = (n: number, title = `Meeting ${n}`): string =>
  calendarText([...ZONE, ...eventLines(n, title)]);

/** A feed of so many of them. */
export const feedText = (count: number): string =>
  calendarText([...ZONE, ...Array.from({ length: count }, (_, n) => eventLines(n, `Meeting ${n}`)).flat()]);

const calendarText = (lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//bench//EN', ...lines, 'END:VCALENDAR']
    .map((line) => `${line}\r\n`)
    .join('');

const ZONE: readonly string[] = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  ...['BEGIN:DAYLIGHT', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'TZNAME:CEST', 'DTSTART:19700329T020000'],
  ...['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'END:DAYLIGHT'],
  ...['BEGIN:STANDARD', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'TZNAME:CET', 'DTSTART:19701025T030000'],
  ...['RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', 'END:STANDARD'],
  'END:VTIMEZONE',
];

function eventLines(n: number, title: string): readonly string[] {
  const day = String(1 + (n % 28)).padStart(2, '0');
  const month = String(1 + (n % 12)).padStart(2, '0');
  return [
    'BEGIN:VEVENT',
    `UID:bench-${n}@example.com`,
    'DTSTAMP:20260101T000000Z',
    'CREATED:20260101T000000Z',
    `DTSTART;TZID=Europe/Berlin:2026${month}${day}T100000`,
    `DTEND;TZID=Europe/Berlin:2026${month}${day}T110000`,
    `SUMMARY:${title}`,
    `LOCATION:Room ${n % 40}\\, second floor`,
    'DESCRIPTION:What was decided last time\\, who does what until then\\, and',
    '  what is still open.\\nPlease bring the figures of the last quarter.',
    'ORGANIZER;CN=One:mailto:one@example.com',
    'ATTENDEE;CN=Two;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:two@example.com',
    'ATTENDEE;CN=Three;PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT:mailto:three@e',
    ' xample.com',
    'CATEGORIES:WORK,MEETING',
    ...(n % 5 === 0 ? ['RRULE:FREQ=WEEKLY;COUNT=10'] : []),
    ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:Reminder', 'TRIGGER:-PT15M', 'END:VALARM'],
    'SEQUENCE:0',
    'STATUS:CONFIRMED',
    'END:VEVENT',
  ];
}
