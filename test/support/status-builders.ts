import type { Agreement } from '../../src/model/agreement.ts';
import { checkpoint, etag, fingerprint, href, ident } from '../../src/model/names.ts';
import { bySide, otherSide, type Side } from '../../src/model/sides.ts';
import type { BaseText, HistoryEntry, Intent, Status } from '../../src/status/status.ts';

/** Of item `uid` in a version, at an address of its own on each side. */
export const agreement = (uid: string, version = 1, name = uid): Agreement => ({
  ident: ident(uid),
  sides: bySide((side) => ({
    href: href(`/${side}/${name}`),
    etag: etag(`${side}${version}`),
    fingerprint: fingerprint(`${side}-content-${version}`),
  })),
});

export const deletion = (uid: string, side: Side): Intent => ({
  ident: ident(uid),
  side,
  verb: 'delete',
  href: href(`/${side}/${uid}`),
  fingerprint: undefined,
  source: undefined,
});

export const creation = (uid: string, side: Side): Intent => ({
  ...deletion(uid, side),
  verb: 'create',
  fingerprint: fingerprint('new'),
  source: { href: href(`/${otherSide(side)}/${uid}`), etag: 'seen', fingerprint: fingerprint('new') },
});

export const entry = (uid: string, side: Side, version = 1): HistoryEntry => ({
  ident: ident(uid),
  side,
  href: href(`/${side}/${uid}`),
  text: `text ${version} of ${uid}`,
  fingerprint: fingerprint(`${side}-content-${version}`),
  reason: 'deleted',
  summary: 'Dinner',
});

export const baseOf = (text: string): BaseText => ({ text, fingerprint: fingerprint(`content of ${text.length}`) });

/** Something of every kind, in enough rows for trees of two levels. */
export function fillStatus(status: Status): void {
  const mapping = status.mapping('work', { a: href('/a/'), b: href('/b/') });
  status.beginRun();
  for (const version of [1, 2]) {
    mapping.commit(
      Array.from({ length: 120 }, (_, index) => ({
        type: 'agree' as const,
        agreement: agreement(`uid-${index}@example.org`, version),
        base: baseOf(`BEGIN:VCARD\r\nUID:uid-${index}\r\nNOTE:${'x'.repeat(index * 7)}\r\n`),
      })),
    );
  }
  mapping.commit([
    { type: 'intend', intent: deletion('uid-1@example.org', 'a'), destroys: [entry('uid-1@example.org', 'a', 7)] },
    { type: 'intend', intent: creation('new', 'b'), destroys: [] },
    { type: 'checkpoint', side: 'a', known: { checkpoint: checkpoint('token 1'), listedAt: 5 } },
    { type: 'property', name: 'color', agreed: { value: '#ff0000' } },
    {
      type: 'sight',
      sighting: {
        side: 'b',
        href: href('/b/odd'),
        etag: etag('o'),
        content: { ident: ident('odd'), fingerprint: fingerprint('odd content') },
        unreadable: undefined,
      },
    },
  ]);
  status.remember('a', '/home/');
}
