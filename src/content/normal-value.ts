import type { ContentLine } from './content-line.ts';

/** Properties that hold a date and time unless VALUE says otherwise. */
export const DATE_PROPERTIES: ReadonlySet<string> = new Set([
  'DTSTART',
  'DTEND',
  'DUE',
  'COMPLETED',
  'EXDATE',
  'RDATE',
  'RECURRENCE-ID',
]);

/**
 * The value of a line in one form for all that mean the same. More than one where the value is a list whose order and
 * lines mean nothing, since servers split and join them: CATEGORIES, RESOURCES, EXDATE, RDATE.
 */
export function normaliseValues(line: ContentLine): readonly string[] {
  const { name, value } = line;
  if (LISTS.has(name)) return splitAtCommas(value).map(normaliseEscapes);
  if (TEXTS.has(name)) return [normaliseEscapes(value)];
  if (RULES.has(name)) return [value.toUpperCase().split(';').sort().join(';')];
  // Empty parts at the end say nothing; SOGo cuts them.
  if (STRUCTURED.has(name)) return [withoutEmptyEnd(value)];
  return [value];
}

const LISTS: ReadonlySet<string> = new Set(['CATEGORIES', 'RESOURCES', 'EXDATE', 'RDATE']);
const TEXTS: ReadonlySet<string> = new Set([
  'SUMMARY',
  'DESCRIPTION',
  'LOCATION',
  'COMMENT',
  'CONTACT',
  'NOTE',
  'FN',
  'TITLE',
]);
const RULES: ReadonlySet<string> = new Set(['RRULE', 'EXRULE']);
/** Of contacts. */
const STRUCTURED: ReadonlySet<string> = new Set(['N', 'ADR', 'ORG']);

/** One text, as RFC 5545 3.3.11 wants it escaped; some programs escape too little, some too much. */
function normaliseEscapes(value: string): string {
  if (!/[\\,;]/.test(value)) return value;
  return value.replace(/\\[\s\S]|[,;]/g, (found) => ESCAPES.get(found) ?? found);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  [',', '\\,'],
  [';', '\\;'],
  ['\\N', '\\n'],
  ['\\:', ':'],
  ['\\"', '"'],
]);

function withoutEmptyEnd(value: string): string {
  let end = value.length;
  while (value[end - 1] === ';' && value[end - 2] !== '\\') end--;
  return value.slice(0, end);
}

function splitAtCommas(value: string): readonly string[] {
  return value.includes('\\') ? (value.match(/(?:\\[\s\S]|[^\\,])+/g) ?? ['']) : value.split(',');
}
