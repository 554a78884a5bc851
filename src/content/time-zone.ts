import { type ContentLine, parametersOf } from './content-line.ts';
import { remembered } from './remembered.ts';

/** The zone that a line refers to by its TZID parameter. */
export function timeZoneOf(line: ContentLine): string | undefined {
  if (!/TZID/i.test(line.parameters)) return undefined;
  // A comma in a name should be quoted, and often is not.
  return parametersOf(line)
    .find((parameter) => parameter.name === 'TZID')
    ?.values.join(',')
    .trim();
}

/**
 * Whether a TZID names a zone that every system knows by itself (the IANA data base, links such as `US/Eastern`
 * included), so that its VTIMEZONE says nothing new.
 */
export const isKnownTimeZone = remembered((tzid) => {
  canonical ??= new Set(Intl.supportedValuesOf('timeZone'));
  return canonical.has(tzid) || (/^[A-Za-z]\S*$/.test(tzid) && canFormatIn(tzid));
});

/** All zones but the links, in a tenth of the time that the first format takes. */
let canonical: ReadonlySet<string> | undefined;

/** Also of links, and in any case. */
function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
