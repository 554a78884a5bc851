import { readItem } from '../../content/item.ts';
import { isNowhere } from '../../model/agreement.ts';
import type { Item } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import { otherSide, type Side } from '../../model/sides.ts';
import type { HistoryEntry } from '../../status/status.ts';
import type { ErrorReport } from '../events.ts';
import type { Observation } from '../observe/observe.ts';
import type { PairSetup } from '../pair-setup.ts';
import type { MappingPlan } from '../plan/plan-mapping.ts';

/** A version as the history has it: what was at `href` of that side. */
export interface Restorable extends Pick<HistoryEntry, 'ident' | 'side' | 'href' | 'text' | 'summary'> {
  /** The name of the mapping. */
  readonly collection: string;
}

export type RestoreDecision =
  /** `now`: where the item is; undefined: it is gone from that side. */
  | { readonly type: 'write'; readonly side: Side; readonly item: Item; readonly now: Href | undefined }
  | { readonly type: 'refuse'; readonly error: ErrorReport };

/** Where a version should be written, by what was just observed of its mapping. */
export function decideRestore(
  version: Restorable,
  { storages, rules }: PairSetup,
  { status }: MappingPlan,
  observation: Observation,
): RestoreDecision {
  const read = readItem(version.text, storages.a.storage.kind);
  if (read.type === 'unreadable') return refuse(`the kept text cannot be used: ${read.reason}`, TO_A_FILE);
  // With `one_way`, what is written to b is undone at once.
  const takesWrites = (side: Side): boolean =>
    storages[side].storage.access === 'read-write' && !(rules.oneWay && side === 'b');
  const side = [version.side, otherSide(version.side)].find(takesWrites);
  if (side === undefined) return refuse('no side takes it: read_only or one_way forbids', TO_A_FILE);
  const { ident } = read.item;
  if (status.intents().some((intent) => intent.ident === ident)) {
    return refuse('an interrupted run left it half-way', SYNC_FIRST);
  }
  const write = (now: Href | undefined): RestoreDecision => ({ type: 'write', side, item: read.item, now });
  const here = observation.facts.items.find((facts) => facts.ident === ident)?.sides[side];
  if (here === undefined) {
    // Nothing is said of what is as it was agreed.
    const agreed = status.agreement(ident)?.sides[side].href;
    if (agreed !== undefined && !isNowhere(agreed)) return write(agreed);
  } else if (here.type === 'unknown') {
    return refuse(here.reason, SYNC_FIRST);
  } else if (here.type === 'present') {
    const [only, second] = here.versions;
    if (second === undefined) return write(only?.href);
    return refuse('there are several items with its UID', `"pimsync repair -n ${storages[side].name}" shows them`);
  }
  if (observation.differences[side].complete) return write(undefined);
  return refuse('the collection could not be listed completely, so it may be there', SYNC_FIRST);
}

const TO_A_FILE = 'with --to FILE, restore writes a version to a file instead';
const SYNC_FIRST = 'sync first, and then restore';

const refuse = (message: string, hint: string): RestoreDecision => ({
  type: 'refuse',
  error: { kind: 'rejected', message, hint },
});
