import type { Agreement } from '../../src/model/agreement.ts';
import { etag, fingerprint, href, ident } from '../../src/model/names.ts';
import type { PairRules } from '../../src/model/rules.ts';
import { bySide, type Side, type Sides } from '../../src/model/sides.ts';
import type { ItemFacts, SideFacts, Version } from '../../src/reconcile/facts.ts';
import type { Allowances } from '../../src/reconcile/guards.ts';

/** What a decision is given: a pair without wishes, and items whose content is a number. */

export const RULES: PairRules = {
  collectionsFrom: new Set(['a', 'b']),
  mappings: [],
  exclude: [],
  onEmpty: 'skip',
  onDelete: 'sync',
  maxDelete: undefined,
  conflictResolution: [],
  oneWay: false,
  properties: [],
};

export const NOTHING_ALLOWED: Allowances = { empty: false, delete: false, rollback: false };

/** How a side is, whichever it is. */
export type State = (side: Side, name: string) => SideFacts;

export const ABSENT: SideFacts = { type: 'absent' };
export const UNKNOWN: SideFacts = { type: 'unknown', reason: 'cut', waits: true };

export const absent: State = () => ABSENT;
export const unknown: State = () => UNKNOWN;
/** At the address and in the version that an agreement on `content` names. */
export const holding =
  (content: number): State =>
  (side, name) =>
    present(at(side, content, name));
/** Written anew, with that content again. */
export const touched =
  (content: number): State =>
  (side, name) =>
    present({ ...at(side, content, name), etag: etag('touched') });
/** A copy at the agreed address, and others behind it. */
export const copies =
  (...contents: readonly number[]): State =>
  (side, name) =>
    present(...contents.map((content, index) => at(side, content, index === 0 ? name : `${name}-${index}`)));

export const present = (...versions: readonly Version[]): SideFacts => ({ type: 'present', versions });

export const at = (side: Side, content: number, name = 'x'): Version => ({
  href: href(`/${side}/${name}`),
  etag: etag(`v${content}`),
  fingerprint: fingerprint(`content ${content}`),
});

/** Each side's own content: a storage may keep another text than the other (SI14). */
export const agreedOn = (contents: Sides<number>, name = 'x'): Agreement => ({
  ident: ident(name),
  sides: bySide((side) => at(side, contents[side], name)),
});

export const both = (content: number): Sides<number> => ({ a: content, b: content });

/** `here` is on `side`, `there` on the other. */
export const seenFrom = <T>(side: Side, here: T, there: T): Sides<T> =>
  bySide((each) => (each === side ? here : there));

export const itemOf = (states: Sides<State>, agreement: Agreement | undefined, name = 'x'): ItemFacts => ({
  ident: ident(name),
  agreement,
  sides: bySide((side) => states[side](side, name)),
});
