import { certainlyNotDone, StatusError, StorageError, type StorageErrorKind } from '../../src/model/errors.ts';
import { mapSides, SIDES, type Side } from '../../src/model/sides.ts';
import type { Step } from '../../src/storage/memory/memory-storage.ts';
import type { Summary, SyncEvent } from '../../src/sync/events.ts';
import type { RunOptions } from '../../src/sync/pair-setup.ts';
import { syncPair } from '../../src/sync/sync-pair.ts';
import { perform } from './acts.ts';
import type { Disturbance, LieMode } from './history.ts';
import { isWrite } from './judge.ts';
import { SteppedStatus } from './stepped-status.ts';
import { idOf, NOW, type World } from './world.ts';

export interface RunTerms {
  readonly disturbances: readonly Disturbance[];
  readonly full: boolean;
  readonly retryFailed: boolean;
  readonly dryRun: boolean;
}

/** A run as it was. `died`: it ended in the middle of something. */
export interface Ran {
  readonly summary: Summary | undefined;
  readonly events: readonly SyncEvent[];
  readonly steps: number;
  readonly writes: number;
  readonly fetches: number;
  /** Deletions of items that the engine did, by collection and side. */
  readonly deletions: ReadonlyMap<string, number>;
}

/** The process is no more. */
class Death extends Error {}

/** A run of the pair with all that happens meanwhile. What is under way when it dies is done or not; nothing follows. */
export async function run(world: World, terms: RunTerms): Promise<Ran> {
  world.touched.clear();
  world.unread.clear();
  const script = new Script(world, terms.disturbances);
  const events: SyncEvent[] = [];
  const counts = { writes: 0, fetches: 0 };
  const deletions = new Map<string, number>();
  world.onStep = (side, step) => {
    if (step.phase === 'after') {
      if (step.name === 'delete' && step.collection !== undefined) {
        const key = `${side}${step.collection}`;
        deletions.set(key, (deletions.get(key) ?? 0) + 1);
      }
    } else if (isWrite(step.name)) counts.writes += 1;
    else if (step.name === 'fetch') counts.fetches += 1;
    script.storageStep(side, step);
  };
  const options: RunOptions = {
    dryRun: terms.dryRun,
    full: terms.full,
    allow: { empty: false, delete: false, rollback: false },
    retryFailed: terms.retryFailed,
    only: undefined,
    confirm: undefined,
  };
  const setup = {
    name: 'pair',
    storages: mapSides(world.storages, (storage, side) => ({ name: `storage ${side}`, storage })),
    rules: world.rules,
    historyS: 1000,
  };
  const context = {
    status: new SteppedStatus(world.status, (name, work) => script.statusStep(name, work)),
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
    tell: (event: SyncEvent) => {
      events.push(event);
    },
    signal: script.signal,
  };
  let summary: Summary | undefined;
  try {
    summary = await syncPair(setup, options, context);
  } catch (error) {
    if (!script.mayThrow(error)) {
      world.log?.(error instanceof Error ? `    !! ${error.stack}` : '');
      world.breaks('SR6', `the run ended with ${error}`);
    }
  }
  await settled();
  world.onStep = undefined;
  for (const side of SIDES) {
    const storage = world.storages[side];
    storage.lie = undefined;
    storage.userMount();
    storage.mounted = true;
  }
  return { summary, events, steps: script.steps, ...counts, deletions };
}

/** Lets end what was under way when the run was left. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** What says itself that it is not all, or fails, or is all where changes would do, is no lie. */
const isHonest = (mode: LieMode): boolean =>
  mode === 'incomplete' || mode === 'forgets-checkpoint' || mode === 'cuts-fetch';

/** What happens at which step of a run. */
class Script {
  steps = 0;
  readonly #world: World;
  readonly #disturbances: readonly Disturbance[];
  readonly #aborter = new AbortController();
  #dead = false;
  #statusFailed = false;

  constructor(world: World, disturbances: readonly Disturbance[]) {
    this.#world = world;
    this.#disturbances = disturbances;
  }

  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  mayThrow(error: unknown): boolean {
    return (this.#dead && error instanceof Death) || (this.#statusFailed && error instanceof StatusError);
  }

  storageStep(side: Side, step: Step): void {
    const where = `${side}.${step.name} ${step.href ?? (step.collection === undefined ? '' : idOf(step.collection))}`;
    const kind = this.#next(`${where} ${step.phase}`);
    if (kind === undefined) return;
    if (step.name === 'fetch') this.#world.unread.add(side);
    // After the effect, only the reply can be lost.
    const lost = step.phase === 'after' && certainlyNotDone(kind) ? 'unavailable' : kind;
    throw new StorageError(lost, `${where} fails ${step.phase} its effect`);
  }

  statusStep<T>(name: string, work: () => T): T {
    if (this.#next(`status.${name} before`) !== undefined) {
      this.#statusFailed = true;
      throw new StatusError('the disk is full');
    }
    const result = work();
    this.#next(`status.${name} after`);
    return result;
  }

  /** Lets happen what is to happen at this step; the kind of failure, where it is one. */
  #next(where: string): StorageErrorKind | undefined {
    if (this.#dead) throw new Death();
    const step = this.steps;
    this.steps += 1;
    this.#world.log?.(`    ${step} ${where}`);
    let failure: StorageErrorKind | undefined;
    for (const { what } of this.#disturbances.filter((each) => each.step === step)) {
      switch (what.type) {
        case 'act':
          perform(this.#world, what.act);
          break;
        case 'fail':
          this.#world.log?.(`    ${step} fails: ${what.kind}`);
          failure = what.kind;
          break;
        case 'die':
          this.#world.log?.(`    ${step} dies`);
          this.#dead = true;
          throw new Death();
        case 'abort':
          this.#world.log?.(`    ${step} is interrupted`);
          this.#aborter.abort();
          break;
        case 'lie':
          this.#world.log?.(`    ${step} from here on, a lie: ${what.lie.mode} ${what.lie.pick}`);
          if (!isHonest(what.lie.mode)) this.#world.lied = true;
          if (what.lie.mode === 'cuts-fetch') for (const side of SIDES) this.#world.unread.add(side);
          for (const side of SIDES) this.#world.storages[side].lie = what.lie;
          break;
      }
    }
    return failure;
  }
}
