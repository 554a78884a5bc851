import { expect, test } from 'vitest';
import { contentLines } from '../../src/content/content-line.ts';
import { isKnownTimeZone, timeZoneOf } from '../../src/content/time-zone.ts';

test('SI13 zones of the IANA data base are known, links and any case included', () => {
  for (const tzid of [
    'Europe/Berlin',
    'europe/berlin',
    'US/Eastern',
    'Asia/Calcutta',
    'Asia/Kolkata',
    'UTC',
    'Etc/GMT+5',
  ]) {
    expect([tzid, isKnownTimeZone(tzid)]).toEqual([tzid, true]);
  }
});

test('SI13 other names are not', () => {
  for (const tzid of [
    'W. Europe Standard Time',
    '/freeassociation.sourceforge.net/Europe/Berlin',
    '+01:00',
    '',
    'Custom',
  ]) {
    expect([tzid, isKnownTimeZone(tzid)]).toEqual([tzid, false]);
  }
});

test('the zone of a line is its TZID parameter', () => {
  const zoneOf = (text: string) => [...contentLines(text)].map(timeZoneOf)[0];
  expect(zoneOf('DTSTART;VALUE=DATE-TIME;tzid="(UTC+01:00) Berlin, Bern":20240101T100000')).toBe(
    '(UTC+01:00) Berlin, Bern',
  );
  expect(zoneOf('DTSTART;TZID=Berlin, Bern:20240101T100000')).toBe('Berlin, Bern');
  expect(zoneOf('DTSTART;X-TZIDS=a:20240101T100000')).toBeUndefined();
  expect(zoneOf('TZID:Europe/Berlin')).toBeUndefined();
});
