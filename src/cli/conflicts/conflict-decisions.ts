import { readItem } from '../../content/item.ts';
import { otherSide, SIDES, type Side } from '../../model/sides.ts';
import type { OpenConflict, Settlement } from '../../sync/conflict-settler.ts';
import type { Summary, SyncEvent } from '../../sync/events.ts';
import type { PairSetup, RunContext, RunOptions } from '../../sync/pair-setup.ts';
import { syncPair } from '../../sync/sync-pair.ts';
import { keyOf, keyOfAction } from './conflict-look.ts';
import { conflictName } from './shown-conflict.ts';

/** What is to become of a conflict, as it was shown. */
export interface Decision {
  readonly conflict: OpenConflict;
  readonly settlement: Settlement;
}

/** Whether a settlement can be carried out: what it writes to takes writes. */
export function isPossible(settlement: Settlement, readOnly: ReadonlySet<Side>): boolean {
  return settlement.type === 'text' ? readOnly.size === 0 : !readOnly.has(otherSide(settlement.side));
}

/**
 * Carries decisions out in a run in which nothing else is done. What is not any more as it was shown when it was
 * decided stays in conflict, and that is told (SF4); of conflicts that nobody decided nothing is told.
 */
export async function carryOut(
  decisions: readonly Decision[],
  setup: PairSetup,
  options: RunOptions,
  context: RunContext,
): Promise<Summary> {
  const byKey = new Map(decisions.map((decision) => [keyOf(decision.conflict), decision]));
  const met = new Set<string>();
  let failed = false;
  const tell = (event: SyncEvent): void => {
    failed ||= event.type === 'failure';
    // The plan says the same beforehand.
    if (event.type === 'plan') return;
    if (event.type === 'action') context.tell({ ...event, action: { ...event.action, reason: undefined } });
    else if (event.type !== 'conflict') context.tell(event);
    else if (byKey.has(keyOfAction(event.conflict))) context.tell(staying(event));
  };
  const ask: RunOptions['ask'] = async (conflict) => {
    const key = keyOf(conflict);
    met.add(key);
    const decision = byKey.get(key);
    return decision !== undefined && isSame(conflict, decision.conflict) ? decision.settlement : undefined;
  };
  const only = new Set(decisions.map(({ conflict }) => conflict.collection));
  const summary = await syncPair(setup, { ...options, only, ask }, { ...context, tell });
  for (const [key, { conflict }] of byKey) {
    if (failed || context.signal.aborted || met.has(key)) continue;
    const message = `${conflictName(conflict)} is no conflict any more, and nothing was done about it`;
    context.tell({ type: 'log', level: 'warn', pair: undefined, message });
  }
  return summary;
}

/** A storage may give the same content another stamp each time. */
function isSame(now: OpenConflict, shown: OpenConflict): boolean {
  if (now.type === 'item' && shown.type === 'item') {
    return SIDES.every(
      (side) =>
        now.texts[side] === shown.texts[side] ||
        contentOf(now.texts[side], now.kind) === contentOf(shown.texts[side], now.kind),
    );
  }
  if (now.type !== 'property' || shown.type !== 'property') return false;
  return SIDES.every((side) => now.values[side] === shown.values[side]);
}

function contentOf(...[text, kind]: Parameters<typeof readItem>): string {
  const reading = readItem(text, kind);
  return reading.type === 'item' ? reading.item.fingerprint : text;
}

function staying({ pair, conflict }: Extract<SyncEvent, { type: 'conflict' }>): SyncEvent {
  const { collection, subject } = conflict;
  const reason = 'it changed after it was shown, and stays in conflict';
  const action = { collection, subject, verb: 'conflict', side: undefined, reason: undefined, waits: true } as const;
  return { type: 'action', pair, action, outcome: { type: 'held', reason, waits: true } };
}
