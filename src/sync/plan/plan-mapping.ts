import { summarize } from '../../content/summary.ts';
import type { Item } from '../../model/item.ts';
import { type Href, type Ident, ident } from '../../model/names.ts';
import { bySide, mapSides, otherSide, type Side, type Sides } from '../../model/sides.ts';
import { type CollectionDecision, decideCollection } from '../../reconcile/collections.ts';
import type { Version } from '../../reconcile/facts.ts';
import { planItems } from '../../reconcile/mapping.ts';
import type { Mapping } from '../../reconcile/mappings.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { PropertyAction } from '../../reconcile/properties.ts';
import type { MappingStatus, Status, Waiting } from '../../status/status.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Spool } from '../../system/spool.ts';
import type { PlannedAction } from '../events.ts';
import type { Present } from '../observe/compare.ts';
import { type Observation, observe } from '../observe/observe.ts';
import { Texts } from '../observe/texts.ts';
import type { PairSetup, RunOptions } from '../pair-setup.ts';
import { planProperties } from './plan-properties.ts';
import { plannedItem, plannedMappingHold } from './planned-action.ts';
import { type Settlers, settleConflicts, settleProperties } from './settle-conflicts.ts';
import { unknownMapping } from './unknown-mapping.ts';

/** All that a run will do with one mapping, and on what grounds. */
export interface MappingPlan {
  readonly mapping: Mapping;
  readonly decision: CollectionDecision;
  readonly status: MappingStatus;
  readonly texts: Texts;
  /** Undefined where its items are not looked at. */
  readonly observation: Observation | undefined;
  readonly items: readonly ItemAction[];
  /** An item's action as people see it: made when it is told, since there may be many thousands of them. */
  readonly told: (action: ItemAction) => PlannedAction;
  readonly properties: readonly PropertyAction[];
  /** Collections to be made, a collection to be deleted, or why the whole mapping is left as it is. */
  readonly collections: readonly PlannedAction[];
}

export interface PlanTerms {
  readonly setup: PairSetup;
  readonly options: RunOptions;
  readonly readOnly: ReadonlySet<Side>;
  readonly status: Status;
  readonly spool: Spool;
  /** Undefined: conflicts stay what they are. */
  readonly settlers: Settlers | undefined;
  readonly now: number;
}

/** Observes a mapping and decides. Writes to no storage; throws `LookFailed` where a side cannot be listed. */
export async function planMapping(terms: PlanTerms, mapping: Mapping): Promise<MappingPlan> {
  const { setup, readOnly } = terms;
  const decision = decideCollection(mapping, setup.rules, readOnly);
  const status = statusOf(terms.status, mapping, decision);
  const texts = new Texts(terms.spool);
  const names = mapSides(setup.storages, ({ name }) => name);
  const none = { observation: undefined, items: [], told: untold, properties: [] };
  const empty = { mapping, decision, status, texts, ...none };
  if (decision.type === 'forget') return { ...empty, collections: [] };
  if (decision.type === 'held') {
    return { ...empty, collections: [plannedMappingHold(mapping.name, decision.reason, names)] };
  }
  const observation = await observe({
    mapping: status,
    storages: mapSides(setup.storages, ({ storage }) => storage),
    collections: mapping.sides,
    texts,
    full: terms.options.full,
    now: terms.now,
  });
  const plan = planItems(observation.facts, {
    rules: setup.rules,
    allowed: terms.options.allow,
    readOnly,
    heldBefore: new Set(status.waiting().flatMap(({ type, subject }) => (HELD.has(type) ? [ident(subject)] : []))),
  });
  if (plan.type === 'held') {
    return { ...empty, observation, collections: [plannedMappingHold(mapping.name, plan.reason, names)] };
  }
  const settled = await settle(terms, mapping, plan.actions, plannedProperties(terms, mapping, decision, status), {
    status,
    texts,
  });
  const { kind } = setup.storages.a.storage;
  const summaryOf = summariesFrom(observation, texts, status, kind);
  const summary = (action: ItemAction): string => {
    const item = writtenItem(action, texts);
    return item === undefined ? summaryOf(action.ident) : summarize(item.text, kind);
  };
  const told = (action: ItemAction): PlannedAction => plannedItem(mapping.name, action, summary, names);
  const collections = plannedCollections(mapping, decision, settled.actions, observation, names);
  return { ...empty, observation, items: settled.actions, told, properties: settled.properties, collections };
}

/** What waits so is held. One that was held may have had a rival since, and lost it again. */
export const HELD: ReadonlySet<Waiting['type']> = new Set(['held', 'duplicate']);

const untold = (): never => {
  throw new Error('this should not happen: a plan without items tells one');
};

/** What an action writes, which it is named by; undefined where that was not read, or is nothing. */
function writtenItem(action: ItemAction, texts: Texts): Item | undefined {
  if (action.type === 'merge') return action.item;
  if (action.type !== 'create' && action.type !== 'update') return undefined;
  return texts.get(action.from, action.source.href, action.source.fingerprint);
}

/** The actions with their conflicts settled as far as that goes. Where a person is asked, nothing else is done. */
async function settle(
  { setup, readOnly, settlers }: PlanTerms,
  { name, sides }: Mapping,
  actions: readonly ItemAction[],
  properties: readonly PropertyAction[],
  { status, texts }: Pick<MappingPlan, 'status' | 'texts'>,
): Promise<{ readonly actions: readonly ItemAction[]; readonly properties: readonly PropertyAction[] }> {
  if (settlers === undefined) return { actions, properties };
  const { storages } = setup;
  const terms = {
    ...settlers,
    collection: name,
    kind: storages.a.storage.kind,
    status,
    readOnly,
    read: (side: Side, version: Version) =>
      readVersion(storages[side].storage, sides[side]?.href, side, version, texts),
  };
  const open =
    settlers.ask === undefined ? actions : actions.filter(({ type }) => type === 'conflict' || type === 'hold');
  return {
    actions: await settleConflicts(open, terms),
    properties: await settleProperties(properties, terms),
  };
}

/** As it was read in this run, or read now; undefined where something else is there by now. */
async function readVersion(
  storage: Storage,
  collection: Href | undefined,
  side: Side,
  { href, fingerprint }: Version,
  texts: Texts,
): Promise<Item | undefined> {
  const known = texts.get(side, href, fingerprint);
  if (known !== undefined || collection === undefined) return known;
  for await (const fetched of storage.fetch(collection, [href])) {
    if (fetched.type === 'item') texts.keep(side, href, fetched.item);
  }
  return texts.get(side, href, fingerprint);
}

/** What is void, or does not exist yet, is read as unknown; the row of a new mapping is made when it is applied. */
function statusOf(status: Status, mapping: Mapping, decision: CollectionDecision): MappingStatus {
  if (mapping.known === undefined || decision.type === 'create') return unknownMapping(mapping.name);
  return status.mapping(mapping.name, mapping.known.hrefs);
}

function plannedProperties(
  terms: PlanTerms,
  mapping: Mapping,
  decision: CollectionDecision,
  status: MappingStatus,
): readonly PropertyAction[] {
  if (decision.type === 'gone') return [];
  const { rules, storages } = terms.setup;
  const properties = bySide((side) => mapping.sides[side]?.properties ?? {});
  return planProperties({
    kind: storages.a.storage.kind,
    mapping: status,
    properties,
    rules,
    readOnly: terms.readOnly,
  });
}

function plannedCollections(
  mapping: Mapping,
  decision: CollectionDecision,
  actions: readonly ItemAction[],
  observation: Observation,
  names: Sides<string>,
): readonly PlannedAction[] {
  const subject = { type: 'collection', items: 0 } as const;
  const common = { collection: mapping.name, subject, reason: undefined, waits: false };
  if (decision.type === 'create') return decision.sides.map((side) => ({ ...common, verb: 'create', side }));
  if (decision.type !== 'gone') return [];
  const { side } = decision;
  if (bringsBack(actions, side)) return [{ ...common, verb: 'create', side }];
  if (remains(actions, observation, otherSide(side))) {
    const reason = { type: 'collection-not-empty', side: otherSide(side), waits: true } as const;
    return [plannedMappingHold(mapping.name, reason, names)];
  }
  return [{ ...common, verb: 'delete', side: otherSide(side) }];
}

/** An edited item brings its collection back (SC4). */
export const bringsBack = (actions: readonly ItemAction[], side: Side): boolean =>
  actions.some((action) => action.type === 'create' && otherSide(action.from) === side);

/** Whether something will be left in the collection that the actions do not delete. */
function remains(actions: readonly ItemAction[], observation: Observation, side: Side): boolean {
  const held = actions.some((action) => action.type === 'hold' || action.type === 'conflict');
  return held || observation.unidentified.some((each) => each.side === side);
}

/** SUMMARY or FN of an item, for people, from whatever text of it is at hand. */
function summariesFrom(
  { differences }: Observation,
  texts: Texts,
  status: MappingStatus,
  kind: Parameters<typeof summarize>[1],
): (ident: Ident) => string {
  let read: Sides<ReadonlyMap<Ident, Present>> | undefined;
  const textOf = (ident: Ident, side: Side): string | undefined => {
    read ??= bySide((each) => new Map([...differences[each].present.values()].map((one) => [one.ident, one])));
    const found = read[side].get(ident);
    return found && texts.get(side, found.href, found.fingerprint)?.text;
  };
  // What waits since an earlier run, and was not read again, is called what it was called then.
  const told = new Map(status.waiting().map(({ subject, summary }) => [subject, summary]));
  return (ident) => {
    const text = textOf(ident, 'b') ?? textOf(ident, 'a');
    if (text === undefined && told.has(ident)) return told.get(ident) ?? '';
    const known = text ?? status.baseText(ident)?.text;
    return known === undefined ? '' : summarize(known, kind);
  };
}
