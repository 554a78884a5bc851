import { describe, expect, test } from 'vitest';
import { StorageError } from '../../../src/model/errors.ts';
import { href } from '../../../src/model/names.ts';
import { Addresses, segmentFromEnd } from '../../../src/storage/dav/addresses.ts';

const ASKED = 'https://dav.example.com/alice/work/';
const work = href('/alice/work/');
const addresses = (): Addresses => new Addresses('https://dav.example.com');

describe('addresses', () => {
  test.each([
    ['/alice/work/', '/alice/work/'],
    ['/alice/work', '/alice/work/'],
    ['//alice//work/', '/alice/work/'],
    ['https://dav.example.com/alice/work/', '/alice/work/'],
    ['http://DAV.example.com:8080/alice/work/', '/alice/work/'],
    ['https://p42.example.net/alice/work/', 'https://p42.example.net/alice/work/'],
    ['/alice%40example.com/', '/alice%40example.com/'],
    ['/alice@example.com/', '/alice%40example.com/'],
    ['/%c3%a9/', '/%C3%A9/'],
    ['/é/', '/%C3%A9/'],
    ['/%7ealice/', '/~alice/'],
    ['/a%E9/', '/a%E9/'],
    ['/a%e9/', '/a%E9/'],
    ['/a/../b/', undefined],
    ['/a/%2e%2e/b/', undefined],
    ['/a%2fb/', undefined],
    ['/a%00b/', undefined],
    ['https://user:pass@[/', undefined],
  ])('E15 the collection %s is %s', (written, normal) => {
    expect(addresses().collection(written, ASKED)).toBe(normal);
  });

  test.each(['/alice/work/a%40example.com.ics', '/alice/work/%40.ics', '/alice/work/a.ics'])(
    'E15 the member %s is written as it is',
    (written) => {
      const known = addresses();
      expect(known.member(work, written)).toEqual({ type: 'item', href: written });
      expect(known.itemUrl(work, href(written))).toBe(`https://dav.example.com${written}`);
    },
  );

  test('E15 requests use the spelling of the server', () => {
    const known = addresses();
    const collection = known.collection('/alice@example.com/', ASKED);
    expect(collection && known.url(collection)).toBe('https://dav.example.com/alice@example.com/');
    expect(known.url(href('/bob%40example.com/'))).toBe('https://dav.example.com/bob%40example.com/');
  });

  test.each([
    ['/alice/work/1.ics', '/alice/work/1.ics'],
    ['1.ics', '/alice/work/1.ics'],
    ['a%3Ab.ics', '/alice/work/a%3Ab.ics'],
    ['a:b.ics', '/alice/work/a%3Ab.ics'],
    ['http://dav.example.com/alice/work/1.ics', '/alice/work/1.ics'],
    ['/alice/work/a b#c?d"e\\f.ics', '/alice/work/a%20b%23c%3Fd%22e%5Cf.ics'],
    ["/alice/work/it's!.ics", "/alice/work/it's!.ics"],
  ])('E15 the item %s is %s', (written, normal) => {
    expect(addresses().member(work, written)).toEqual({ type: 'item', href: normal });
  });

  test.each([
    ['/alice/work/', 'itself'],
    ['/alice/work', 'itself'],
    ['/alice/work/sub/', 'below'],
    ['/alice/work/sub/1.ics', 'below'],
    ['/alice/workshop/1.ics', 'foreign'],
    ['/alice/', 'foreign'],
    ['/bob/work/1.ics', 'foreign'],
    ['https://evil.example/alice/work/1.ics', 'foreign'],
    ['//evil.example/x.ics', 'foreign'],
    ['/alice/work/..%2f..%2fbob%2f1.ics', 'foreign'],
    ['/alice/work/%2e%2e', 'foreign'],
    ['/alice/work/../other/1.ics', 'foreign'],
    ['', 'itself'],
  ])('E16 %j is %s', (written, type) => {
    expect(addresses().member(work, written).type).toBe(type);
  });

  test('S8 no request leaves the collection', () => {
    for (const bad of [
      '/alice/other/1.ics',
      '/alice/work/',
      '/alice/work/..',
      '/alice/work/%2e%2e/x',
      '/alice/work/a%2Fb',
    ]) {
      expect(() => addresses().itemUrl(work, href(bad)), bad).toThrow(StorageError);
    }
    expect(addresses().itemUrl(work, href('/alice/work/a%20b.ics'))).toBe(`${ASKED}a%20b.ics`);
  });

  test('S9 items of a collection elsewhere are asked for there', () => {
    const known = addresses();
    const there = href('https://p42.example.net/alice/work/');
    expect(known.member(there, '/alice/work/1.ics')).toEqual({ type: 'item', href: '/alice/work/1.ics' });
    expect(known.itemUrl(there, href('/alice/work/1.ics'))).toBe('https://p42.example.net/alice/work/1.ics');
    expect(known.child(there, 'a b.ics')).toBe('/alice/work/a%20b.ics');
    expect(known.childCollection(there, 'a b')).toBe('https://p42.example.net/alice/work/a%20b/');
  });

  test('an id is a segment, decoded once', () => {
    expect(segmentFromEnd(href('/alice/%2541%20b/'), 1)).toBe('%41 b');
    expect(segmentFromEnd(href('https://p42.example.net/alice/work/events/'), 2)).toBe('work');
    expect(segmentFromEnd(href('/'), 1)).toBeUndefined();
  });
});
