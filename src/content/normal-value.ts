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
export function normaliseValues({ name, value }: ContentLine): readonly string[] {
  return FORMS.get(name)?.(value) ?? [value];
}

const list = (value: string): readonly string[] => splitAtCommas(value).map(normaliseEscapes);
const text = (value: string): readonly string[] => [normaliseEscapes(value)];
const rule = (value: string): readonly string[] => [value.toUpperCase().split(';').sort().join(';')];
/** Of contacts. Empty parts at the end say nothing; SOGo cuts them. */
const structured = (value: string): readonly string[] => [withoutEmptyEnd(value)];

const FORMS: ReadonlyMap<string, (value: string) => readonly string[]> = new Map([
  ['CATEGORIES', list],
  ['RESOURCES', list],
  ['EXDATE', list],
  ['RDATE', list],
  ['SUMMARY', text],
  ['DESCRIPTION', text],
  ['LOCATION', text],
  ['COMMENT', text],
  ['CONTACT', text],
  ['NOTE', text],
  ['FN', text],
  ['TITLE', text],
  ['RRULE', rule],
  ['EXRULE', rule],
  ['N', structured],
  ['ADR', structured],
  ['ORG', structured],
]);

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
