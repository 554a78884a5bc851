import { describe, expect, test } from 'vitest';
import type { Item } from '../../src/model/item.ts';
import { fingerprint, href, ident } from '../../src/model/names.ts';
import { itemName } from '../../src/storage/item-name.ts';

const item = (uid: string): Item => ({ text: '', ident: ident(uid), fingerprint: fingerprint('x') });
const named = (uid: string, like?: string, attempt = 0, extension = 'ics'): string =>
  itemName({ item: item(uid), like: like === undefined ? undefined : href(like), extension, attempt });

describe('the name of a new item', () => {
  test.each([
    ['/dav/hugo/work/meeting.ics', 'meeting.ics'],
    ['meeting.ics', 'meeting.ics'],
    ['/dav/work/MEETING.ICS', 'MEETING.ics'],
    ['/dav/work/hugo%40example.com.ics', 'hugo@example.com.ics'],
    ['/dav/work/hugo@example.com', 'hugo@example.com.ics'],
    ['/dav/work/_x.vcf', '_x.ics'],
  ])('SI15 comes from its counterpart %s', (like, name) => {
    expect(named('the-uid', like)).toBe(name);
  });

  test.each([
    '/dav/work/',
    '/dav/work/..',
    '/dav/work/%2e%2e%2f%2e%2e%2fpasswd.ics',
    '/dav/work/..%5cx.ics',
    '/dav/work/.hidden.ics',
    '/dav/work/-rf.ics',
    '/dav/work/with%20space.ics',
    '/dav/work/nul%00.ics',
    '/dav/work/line%0Aend.ics',
    '/dav/work/%E2%80%AEsci.ics',
    '/dav/work/100%.ics',
    '/dav/work/x.tmp.ics',
    '/dav/work/x~.ics',
    '/dav/work/CON.ics',
    '/dav/work/aux.old.ics',
    '/dav/work/.ics',
    `/dav/work/${'a'.repeat(201)}.ics`,
  ])('S6 does not come from %j', (like) => {
    expect(named('the-uid', like)).toBe('the-uid.ics');
  });

  test('SI15 comes from the UID otherwise, reduced and cut', () => {
    expect(named('someone@example.com')).toBe('someoneexamplecom.ics');
    expect(named('../../etc/passwd')).toBe('etcpasswd.ics');
    expect(named('--x--')).toBe('x--.ics');
    expect(named('a'.repeat(500))).toBe(`${'a'.repeat(200)}.ics`);
  });

  test('SI15 is a hash where nothing is left of the UID, or there is none', () => {
    expect(named('予定')).toMatch(/^[0-9a-f]{32}\.ics$/);
    expect(named('con')).toMatch(/^[0-9a-f]{32}\.ics$/);
    expect(named('fingerprint:abc')).toMatch(/^[0-9a-f]{32}\.ics$/);
    expect(named('予定')).not.toBe(named('予'));
  });

  test('SI15 is another at each attempt, before the extension', () => {
    expect(named('x', '/a/b.vcf', 2, 'vcf')).toBe('b-2.vcf');
  });
});
