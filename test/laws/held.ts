import type { Href, Ident } from '../../src/model/names.ts';
import type { Side } from '../../src/model/sides.ts';
import { itemOf } from './law-text.ts';
import type { World } from './world.ts';

export interface HeldCopy {
  readonly href: Href;
  readonly text: string;
  readonly fingerprint: string;
}

/** What a side holds, by ident, and what cannot be read. */
export interface Held {
  readonly copies: ReadonlyMap<Ident, readonly HeldCopy[]>;
  readonly unreadable: readonly Href[];
}

export function heldBy(world: World, side: Side, collection: Href): Held {
  const copies = new Map<Ident, HeldCopy[]>();
  const unreadable: Href[] = [];
  for (const [href, text] of world.texts(side, collection)) {
    const item = itemOf(text);
    if (item === undefined) unreadable.push(href);
    else copies.set(item.ident, [...(copies.get(item.ident) ?? []), { href, text, fingerprint: item.fingerprint }]);
  }
  return { copies, unreadable };
}

/** Different contents with one ident on one side. */
export const isDisputed = (copies: readonly HeldCopy[]): boolean =>
  copies.some(({ fingerprint }) => fingerprint !== copies[0]?.fingerprint);
