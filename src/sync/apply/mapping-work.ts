import type { Collection } from '../../model/collection.ts';
import type { Kind } from '../../model/item.ts';
import type { Href, Ident } from '../../model/names.ts';
import type { PairRules } from '../../model/rules.ts';
import { mapSides, type Side, type Sides } from '../../model/sides.ts';
import type { ItemAction } from '../../reconcile/plan.ts';
import type { MappingStatus, Waiting } from '../../status/status.ts';
import type { Storage } from '../../storage/storage.ts';
import type { PlannedAction, SyncEvent } from '../events.ts';
import type { Observation } from '../observe/observe.ts';
import type { Texts } from '../observe/texts.ts';
import type { PairSetup, RunContext, RunOptions } from '../pair-setup.ts';
import type { MappingPlan } from '../plan/plan-mapping.ts';
import type { Tally } from '../tally.ts';

/** What applying a pair's plans needs. */
export interface ApplyTerms {
  readonly setup: PairSetup;
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly readOnly: ReadonlySet<Side>;
  readonly tally: Tally;
  readonly now: number;
}

/** What everything that writes for one mapping is given. */
export interface MappingWork {
  readonly pair: string;
  /** The mapping's name. */
  readonly collection: string;
  readonly kind: Kind;
  readonly mapping: MappingStatus;
  readonly storages: Sides<Storage>;
  /** What the storages are called. */
  readonly names: Sides<string>;
  readonly collections: Sides<Href>;
  readonly rules: PairRules;
  readonly readOnly: ReadonlySet<Side>;
  /** Whether replaced and deleted versions are kept. */
  readonly keepHistory: boolean;
  /** Whether what failed before is tried again although nothing changed (SI16). */
  readonly retryFailed: boolean;
  readonly texts: Texts;
  /** Where an interrupted run began to create items. */
  readonly intendedHrefs: ReadonlyMap<Ident, { readonly side: Side; readonly href: Href }>;
  readonly tally: Tally;
  readonly tell: (event: SyncEvent) => void;
  /** An item's action as it is told. */
  readonly told: (action: ItemAction) => PlannedAction;
  readonly signal: AbortSignal;
  /** What failed so far, to be remembered. */
  readonly failed: Waiting[];
}

export function workOf(
  terms: ApplyTerms,
  plan: MappingPlan,
  mapping: MappingStatus,
  collections: Sides<Collection>,
  observation: Observation,
): MappingWork {
  const { setup, options, context, readOnly, tally } = terms;
  return {
    pair: setup.name,
    collection: plan.mapping.name,
    kind: setup.storages.a.storage.kind,
    mapping,
    storages: mapSides(setup.storages, ({ storage }) => storage),
    names: mapSides(setup.storages, ({ name }) => name),
    collections: mapSides(collections, ({ href }) => href),
    rules: setup.rules,
    readOnly,
    keepHistory: setup.historyS > 0,
    retryFailed: options.retryFailed,
    texts: plan.texts,
    intendedHrefs: observation.recovered.hrefs,
    tally,
    tell: context.tell,
    told: plan.told,
    signal: context.signal,
    failed: [],
  };
}
