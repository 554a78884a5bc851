import { ExpectedError } from '../model/errors.ts';
import type { Href } from '../model/names.ts';
import { SIDES, type Side, type Sides } from '../model/sides.ts';
import { reportOf } from '../sync/error-report.ts';
import type { ErrorReport, Summary, SyncEvent } from '../sync/events.ts';
import type { PairSetup, RunContext, RunOptions } from '../sync/pair-setup.ts';
import { syncPair } from '../sync/sync-pair.ts';
import type { DaemonPair, PairTeller, RunTeller } from './daemon-pair.ts';
import type { RunEnd, Wake } from './wakes.ts';

/** Runs a pair again and again. Whatever a run throws is told, and is a value: the next one may do better. */
export class PairRunner {
  readonly #pair: DaemonPair;
  readonly #teller: PairTeller;
  /** What the last run could not do without. */
  #lack: Lack | undefined;

  constructor(pair: DaemonPair, teller: PairTeller) {
    this.#pair = pair;
    this.#teller = teller;
  }

  /**
   * One run. A refused password is fetched anew at once, and tried if it is another one now; after that, and where a
   * password could not be had, once before each run, so that a command that asks a person is never run in a loop.
   */
  async run(wake: Wake, signal: AbortSignal): Promise<RunEnd> {
    const told = this.#teller.beginRun();
    const before = this.#lack;
    if (before !== undefined) await this.#pair.renewSecrets(before.side);
    let attempt = await this.#attempt(wake, told, signal);
    const { lack } = attempt;
    if (lack?.what === 'right-secret' && before === undefined && !signal.aborted) {
      if ((await this.#pair.renewSecrets(lack.side)) === 'changed') attempt = await this.#attempt(wake, told, signal);
    }
    this.#lack = attempt.lack;
    // Not before: a password that has run out, and another one that works, are nobody's concern.
    for (const failure of attempt.failures) told.tell(failure);
    told.end(attempt.isWhole);
    return attempt.end;
  }

  async #attempt(wake: Wake, told: RunTeller, signal: AbortSignal): Promise<Attempt> {
    const failures: PairFailure[] = [];
    const tell = (event: SyncEvent): void => {
      // What was given up because this is to end did not fail.
      if (signal.aborted && isComplaint(event)) return;
      if (isPairFailure(event)) failures.push(event);
      else told.tell(event);
    };
    try {
      const summary = await this.#pair.withOpen(tell, signal, (setup, context) => sync(wake, setup, context, told));
      if (summary !== undefined) await this.#pair.afterRun(summary, tell, signal);
      if (failures.length > 0) return stopped(failures);
      return { end: endOf(summary), lack: undefined, failures, isWhole: !signal.aborted };
    } catch (error) {
      if (!signal.aborted) tellThrown(this.#pair.name, error, tell, told);
      return stopped(failures);
    }
  }
}

interface Attempt {
  readonly end: RunEnd;
  readonly lack: Lack | undefined;
  /** Of the pair as a whole; yet to be told. */
  readonly failures: readonly PairFailure[];
  /** Everything was looked at that the run is about. */
  readonly isWhole: boolean;
}

/** `secret`: it could not be had. `right-secret`: the storage does not take the one that we have. */
interface Lack {
  readonly what: 'secret' | 'right-secret';
  readonly side: Side | undefined;
}

const isComplaint = (event: SyncEvent): boolean =>
  event.type === 'failure' || (event.type === 'log' && event.level === 'warn');

type PairFailure = Extract<SyncEvent, { type: 'failure' }>;

const isPairFailure = (event: SyncEvent): event is PairFailure =>
  event.type === 'failure' && event.collection === undefined;

/** Undefined where nothing in the pair can have changed. */
async function sync(wake: Wake, setup: PairSetup, context: RunContext, told: RunTeller): Promise<Summary | undefined> {
  const only = wake.changed === undefined ? undefined : namesOf(wake.changed, setup, context);
  told.about(only);
  if (only?.size === 0) return undefined;
  const options: RunOptions = {
    dryRun: false,
    full: false,
    allow: { empty: false, delete: false, rollback: false },
    // Only a person's wish is a reason to ask again for what was refused (SI16).
    retryFailed: wake.reason === 'asked',
    only,
    confirm: undefined,
  };
  return syncPair(setup, options, context);
}

/** The mappings of what changed; undefined, all, where a collection is new that may belong to the pair. */
function namesOf(
  changed: Sides<ReadonlySet<Href>>,
  { rules }: PairSetup,
  { status }: RunContext,
): ReadonlySet<string> | undefined {
  const known = status.mappings();
  const names = new Set<string>();
  const mayBelong =
    rules.collectionsFrom.size > 0 || rules.mappings.some(({ name }) => !known.some((each) => each.name === name));
  for (const side of SIDES) {
    for (const collection of changed[side]) {
      const mapping = known.find(({ hrefs }) => hrefs[side] === collection);
      if (mapping !== undefined) names.add(mapping.name);
      else if (mayBelong) return undefined;
    }
  }
  return names;
}

const endOf = (summary: Summary | undefined): RunEnd =>
  summary?.outcome === 'failed' ? { type: 'partly', retryAfterS: undefined } : { type: 'through' };

function stopped(failures: readonly PairFailure[]): Attempt {
  const failure = failures.find(({ error }) => LACKS.has(error.kind)) ?? failures[0];
  const what = failure && LACKS.get(failure.error.kind);
  const retryAfterS = failure?.error.retryAfterS;
  const lack = what && { what, side: failure?.side };
  return { end: { type: lack === undefined ? 'stopped' : 'refused', retryAfterS }, lack, failures, isWhole: false };
}

const LACKS: ReadonlyMap<ErrorReport['kind'], Lack['what']> = new Map([
  ['unauthorized', 'right-secret'],
  ['denied', 'right-secret'],
  ['command', 'secret'],
  ['configuration', 'secret'],
]);

function tellThrown(pair: string, error: unknown, tell: (event: SyncEvent) => void, told: RunTeller): void {
  if (!(error instanceof ExpectedError)) told.bug(error);
  else tell({ type: 'failure', pair, collection: undefined, side: undefined, error: reportOf(error) });
}
