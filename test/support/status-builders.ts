import type { Agreement } from '../../src/model/agreement.ts';
import { etag, fingerprint, href, ident } from '../../src/model/names.ts';
import { bySide, otherSide, type Side } from '../../src/model/sides.ts';
import type { HistoryEntry, Intent } from '../../src/status/status.ts';

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
