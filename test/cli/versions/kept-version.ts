import { fingerprint, href, ident } from '../../../src/model/names.ts';
import type { KeptVersion } from '../../../src/status/history.ts';
import { RULES } from '../../sync/engine.ts';

export const PAIR = { name: 'work', storages: { a: 'laptop', b: 'server' }, rules: RULES, hook: undefined };

/** A version of an item called Dinner, as the history lists it. */
export const keptVersion = (id: number, uid: string, more: Partial<KeptVersion> = {}): KeptVersion => ({
  id,
  collection: 'home',
  ident: ident(uid),
  side: 'b',
  href: href(`/home/${uid}.ics`),
  fingerprint: fingerprint(`content of ${id}`),
  reason: 'deleted',
  summary: 'Dinner',
  time: Date.UTC(2026, 10, 22),
  run: 7,
  ...more,
});
