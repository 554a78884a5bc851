import { expect, test } from 'vitest';
import { serviceUrls } from '../../../src/storage/dav/service-records.ts';

test.each([
  'http://example.com/',
  'https://example.com/dav/',
  'https://example.com:8443/',
  'https://localhost/',
  'https://dav.localhost/',
  'https://nas/',
  'https://127.0.0.1/',
  'https://[::1]/',
])('DNS is not asked about %s', async (url) => {
  const asked: string[] = [];
  expect(await serviceUrls(new URL(url), 'caldav', (_, message) => asked.push(message))).toEqual([]);
  expect(asked).toEqual([]);
});
