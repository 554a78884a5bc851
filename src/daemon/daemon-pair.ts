import type { Side, Sides } from '../model/sides.ts';
import type { Storage } from '../storage/storage.ts';
import type { Summary, SyncEvent } from '../sync/events.ts';
import type { PairSetup, RunContext } from '../sync/pair-setup.ts';

/** A pair as the daemon keeps it: what it needs of the configuration, the secrets and the disk, and no more. */
export interface DaemonPair {
  readonly name: string;
  /** How often each side is looked at. */
  readonly intervalsMs: Sides<number>;
  /**
   * Does `work` with the storages and the status open, while no other process runs the pair. Throws what hinders it as
   * an `ExpectedError`, and the signal's reason.
   */
  withOpen<T>(
    tell: (event: SyncEvent) => void,
    signal: AbortSignal,
    work: (setup: PairSetup, context: RunContext) => Promise<T>,
  ): Promise<T>;
  /** One storage by itself, to be closed by the caller. Throws an `ExpectedError` where it lacks its settings. */
  openSide(side: Side, signal: AbortSignal): Storage;
  /** Fetches anew the secrets of a side, or those that could not be had. Answers whether any is another one now. */
  renewSecrets(side: Side | undefined): Promise<'same' | 'changed'>;
  /** What there is to do when a run has ended, and the pair is free again. */
  afterRun(summary: Summary, tell: (event: SyncEvent) => void, signal: AbortSignal): Promise<void>;
}

/** Where the runs of a pair are told of. */
export interface PairTeller {
  beginRun(): RunTeller;
  /** What hinders watching a side, or undefined: nothing does any more. */
  watching(side: Side, problem: unknown): void;
  log(level: 'debug', message: string): void;
}

export interface RunTeller {
  /** The mappings that the run is about, by name; undefined, and before this is called: all. */
  about(only: ReadonlySet<string> | undefined): void;
  tell(event: SyncEvent): void;
  /** Something that was thrown and is no expected error. */
  bug(error: unknown): void;
  /** `whole`: all that there is to say of what the run was about has been told. */
  end(whole: boolean): void;
}
