import { type ContentLine, parametersOf } from '../content-line.ts';
import { decodeQuotedPrintable } from '../summary.ts';
import { timeZoneOf } from '../time-zone.ts';

/** What a line says, for a person: without escapes and encodings, with dates and durations that can be read. */
export function readableLine(line: ContentLine): string {
  if (line.name === '') return line.value;
  const details = parametersOf(line)
    .filter(({ name, values }) => !isTechnical(name, values))
    .map(({ name, values }) => (name === '' || name === 'TYPE' ? '' : `${name} `) + values.join(', '));
  const value = readableValue(line);
  return details.length === 0 ? value : `${value} (${details.join('; ')})`;
}

/** `20240301T100000` as `2024-03-01 10:00`, with its zone; anything else as it is. */
export function readableTime(line: ContentLine, value: string): string {
  const found = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(Z?))?$/i.exec(value.trim());
  if (found === null) return value;
  const [, year, month, day, hour, minute, second, utc] = found;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return date;
  const zone = utc === '' ? timeZoneOf(line) : 'UTC';
  return `${date} ${hour}:${minute}${second === '00' ? '' : `:${second}`}${zone === undefined ? '' : ` ${zone}`}`;
}

function isTechnical(name: string, values: readonly string[]): boolean {
  return TECHNICAL.has(name) || (name === '' && /^(?:QUOTED-PRINTABLE|BASE64|[78]BIT)$/i.test(values[0] ?? ''));
}

const TECHNICAL: ReadonlySet<string> = new Set(['CHARSET', 'ENCODING', 'TZID', 'VALUE', 'FMTTYPE', 'SCHEDULE-STATUS']);

function readableValue(line: ContentLine): string {
  const { name, value, parameters } = line;
  if (name === 'BDAY' || name === 'ANNIVERSARY') return readableTime(line, value);
  // Of Apple's own labels, the word.
  if (name === 'X-ABLABEL') return unescaped(value).replace(/^_\$!<(.*)>!\$_$/, '$1');
  if (TIMES.has(name))
    return value
      .split(',')
      .map((part) => readablePeriod(line, part))
      .join(', ');
  if (/(?:^|[;=])"?(?:B|BASE64)"?(?:;|$)/i.test(parameters) || /^data:/i.test(value)) {
    return `binary data, about ${Math.ceil((value.length * 3) / 4)} bytes`;
  }
  if (name === 'ATTENDEE' || name === 'ORGANIZER') return value.replace(/^mailto:/i, '');
  const text = /QUOTED-PRINTABLE/i.test(parameters) ? decodeQuotedPrintable(value) : value;
  if (!STRUCTURED.has(name)) return unescaped(text);
  const parts = text.match(/(?:\\[\s\S]|[^\\;])+/g) ?? [];
  return parts
    .map((part) => unescaped(part).trim())
    .filter((part) => part !== '')
    .join(', ');
}

const STRUCTURED: ReadonlySet<string> = new Set(['N', 'ADR', 'ORG']);

const TIMES: ReadonlySet<string> = new Set([
  'ACKNOWLEDGED',
  'COMPLETED',
  'CREATED',
  'DTEND',
  'DTSTAMP',
  'DTSTART',
  'DUE',
  'DURATION',
  'EXDATE',
  'FREEBUSY',
  'LAST-MODIFIED',
  'RDATE',
  'RECURRENCE-ID',
  'REV',
  'TRIGGER',
]);

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

function readablePeriod(line: ContentLine, value: string): string {
  return value
    .split('/')
    .map((part) => readableDuration(part, line.name === 'TRIGGER') ?? readableTime(line, part))
    .join(' – ');
}

/** `-PT1H30M` as `1 h 30 min before`. */
function readableDuration(value: string, isTrigger: boolean): string | undefined {
  const found = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(value.trim());
  if (found === null) return undefined;
  const sign = found[1];
  const parts = found
    .slice(2)
    .flatMap((count, at) =>
      count === undefined || Number(count) === 0 ? [] : [inUnit(Number(count), UNITS[at] ?? '')],
    );
  if (parts.length === 0) return isTrigger ? 'at the time itself' : '0 min';
  const size = parts.join(' ');
  if (isTrigger) return `${size} ${sign === '-' ? 'before' : 'after'}`;
  return sign === '-' ? `-${size}` : size;
}

const UNITS: readonly string[] = ['week', 'day', 'h', 'min', 's'];

function inUnit(count: number, unit: string): string {
  const isWord = unit === 'week' || unit === 'day';
  return `${count} ${unit}${isWord && count > 1 ? 's' : ''}`;
}
