import type { PairRules } from '../model/rules.ts';
import type { Sides } from '../model/sides.ts';
import type { Allowances } from '../reconcile/guards.ts';
import type { Status } from '../status/status.ts';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from '../system/clock.ts';
import type { AskForSettlement, RunResolver } from './conflict-settler.ts';
import type { PlannedAction, SyncEvent } from './events.ts';

/** A pair as the configuration describes it, with its storages opened. */
export interface PairSetup {
  readonly name: string;
  readonly storages: Sides<{ readonly name: string; readonly storage: Storage }>;
  readonly rules: PairRules;
  /** How long replaced and deleted versions are kept; 0 keeps none. */
  readonly historyS: number;
}

export interface RunOptions {
  /** Shows the plan and writes to no storage. */
  readonly dryRun: boolean;
  /** Compares everything, whatever the servers' tokens say. */
  readonly full: boolean;
  readonly allow: Allowances;
  /** Tries again what failed before although nothing changed: a person asked (SI16). */
  readonly retryFailed: boolean;
  /** Only these mappings, by name; undefined: all of them. */
  readonly only: ReadonlySet<string> | undefined;
  /**
   * Asked what becomes of each conflict, in place of the configured ways; nothing but what it settles is done then.
   * Undefined: a run like any other.
   */
  readonly ask?: AskForSettlement;
  /** Asked before anything is written; undefined: nobody is. */
  readonly confirm: ((actions: readonly PlannedAction[]) => Promise<boolean>) | undefined;
}

/** What a run is given besides. */
export interface RunContext {
  /** Opened by the caller, who holds the pair's lock; it stays open. */
  readonly status: Status;
  readonly clock: Clock;
  readonly tell: (event: SyncEvent) => void;
  /** Undefined: no program settles conflicts here. */
  readonly runResolver?: RunResolver;
  /** Aborted: the writes under way are ended and recorded, and nothing else is begun. */
  readonly signal: AbortSignal;
}
