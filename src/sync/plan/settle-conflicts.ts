import { readItem } from '../../content/item.ts';
import { changedAt } from '../../content/newest.ts';
import { StorageError, unreachable } from '../../model/errors.ts';
import type { Item, Kind } from '../../model/item.ts';
import type { Ident } from '../../model/names.ts';
import type { ConflictWay } from '../../model/rules.ts';
import { bySide, otherSide, SIDES, type Side, type Sides } from '../../model/sides.ts';
import type { Version } from '../../reconcile/facts.ts';
import { keepSide } from '../../reconcile/items.ts';
import { holdReadOnly } from '../../reconcile/mapping.ts';
import type { Conflict, ItemAction } from '../../reconcile/plan.ts';
import type { PropertyAction } from '../../reconcile/properties.ts';
import type { MappingStatus, Waiting } from '../../status/status.ts';
import type { AskForSettlement, OpenItemConflict, RunResolver, Settlement } from '../conflict-settler.ts';
import { attempt } from '../error-report.ts';

/** Who settles the conflicts of a pair. */
export interface Settlers {
  readonly pair: string;
  readonly ways: readonly ConflictWay[];
  /** In place of the ways. */
  readonly ask: AskForSettlement | undefined;
  /** Undefined where no program may be run. */
  readonly runResolver: RunResolver | undefined;
  /** Whether what was tried in vain is tried again although nothing changed. */
  readonly again: boolean;
  readonly signal: AbortSignal;
}

export interface SettleTerms extends Settlers {
  readonly collection: string;
  readonly kind: Kind;
  readonly status: MappingStatus;
  readonly readOnly: ReadonlySet<Side>;
  /** The item of a version: as it was read in this run, or read now. */
  readonly read: (side: Side, version: Version) => Promise<Item | undefined>;
}

/**
 * Tries the configured ways on each conflict, in their order, until one settles it (SF2). What is settled becomes an
 * update or a merge; what is not stays a conflict, with the reasons. Writes nothing.
 */
export async function settleConflicts(
  actions: readonly ItemAction[],
  terms: SettleTerms,
): Promise<readonly ItemAction[]> {
  if (terms.ways.length === 0 && terms.ask === undefined) return actions;
  const before = new Map(
    terms.status.waiting().flatMap((each) => (each.type === 'conflict' ? [[each.subject, each]] : [])),
  );
  const settled: ItemAction[] = [];
  for (const action of actions) {
    if (action.type !== 'conflict' || terms.signal.aborted) settled.push(action);
    else settled.push(await settleOne(action, before.get(action.ident), terms));
  }
  return settled;
}

async function settleOne(conflict: Conflict, before: Waiting | undefined, terms: SettleTerms): Promise<ItemAction> {
  const isKnown =
    before !== undefined && SIDES.every((side) => before.versions[side] === conflict.sides[side].fingerprint);
  if (isKnown && !terms.again && terms.ask === undefined) return { ...conflict, reason: before.reason };
  const items = await readBoth(conflict, terms);
  if (items === undefined) return conflict;
  const { pair, collection, kind } = terms;
  const base = commonText(conflict.ident, terms.status);
  const texts = bySide((side) => items[side].text);
  const open = { type: 'item', ident: conflict.ident, kind, texts, base } as const;
  const failures: string[] = [];
  const tries = terms.ask === undefined ? terms.ways : [terms.ask];
  for (const way of tries) {
    const outcome =
      typeof way === 'function' ? ((await way({ pair, collection, ...open })) ?? '') : await tryWay(way, open, terms);
    const action = typeof outcome === 'string' ? outcome : actionOf(conflict, outcome, items, terms);
    if (typeof action !== 'string') return action;
    if (action !== '') failures.push(action);
  }
  return failures.length === 0 ? conflict : { ...conflict, reason: `${CHANGED}; ${failures.join('; ')}` };
}

const CHANGED = 'changed differently on both sides';

/**
 * What both sides had when they last agreed. Where each keeps the item in its own way (SI14) there is none: what a side
 * never took would look as if somebody had removed it there.
 */
function commonText(ident: Ident, status: MappingStatus): string | undefined {
  const base = status.baseText(ident);
  const agreed = status.agreement(ident);
  const isCommon = SIDES.every((side) => agreed?.sides[side].fingerprint === base?.fingerprint);
  return isCommon ? base?.text : undefined;
}

async function readBoth(conflict: Conflict, terms: SettleTerms): Promise<Sides<Item> | undefined> {
  const a = await attempt(terms.read('a', conflict.sides.a));
  const b = await attempt(terms.read('b', conflict.sides.b));
  // What cannot be read now stays a conflict; the run says elsewhere what is wrong with the storage.
  if (a === undefined || a instanceof StorageError || b === undefined || b instanceof StorageError) return undefined;
  return { a, b };
}

/** A settlement, or in words why this way does not settle it. */
async function tryWay(way: ConflictWay, open: OpenItemConflict, terms: SettleTerms): Promise<Settlement | string> {
  switch (way.type) {
    case 'keep':
      return way;
    case 'keep-newest':
      return newest(open);
    case 'merge':
      return merge(open);
    case 'cmd': {
      if (terms.runResolver === undefined) return `"${way.program}" was not asked`;
      const outcome = await terms.runResolver(way, open);
      return outcome.type === 'settled' ? { type: 'text', text: outcome.text } : outcome.reason;
    }
    default:
      return unreachable(way);
  }
}

function newest({ texts, kind }: OpenItemConflict): Settlement | string {
  const times = bySide((side) => changedAt(texts[side], kind));
  if (times.a === undefined || times.b === undefined) return 'keep newest: a version does not say when it was changed';
  if (times.a === times.b) return 'keep newest: both versions are of the same time';
  return { type: 'keep', side: times.a > times.b ? 'a' : 'b' };
}

async function merge({ kind, base, texts }: OpenItemConflict): Promise<Settlement | string> {
  if (base === undefined) return 'merge: it is not known what both sides had before';
  // It loads the parsers, which few runs need.
  const { mergeItems } = await import('../../content/merge/merge-items.ts');
  const merged = mergeItems(kind, base, texts.a, texts.b);
  switch (merged.type) {
    case 'merged':
      return { type: 'text', text: merged.text };
    case 'overlap':
      return `merge: both changed ${[...new Set(merged.overlaps.map(({ property }) => property))].join(', ')}`;
    case 'impossible':
      return `merge: ${merged.reason}`;
    default:
      return unreachable(merged);
  }
}

/** What a settlement means for the storages; in words, why it is none. */
function actionOf(
  conflict: Conflict,
  settlement: Settlement,
  items: Sides<Item>,
  terms: SettleTerms,
): ItemAction | string {
  if (settlement.type === 'keep') return keep(conflict, settlement.side, terms);
  const reading = readItem(settlement.text, terms.kind);
  if (reading.type === 'unreadable') return `the result is no item: ${reading.reason}`;
  const { item } = reading;
  if (item.ident !== conflict.ident) return 'the result has another UID';
  const same = SIDES.find((side) => items[side].fingerprint === item.fingerprint);
  if (same !== undefined) return keep(conflict, same, terms);
  if (terms.readOnly.size > 0) return 'a side takes no writes';
  return { type: 'merge', ident: conflict.ident, item, conflict };
}

const keep = (conflict: Conflict, side: Side, { readOnly }: SettleTerms): ItemAction =>
  holdReadOnly(keepSide(conflict, side), readOnly);

/** As `settleConflicts`, for properties: only a person is asked, since the ways for them are decided already. */
export async function settleProperties(
  actions: readonly PropertyAction[],
  terms: Pick<SettleTerms, 'pair' | 'collection' | 'ask' | 'readOnly' | 'signal'>,
): Promise<readonly PropertyAction[]> {
  const { pair, collection, ask, readOnly, signal } = terms;
  if (ask === undefined) return actions;
  const settled: PropertyAction[] = [];
  for (const action of actions) {
    if (action.type !== 'conflict') continue;
    const { name, values } = action;
    const settlement = signal.aborted ? undefined : await ask({ type: 'property', pair, collection, name, values });
    const side = settlement?.type === 'keep' ? otherSide(settlement.side) : undefined;
    if (side === undefined || readOnly.has(side)) settled.push(action);
    else settled.push({ type: 'set', name, side, value: values[otherSide(side)] });
  }
  return settled;
}
