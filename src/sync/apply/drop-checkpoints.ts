import { SIDES } from '../../model/sides.ts';
import type { MappingStatus, StatusChange } from '../../status/status.ts';

/**
 * Goes into the first commit of a run that records what is newer than the kept checkpoints: should the run die before
 * they move on, an item that came after them and went again would never be missed. Then the next look is a full one
 * (SL6).
 */
export const dropCheckpoints = (mapping: MappingStatus): readonly StatusChange[] =>
  SIDES.flatMap((side) =>
    mapping.checkpoint(side) === undefined ? [] : [{ type: 'checkpoint', side, known: undefined } as const],
  );
