import { bySide, SIDES, type Side, type Sides } from '../model/sides.ts';
import type { ItemFacts, SideFacts, Version } from './facts.ts';
import type { ItemAction } from './plan.ts';

/** The copy of an item that stands for its side, and those that are there besides, all of equal content. */
export interface Copy {
  readonly version: Version;
  readonly surplus: readonly Version[];
}

/**
 * One copy a side, or why there is none to decide about: something is not known (SI8), or copies of one ident differ
 * (SI10).
 */
export function chooseCopy(
  facts: ItemFacts,
): { readonly copies: Sides<Copy | undefined> } | { readonly hold: ItemAction } {
  for (const side of SIDES) {
    const here = facts.sides[side];
    if (here.type === 'unknown') {
      const reason = { type: 'unknown', text: here.reason, waits: here.waits } as const;
      return { hold: { type: 'hold', ident: facts.ident, side, reason } };
    }
  }
  for (const side of SIDES) {
    const versions = versionsOf(facts.sides[side]);
    if (versions.some((version) => version.fingerprint !== versions[0]?.fingerprint)) {
      const hrefs = versions.map((version) => version.href).sort();
      const reason = { type: 'duplicate', hrefs, waits: true } as const;
      return { hold: { type: 'hold', ident: facts.ident, side, reason } };
    }
  }
  return { copies: bySide((side) => representative(facts, side)) };
}

/** The agreed copy, else the first by href. */
function representative(facts: ItemFacts, side: Side): Copy | undefined {
  const versions = [...versionsOf(facts.sides[side])].sort((x, y) => (x.href < y.href ? -1 : 1));
  const agreedHref = facts.agreement?.sides[side].href;
  const version = versions.find(({ href }) => href === agreedHref) ?? versions[0];
  return version === undefined ? undefined : { version, surplus: versions.filter((other) => other !== version) };
}

const versionsOf = (side: SideFacts): readonly Version[] => (side.type === 'present' ? side.versions : []);
