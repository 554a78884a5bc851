import { type ContentLine, parametersOf } from './content-line.ts';
import { DATE_PROPERTIES } from './normal-value.ts';
import { remembered } from './remembered.ts';

/**
 * The parameters of a line in one form for all that mean the same: names in upper case and in order, values without
 * needless quotes, the words of the standards in upper case. The lists of TYPE in order, however they are given:
 * `TYPE=a,b`, `TYPE=a;TYPE=b`, or bare as in vCard 2.1. Left out are VALUE=DATE-TIME where it is the default, and
 * SCHEDULE-STATUS, with which a server says what became of an invitation (RFC 6638 7.3).
 */
export function normaliseParameters(line: ContentLine): string {
  if (line.parameters === '') return '';
  return DATE_PROPERTIES.has(line.name) ? ofDate(line.parameters) : ofOther(line.parameters);
}

const ofDate = remembered((parameters) => normalise(parameters, true));
const ofOther = remembered((parameters) => normalise(parameters, false));

function normalise(parameters: string, isDate: boolean): string {
  const types = new Set<string>();
  const texts: string[] = [];
  for (const { name, values } of parametersOf({ parameters })) {
    if (name === 'SCHEDULE-STATUS') continue;
    const words = CASELESS.has(name) || name === '' ? values.map((value) => value.trim().toUpperCase()) : values;
    if (name === 'TYPE' || (name === '' && !words.some((word) => ENCODINGS.has(word)))) {
      // vCard 4.0 quotes a list of types as a whole.
      for (const type of words.flatMap((word) => word.split(','))) types.add(type);
    } else if (!(name === 'VALUE' && words[0] === 'DATE-TIME' && isDate)) {
      texts.push(`;${name === '' ? 'ENCODING' : name}="${words.join('","')}"`);
    }
  }
  if (types.size > 0) texts.push(`;TYPE="${[...types].sort().join('","')}"`);
  return texts.sort().join('');
}

/** Parameters whose values are words of a standard, of which RFC 5545 2 and RFC 6350 3.3 say that case means nothing. */
const CASELESS: ReadonlySet<string> = new Set([
  'CHARSET',
  'CUTYPE',
  'ENCODING',
  'FBTYPE',
  'LANGUAGE',
  'PARTSTAT',
  'RANGE',
  'RELATED',
  'RELTYPE',
  'ROLE',
  'RSVP',
  'SCHEDULE-AGENT',
  'TYPE',
  'VALUE',
]);

const ENCODINGS: ReadonlySet<string> = new Set(['QUOTED-PRINTABLE', 'BASE64', '7BIT', '8BIT']);
