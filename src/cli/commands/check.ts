import type { PairSettings } from '../../config/config.ts';
import type { FetchedValues } from '../../config/secret.ts';
import type { StorageSettings } from '../../config/storage.ts';
import { ExpectedError, must, StorageError } from '../../model/errors.ts';
import { SIDES } from '../../model/sides.ts';
import type { CheckResult } from '../../storage/storage.ts';
import { reportOf } from '../../sync/error-report.ts';
import { forEachAtOnce } from '../../system/pool.ts';
import { readConfiguration } from '../configuration.ts';
import { type Ending, worst } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { chooseWholePairs } from '../pairs/chosen-pairs.ts';
import { fateOfRoot } from '../pairs/missing-root.ts';
import { openStorage } from '../pairs/open-storage.ts';
import { errorMembers, printJson } from '../reporters/json.ts';
import { logReporter } from '../reporters/log.ts';
import type { Session } from '../session.ts';

const STORAGES_AT_ONCE = 4;

type Checked =
  | { readonly type: 'works'; readonly result: CheckResult }
  | { readonly type: 'fails'; readonly error: ExpectedError };

/** Tries what every run needs: the configuration, the secrets, each storage of the chosen pairs. */
export async function check(pairs: readonly string[], session: Session): Promise<Ending> {
  const config = await readConfiguration(session);
  const chosen = chooseWholePairs(config, pairs);
  const fetched = await fetchFor(chosen, config, session);
  const names = new Set(chosen.flatMap(({ storages }) => SIDES.map((side) => storages[side])));
  const endings: Ending[] = [];
  await forEachAtOnce(
    names,
    STORAGES_AT_ONCE,
    async (name) => {
      const storage = must(config.storages.get(name), `storage "${name}" is configured`);
      const checked = await checkStorage(storage, chosen, fetched, session);
      show(storage, checked, session);
      endings.push(checked.type === 'works' ? 'done' : 'failed');
    },
    session.outside.signal,
  );
  return worst(endings);
}

async function checkStorage(
  configured: StorageSettings,
  pairs: readonly PairSettings[],
  { settings, failures, statusPath }: FetchedValues,
  { outside, options, print }: Session,
): Promise<Checked> {
  const { name } = configured;
  const failure = failures.get(name);
  if (failure !== undefined) return { type: 'fails', error: failure };
  const tell = logReporter(print, options.level);
  let remembered: string | undefined;
  const values = must(settings.get(name), `the values of storage "${name}" were fetched`);
  const storage = openStorage(configured, values, {
    memory: {
      recall: () => remembered,
      remember: (text) => {
        remembered = text;
      },
    },
    log: (level, message) => tell({ type: 'log', level, pair: undefined, message: `${name}: ${message}` }),
    signal: outside.signal,
  });
  try {
    return { type: 'works', result: await storage.check() };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const path = values.get('path');
    if (typeof path !== 'string' || !(error instanceof StorageError) || error.kind !== 'not-found') {
      return { type: 'fails', error };
    }
    const fate = fateOfRoot(error, configured, pairs, statusPath);
    if (fate !== 'made') return { type: 'fails', error: fate };
    return { type: 'works', result: { found: `${path} does not exist yet; sync will create it`, warnings: [] } };
  } finally {
    await storage.close();
  }
}

function show({ name, type }: StorageSettings, checked: Checked, { options, print }: Session): void {
  if (options.json) {
    const works = checked.type === 'works';
    const found = works ? { found: checked.result.found, warnings: checked.result.warnings } : {};
    const error = works ? {} : errorMembers(reportOf(checked.error));
    printJson(print, 'storage', { storage: name, storageType: type.name, works, ...found, ...error });
    return;
  }
  const start = `${name} (${type.name})`;
  if (checked.type === 'fails') {
    // Which storage it is stands in front.
    const problem = checked.error.message.replace(` on storage "${name}"`, '').replace(` of storage "${name}"`, '');
    print.result(`${start}: does not work: ${problem}`, 'bad');
    if (checked.error.hint !== undefined) print.result(`  ${checked.error.hint}`);
    return;
  }
  print.result(`${start}: ${checked.result.found}`, 'good');
  for (const warning of checked.result.warnings) print.result(`  warning: ${warning}`, 'warning');
}
