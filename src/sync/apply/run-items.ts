import { bySide } from '../../model/sides.ts';
import type { Conflict, ItemAction } from '../../reconcile/plan.ts';
import type { Observation } from '../observe/observe.ts';
import type { MappingPlan } from '../plan/plan-mapping.ts';
import type { Applied } from './applied.ts';
import { applyItems } from './apply-items.ts';
import { dropCheckpoints } from './drop-checkpoints.ts';
import type { MappingWork } from './mapping-work.ts';

/** Recovered agreements go first: what follows stands on them. Other intents of earlier runs have been looked at. */
export async function runItems(
  work: MappingWork,
  plan: MappingPlan,
  observation: Observation,
  items: readonly ItemAction[],
): Promise<Applied> {
  const { agreements, intents } = observation.recovered;
  if (intents.length > 0) {
    work.mapping.commit([
      ...dropCheckpoints(work.mapping),
      ...[...agreements.values()].map(({ agreement, side }) => {
        const { href, fingerprint } = agreement.sides[side];
        return { type: 'agree', agreement, base: plan.texts.get(side, href, fingerprint) } as const;
      }),
      ...intents.map(({ ident }) => ({ type: 'done', ident }) as const),
    ]);
  }
  for (const action of items) if (action.type === 'conflict') tellConflict(work, action);
  for (const each of observation.unidentified.filter(({ waits }) => waits)) {
    const { href, side, reason } = each;
    const subject = { type: 'unidentified', href } as const;
    const action = { collection: work.collection, subject, verb: 'hold', side, reason, waits: true } as const;
    const outcome = { type: 'held', reason, waits: true } as const;
    work.tally.count(action, outcome);
    work.tell({ type: 'action', pair: work.pair, action, outcome });
  }
  return applyItems(work, items);
}

function tellConflict(work: MappingWork, action: Conflict): void {
  const versions = bySide((side): string => action.sides[side].href);
  const { collection, subject, reason = '' } = work.told(action);
  work.tell({ type: 'conflict', pair: work.pair, conflict: { collection, subject, reason, versions } });
}
