import { StorageError } from '../../model/errors.ts';
import type { Side } from '../../model/sides.ts';
import { attempt, reportOf } from '../error-report.ts';
import { bySideAsync } from '../side-by-side.ts';
import type { MappingWork } from './mapping-work.ts';

/**
 * Makes durable what was written to some sides. A failure is told and counted; what was written is there all the same,
 * and is recorded.
 */
export async function flushSides(work: MappingWork, sides: ReadonlySet<Side>): Promise<void> {
  await bySideAsync(async (side) => {
    if (!sides.has(side)) return;
    const result = await attempt(work.storages[side].flush(work.collections[side]));
    if (!(result instanceof StorageError)) return;
    work.tally.failures += 1;
    work.tell({ type: 'failure', pair: work.pair, collection: work.collection, side, error: reportOf(result) });
  });
}
