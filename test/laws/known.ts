import type { Href } from '../../src/model/names.ts';
import { otherSide, type Side } from '../../src/model/sides.ts';
import { itemOf, markOf } from './law-text.ts';
import type { World } from './world.ts';

/**
 * Whether the engine can know that this very copy was there, so that it must not bring it back when a person removes
 * it (L6): it was agreed, or was the person's own. What stands on a write whose reply was lost is neither.
 */
export function isKnown(world: World, side: Side, collection: Href, at: Href, text: string): boolean {
  // What a storage made of a write that was never read back cannot be told from what a person made.
  const { rewriting, renames } = world.storages[otherSide(side)].traits;
  const isUntellable = world.isDisturbed && (rewriting !== 'none' || renames);
  const agreed = world.agreementAt(side, collection, at);
  if (agreed !== undefined && agreed === itemOf(text)?.fingerprint) {
    return !isUntellable || world.isAgreedOnOtherSide(side, collection, at);
  }
  if (isUntellable) return false;
  const agreedMark = agreed === undefined ? undefined : world.markOfContent(agreed);
  const isRecorded = (mark: number): boolean => agreedMark !== undefined && world.model.descends(agreedMark, mark);
  return (
    world.isByPerson(side, collection, at) &&
    world.writtenByEngine(side).every((mark) => !world.model.descends(markOf(text), mark) || isRecorded(mark))
  );
}
