import { describe, expect, it } from 'vitest';
import { problemOf } from '../../src/content/inspect.ts';
import { itemText } from '../support/item-text.ts';

describe('what a strict parser makes of an item', () => {
  it('finds nothing wrong with sound items, whatever their line ends', () => {
    for (const kind of ['calendar', 'address-book'] as const) {
      const text = itemText(kind, 'one', 'One');
      expect(problemOf(text, kind)).toBeUndefined();
      expect(problemOf(text.replaceAll('\r\n', '\n'), kind)).toBeUndefined();
      expect(problemOf(`\uFEFF${text}`, 'calendar') === undefined).toBe(kind === 'calendar');
    }
  });

  it('names what servers check', () => {
    const event = itemText('calendar', 'one', 'One');
    const card = itemText('address-book', 'one', 'One');
    expect(problemOf(event.replace(/DTSTART.*\r\n/, ''), 'calendar')).toBe('a VEVENT has no DTSTART');
    expect(problemOf(event.replace(/UID.*\r\n/, ''), 'calendar')).toBe('a VEVENT has no UID');
    expect(problemOf(event.replace(/PRODID.*\r\n/, ''), 'calendar')).toBe('the calendar has no PRODID');
    expect(problemOf(event.replace('BEGIN:VEVENT', 'METHOD:REQUEST\r\nBEGIN:VEVENT'), 'calendar')).toContain('METHOD');
    expect(problemOf(card.replace(/FN:.*\r\n/, ''), 'address-book')).toBe('the card has no FN');
    expect(problemOf(card.replace(/N:One;.*\r\n/, ''), 'address-book')).toBe('the card has no N');
  });

  it('says that a text is not well-formed without a word of it', () => {
    const text = itemText('calendar', 'one', 'Secret').replace('SUMMARY:', 'SUMMARY');
    expect(problemOf(text, 'calendar')).toBe('it is not well-formed iCalendar');
    expect(problemOf('Secret', 'address-book')).toBe('it is not well-formed vCard');
  });

  it('does not look at very long texts', () => {
    expect(problemOf('x'.repeat(1_000_001), 'calendar')).toBeUndefined();
  });
});
