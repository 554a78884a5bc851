import { StorageError } from '../../model/errors.ts';
import type { Item } from '../../model/item.ts';
import type { Href } from '../../model/names.ts';
import { bySide, otherSide, type Side } from '../../model/sides.ts';
import type { Version } from '../../reconcile/facts.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import { attempt } from '../error-report.ts';
import { bySideAsync } from '../side-by-side.ts';
import type { MappingWork } from './mapping-work.ts';

/** A version whose text is needed. */
interface Need {
  readonly side: Side;
  readonly version: Version;
}

/**
 * Reads what the actions need and nobody read yet: the versions that they copy, and those that they destroy where the
 * status has no text of them. What cannot be read stays missing, and its action notices.
 */
export async function ensureTexts(work: MappingWork, actions: readonly ItemAction[]): Promise<void> {
  const needs = actions.flatMap((action) => [
    ...sourcesOf(action).filter(({ side, version }) => textOf(work, side, version) === undefined),
    ...(work.keepHistory ? destroyedBy(action).filter((need) => destroyedText(work, action, need) === undefined) : []),
  ]);
  const hrefs = bySide((side) => [
    ...new Set(needs.flatMap((need) => (need.side === side ? [need.version.href] : []))),
  ]);
  await bySideAsync(async (side) => {
    const result = await attempt(fetchInto(work, side, hrefs[side]));
    if (result instanceof StorageError) {
      const message = `some items of "${work.collection}" could not be read: ${result.reason}`;
      work.tell({ type: 'log', level: 'warn', pair: work.pair, message });
    }
  });
}

async function fetchInto(work: MappingWork, side: Side, hrefs: readonly Href[]): Promise<void> {
  if (hrefs.length === 0) return;
  for await (const fetched of work.storages[side].fetch(work.collections[side], hrefs)) {
    if (fetched.type === 'item') work.texts.keep(side, fetched.href, fetched.item);
  }
}

/** The item of a version as it was read in this run; undefined where it was not, or where it holds something else now. */
export const textOf = (work: MappingWork, side: Side, version: Version): Item | undefined =>
  work.texts.get(side, version.href, version.fingerprint);

export function sourcesOf(action: ItemAction): readonly Need[] {
  return action.type === 'create' || action.type === 'update' ? [{ side: action.from, version: action.source }] : [];
}

export function destroyedBy(action: ItemAction): readonly Need[] {
  if (action.type !== 'update' && action.type !== 'delete') return [];
  const side = action.type === 'update' ? otherSide(action.from) : action.side;
  return [action.target, ...action.surplus].map((version) => ({ side, version }));
}

/** From what was read, else from the base of the agreement if that is the same content. */
export function destroyedText(work: MappingWork, action: ItemAction, { side, version }: Need): string | undefined {
  const read = textOf(work, side, version);
  if (read !== undefined) return read.text;
  const base = work.mapping.baseText(action.ident);
  return base?.fingerprint === version.fingerprint ? base.text : undefined;
}
