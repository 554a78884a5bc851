import { describe, expect, test } from 'vitest';
import { isAllowed, isLoopback } from '../../src/system/origins.ts';

describe('origins', () => {
  const policy = {
    origin: 'https://dav.example.com',
    allowOrigins: ['https://*.icloud.example', 'https://other.example:8443'],
  };

  test.each([
    ['https://dav.example.com/x', true],
    ['https://dav.example.com:443/x', true],
    ['https://dav.example.com:8443/x', false],
    ['http://dav.example.com/x', false],
    ['https://dav.example.com.evil.example/', false],
    ['https://evil.example/dav.example.com', false],
    ['https://p42.icloud.example/', true],
    ['https://a.b.icloud.example/', true],
    ['https://icloud.example/', false],
    ['https://evilicloud.example/', false],
    ['http://p42.icloud.example/', false],
    ['https://p42.icloud.example:444/', false],
    ['https://other.example:8443/', true],
    ['https://other.example/', false],
    ['file:///etc/passwd', false],
  ])('S9 %s: %s', (url, allowed) => {
    expect(isAllowed(new URL(url), policy)).toBe(allowed);
  });

  test('S9 http may lead to https on its own host, at the port that belongs to it', () => {
    const plain = { origin: 'http://dav.example.com', allowOrigins: [] };
    expect(isAllowed(new URL('https://dav.example.com/'), plain)).toBe(true);
    expect(isAllowed(new URL('https://dav.example.com:8443/'), plain)).toBe(false);
    expect(isAllowed(new URL('https://www.dav.example.com/'), plain)).toBe(false);
  });

  test('S9 a malformed pattern allows nothing', () => {
    for (const pattern of ['*', 'https://', 'https://*', '', 'example.com', 'https://*.*.com', 'https://[']) {
      expect(isAllowed(new URL('https://evil.com/'), { origin: undefined, allowOrigins: [pattern] })).toBe(false);
    }
  });

  test('S11 what counts as this host itself', () => {
    for (const host of ['localhost', 'LOCALHOST', 'dav.localhost', '127.0.0.1', '127.9.9.9', '[::1]']) {
      expect(isLoopback(host)).toBe(true);
    }
    for (const host of ['127.0.0.1.example.com', 'localhost.example.com', '10.0.0.1', '[::2]', 'example.com']) {
      expect(isLoopback(host)).toBe(false);
    }
  });
});
