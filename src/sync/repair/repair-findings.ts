import { uidFrom } from '../../content/assign-uid.ts';
import type { ItemRef } from '../../model/item.ts';
import { type Fingerprint, type Href, type Ident, ident } from '../../model/names.ts';

/** An item of a collection as it was read, without its text. */
export interface SeenItem extends ItemRef {
  readonly ident: Ident;
  readonly fingerprint: Fingerprint;
  readonly summary: string;
}

/** What is wrong in a collection. */
export type Finding =
  /** An equal copy of another one; it can go. */
  | { readonly type: 'surplus'; readonly item: SeenItem; readonly kept: SeenItem }
  /** `uid`: what it should get; no other item of the collection has it. */
  | { readonly type: 'without-uid'; readonly item: SeenItem; readonly uid: string }
  /** Different items with one UID: a person has to choose. One for each content, ordered by href. */
  | { readonly type: 'different'; readonly ident: Ident; readonly items: readonly SeenItem[] }
  | { readonly type: 'unreadable'; readonly href: Href; readonly reason: string };

/**
 * What can be repaired among the items of a collection, and what only a person can. Of equal copies the one that a pair
 * agrees on is kept (`agreedHref`), else the first by href (SI10, SI11).
 */
export function findRepairs(
  items: readonly SeenItem[],
  agreedHref: (ident: Ident) => Href | undefined,
): readonly Finding[] {
  const findings: Finding[] = [];
  const kept = new Map<Ident, readonly SeenItem[]>();
  for (const [identity, copies] of groupBy(items, (item) => item.ident)) {
    const remaining: SeenItem[] = [];
    for (const equal of groupBy(copies, ({ fingerprint }) => fingerprint).values()) {
      const sorted = [...equal].sort((x, y) => (x.href < y.href ? -1 : 1));
      const agreed = agreedHref(identity);
      const chosen = sorted.find(({ href }) => href === agreed) ?? sorted[0];
      if (chosen === undefined) continue;
      remaining.push(chosen);
      for (const item of sorted) if (item !== chosen) findings.push({ type: 'surplus', item, kept: chosen });
    }
    kept.set(identity, remaining);
    if (remaining.length > 1) {
      const sorted = remaining.sort((x, y) => (x.href < y.href ? -1 : 1));
      findings.push({ type: 'different', ident: identity, items: sorted });
    }
  }
  for (const [identity, [item]] of kept) {
    if (item !== undefined && identity.startsWith('fingerprint:')) findings.push(withoutUid(item, kept));
  }
  return findings;
}

/** Its content's own UID; where an equal item has that, it is a copy of it. */
function withoutUid(item: SeenItem, kept: ReadonlyMap<Ident, readonly SeenItem[]>): Finding {
  for (let attempt = 0; attempt < UIDS_TRIED; attempt += 1) {
    const uid = uidFrom(item.fingerprint, attempt);
    const others = kept.get(ident(uid));
    if (others === undefined) return { type: 'without-uid', item, uid };
    const equal = others.find(({ fingerprint }) => fingerprint === item.fingerprint);
    if (equal !== undefined) return { type: 'surplus', item, kept: equal };
  }
  return { type: 'unreadable', href: item.href, reason: 'it has no UID, and those that it could get are taken' };
}

/** That many can be made of a content. Only who wants to be in the way takes all of them. */
const UIDS_TRIED = 33;

function groupBy<K, T>(values: readonly T[], keyOf: (value: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
