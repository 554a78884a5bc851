import ICAL from 'ical.js';
import vcf from 'vcf';
import type { Kind } from '../model/item.ts';
import { withCrlf } from './content-line.ts';

/** Longer texts are not looked at: what parses them takes its time, and a photo is no mistake. In characters. */
const LONGEST = 1_000_000;

/**
 * What a strict parser makes of an item, for a message about one that a server refused without a reason; undefined
 * where it finds nothing wrong, or cannot tell. Never a reason to refuse an item ourselves. The parsers only look:
 * what they would print is not what was read.
 */
export function problemOf(text: string, kind: Kind): string | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    return kind === 'calendar' ? calendarProblem(text.replace(/^\uFEFF/, '')) : cardProblem(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return notWellFormed(kind);
  }
}

/** Whether a strict parser can read a text at all, whatever it would find in it. Of long ones nothing is known, so they pass. */
export function isWellFormed(text: string, kind: Kind): boolean {
  return problemOf(text, kind) !== notWellFormed(kind);
}

function notWellFormed(kind: Kind): string {
  return `it is not well-formed ${kind === 'calendar' ? 'iCalendar' : 'vCard'}`;
}

/** What RFC 5545, sections 3.6.1 to 3.6.3, demands and servers check. */
function calendarProblem(text: string): string | undefined {
  const calendar = new ICAL.Component(ICAL.parse(text));
  if (!calendar.hasProperty('version')) return 'the calendar has no VERSION';
  if (!calendar.hasProperty('prodid')) return 'the calendar has no PRODID';
  for (const component of calendar.getAllSubcomponents()) {
    const name = component.name.toUpperCase();
    if (name === 'VTIMEZONE') continue;
    if (!component.hasProperty('uid')) return `a ${name} has no UID`;
    if (name === 'VEVENT' && !component.hasProperty('dtstart')) return 'a VEVENT has no DTSTART';
    if (component.hasProperty('dtend') && component.hasProperty('duration')) return `a ${name} has DTEND and DURATION`;
  }
  return calendar.hasProperty('method') ? 'the calendar has a METHOD, which stored items may not have' : undefined;
}

/** What RFC 6350, section 6, or RFC 2426 demands and servers check. */
function cardProblem(text: string): string | undefined {
  const [card] = vcf.parse(withCrlf(text));
  if (card === undefined) return 'there is no vCard in it';
  if (card.get('fn') === undefined) return 'the card has no FN';
  if (card.version !== '4.0' && card.get('n') === undefined) return 'the card has no N';
  return undefined;
}
