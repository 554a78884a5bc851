import type { Config } from '../../config/config.ts';
import type { FetchedValues } from '../../config/secret.ts';
import type { StorageSettings } from '../../config/storage.ts';
import { didYouMean } from '../../config/suggestion.ts';
import { ExpectedError, must, UsageError } from '../../model/errors.ts';
import type { Surroundings } from '../../storage/storage-type.ts';
import { reportOf } from '../../sync/error-report.ts';
import type { ErrorReport } from '../../sync/events.ts';
import { type RepairEvent, repairStorage, type StorageUse } from '../../sync/repair/repair.ts';
import type { RepairCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import { type Ending, worst } from '../exit-code.ts';
import { fetchForStorages } from '../fetched-values.ts';
import { LOCK_WAIT_MS } from '../pairs/open-pair.ts';
import { openStorage } from '../pairs/open-storage.ts';
import { withUsesOf } from '../pairs/storage-uses.ts';
import { errorMembers, printJson } from '../reporters/json.ts';
import { logReporter } from '../reporters/log.ts';
import { findingLines, findingMembers } from '../reporters/shown-finding.ts';
import type { Session } from '../session.ts';

/**
 * Goes through storages: items without UID get one, equal copies are removed; what only a person can settle is told.
 * While it goes on, no pair that has the storage is run.
 */
export async function repair(command: RepairCommand, session: Session): Promise<Ending> {
  const config = await readConfiguration(session, command.dryRun ? 'writing-nothing' : 'plain');
  const chosen = chooseStorages(command, config);
  const fetched = await fetchForStorages(
    chosen.map(({ name }) => name),
    config,
    session,
  );
  const endings: Ending[] = [];
  for (const storage of chosen) {
    session.outside.signal.throwIfAborted();
    const repairing = new Repairing(storage, session);
    try {
      // What is read-only is looked through all the same, as long as nobody asked to have it repaired.
      await repairOne({ storage, config, fetched, dryRun: command.dryRun || storage.readOnly, repairing }, session);
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      repairing.fail(undefined, reportOf(error));
    }
    endings.push(repairing.end());
  }
  return worst(endings);
}

function chooseStorages({ storages, dryRun }: RepairCommand, config: Config): readonly StorageSettings[] {
  if (storages.length === 0) return [...config.storages.values()];
  return [...new Set(storages)].map((name) => {
    const storage = config.storages.get(name);
    const known = [...config.storages.keys()];
    if (storage === undefined) {
      const hint = `the storages are ${known.map((each) => `"${each}"`).join(', ')}`;
      throw new UsageError(`there is no storage "${name}"${didYouMean(name, known)}`, { hint });
    }
    if (storage.readOnly && !dryRun) {
      throw new UsageError(`storage "${name}" is read-only, and to repair is to write`, {
        hint: `"pimsync repair -n ${name}" shows what is wrong there`,
      });
    }
    return storage;
  });
}

interface RepairOne {
  readonly storage: StorageSettings;
  readonly config: Config;
  readonly fetched: FetchedValues;
  readonly dryRun: boolean;
  readonly repairing: Repairing;
}

async function repairOne({ storage, config, fetched, dryRun, repairing }: RepairOne, session: Session): Promise<void> {
  const { outside, options, print } = session;
  const { signal } = outside;
  const { statusPath, settings, failures } = fetched;
  const failure = failures.get(storage.name);
  if (failure !== undefined) throw failure;
  const log = logReporter(print, options.level);
  const onWait = (pair: string) => (holder: number | undefined) =>
    print.note(`${pair}: waiting for ${holder === undefined ? 'another process' : `process ${holder}`}`, 'warning');
  const lock = dryRun ? undefined : (pair: string) => ({ waitMs: LOCK_WAIT_MS, onWait: onWait(pair), signal });
  await withUsesOf(storage.name, { config, statusPath, lock }, async (uses) => {
    const opened = openStorage(storage, must(settings.get(storage.name), 'its values were fetched'), {
      memory: memoryOf(uses[0]),
      log: (level, message) => log({ type: 'log', level, pair: undefined, message: `${storage.name}: ${message}` }),
      signal,
    });
    try {
      const keepHistory = config.historyS > 0;
      const tell = (event: RepairEvent): void => repairing.show(event);
      await repairStorage({ storage: opened, uses, keepHistory, dryRun, tell, signal });
    } finally {
      await opened.close();
    }
  });
}

/** What a run of a pair that has the storage found out about it. */
function memoryOf(use: StorageUse | undefined): Surroundings['memory'] {
  let remembered = use?.status.recall(use.side);
  return {
    recall: () => remembered,
    remember: (text) => {
      remembered = text;
    },
  };
}

/** Shows what is found in one storage, and counts it. */
class Repairing {
  readonly #storage: StorageSettings;
  readonly #session: Session;
  readonly #endings: Ending[] = [];

  constructor(storage: StorageSettings, session: Session) {
    this.#storage = storage;
    this.#session = session;
  }

  show(event: RepairEvent): void {
    if (event.type === 'failure') {
      this.fail(event.collection?.id, event.error);
      return;
    }
    const { name } = this.#storage;
    const { print, options } = this.#session;
    this.#endings.push(endingOf(event));
    if (options.json) printJson(print, 'repair', findingMembers(name, event));
    else for (const { text, style } of findingLines(name, event)) print.result(text, style);
  }

  fail(collection: string | undefined, error: ErrorReport): void {
    const { name } = this.#storage;
    const { print, options } = this.#session;
    this.#endings.push('failed');
    if (options.json) {
      const where = { pair: null, collection: collection ?? null, side: null, storage: name };
      printJson(print, 'failure', { ...where, ...errorMembers(error) });
      return;
    }
    const place = collection === undefined ? name : `${name}/${collection}`;
    print.note(`${place}: ${error.message}`, 'bad');
    if (error.hint !== undefined) print.note(`  ${error.hint}`);
  }

  end(): Ending {
    const { print, options } = this.#session;
    if (this.#endings.length === 0 && !options.json) print.result(`${this.#storage.name}: nothing to repair`, 'good');
    return worst(this.#endings);
  }
}

/** What was only shown waits for a person, who may have it done. */
function endingOf({ outcome }: Extract<RepairEvent, { type: 'finding' }>): Ending {
  if (outcome === undefined) return 'waiting';
  return outcome.type === 'done' ? 'done' : 'failed';
}
