import { describe, expect, test } from 'vitest';
import { uidFrom } from '../../../src/content/assign-uid.ts';
import { etag, fingerprint, href, ident } from '../../../src/model/names.ts';
import { type Finding, findRepairs, type SeenItem } from '../../../src/sync/repair/repair-findings.ts';

const contentOf = (letter: string) => fingerprint(letter.charCodeAt(0).toString(16).padStart(64, '0'));

/** `x1=A`: at x, with UID 1 and content A; without a UID, `x=A`. */
function items(...written: readonly string[]): readonly SeenItem[] {
  return written.map((each) => {
    const [, at = '', uid = '', letter = ''] = /^([a-z])(\S*)=([A-Z])$/.exec(each) ?? [];
    const content = contentOf(letter);
    const identity = uid === '' ? `fingerprint:${content}` : uid;
    return { href: href(at), etag: etag('1'), ident: ident(identity), fingerprint: content, summary: letter };
  });
}

const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map((finding) => {
    switch (finding.type) {
      case 'surplus':
        return `${finding.item.href} is ${finding.kept.href}`;
      case 'without-uid':
        return `${finding.item.href} gets ${finding.uid}`;
      case 'different':
        return `${finding.ident}: ${finding.items.map((item) => item.href).join(' ')}`;
      default:
        return 'unreadable';
    }
  });

const none = () => undefined;
const find = (...written: readonly string[]) => told(findRepairs(items(...written), none));

describe('of a collection', () => {
  test('that is all right nothing is said', () => {
    expect(find('a1=A', 'b2=A', 'c3=C')).toEqual([]);
  });

  test('SI10: equal copies leave the first by href, or the agreed one', () => {
    expect(find('c1=A', 'a1=A', 'b1=A')).toEqual(['b is a', 'c is a']);
    expect(told(findRepairs(items('c1=A', 'a1=A', 'b1=A'), (uid) => (uid === '1' ? href('b') : undefined)))).toEqual([
      'a is b',
      'c is b',
    ]);
  });

  test('SI10: different items with one UID are named, once for each content', () => {
    expect(find('b1=B', 'a1=A', 'c1=A')).toEqual(['c is a', '1: a b']);
  });

  test('SI11: equal items without UID leave one, and that gets a UID of its content', () => {
    const uid = uidFrom(contentOf('A'), 0);
    expect(find('b=A', 'a=A', 'c=C')).toEqual(['b is a', `a gets ${uid}`, `c gets ${uidFrom(contentOf('C'), 0)}`]);
  });

  test('an item whose UID an equal one has is a copy of that; a different one has it: it gets another', () => {
    const uid = uidFrom(contentOf('A'), 0);
    expect(find('b=A', `a${uid}=A`)).toEqual(['b is a']);
    const [only] = find('b=A', `a${uid}=B`);
    expect(only).toMatch(/^b gets [0-9a-f-]{36}$/);
    expect(only).not.toContain(uid);
  });
});
