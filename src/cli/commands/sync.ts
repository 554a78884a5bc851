import { ExpectedError, must, UsageError } from '../../model/errors.ts';
import { reportOf } from '../../sync/error-report.ts';
import type { PlannedAction, SyncEvent } from '../../sync/events.ts';
import type { RunOptions } from '../../sync/pair-setup.ts';
import { syncPair } from '../../sync/sync-pair.ts';
import { systemClock } from '../../system/clock.ts';
import { forEachAtOnce } from '../../system/pool.ts';
import type { Terminal } from '../../system/terminal-prompt.ts';
import type { SyncCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import { resolver } from '../conflicts/run-resolver.ts';
import { type Ending, endingOfRun, worst } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { Interruption } from '../interruption.ts';
import { type ChosenPair, choosePairs } from '../pairs/chosen-pairs.ts';
import { refuseUnknownCollections } from '../pairs/known-collections.ts';
import { type PairTerms, withPair, withPairToLookAt } from '../pairs/open-pair.ts';
import { runReporter } from '../reporters/run-reporter.ts';
import { isWriting } from '../reporters/sentences.ts';
import { showPlan } from '../reporters/text.ts';
import { runHook } from '../run-hook.ts';
import type { Session } from '../session.ts';
import { endingOf, showBug } from '../show-error.ts';

/** Each waits for its own servers most of the time. */
const PAIRS_AT_ONCE = 4;

/** One run of the chosen pairs, side by side. A pair that fails never stops another. */
export async function sync(command: SyncCommand, session: Session): Promise<Ending> {
  const { signal } = session.outside;
  const asked = command.interactive ? await terminalFor(session) : undefined;
  const config = await readConfiguration(session, command.dryRun ? 'writing-nothing' : 'plain');
  const chosen = choosePairs(config, command.pairs);
  const pairs = chosen.map(({ settings }) => settings);
  const fetched = await fetchFor(pairs, config, session);
  const tell = runReporter(pairs, command.dryRun, session);
  const terms = { config, fetched, tell, signal };
  const endings: Ending[] = [];
  // A person can follow one plan at a time.
  const atOnce = asked === undefined ? PAIRS_AT_ONCE : 1;
  await forEachAtOnce(
    chosen,
    atOnce,
    async (pair) => {
      endings.push(await syncOne(pair, terms, optionsFor(pair, command, asked, session), session));
    },
    signal,
  );
  return worst(endings);
}

async function terminalFor({ outside, options }: Session): Promise<Terminal> {
  if (options.json) throw new UsageError('--interactive is for people, and --json is not');
  const terminal = await outside.terminal();
  if (terminal !== undefined) return terminal;
  throw new UsageError('--interactive asks on the terminal, and there is none', {
    hint: '"pimsync sync --dry-run" shows what would be done, and does not ask',
  });
}

function optionsFor(
  { settings, only }: ChosenPair,
  { dryRun, full, allow }: SyncCommand,
  asked: Terminal | undefined,
  { print, options }: Session,
): RunOptions {
  const confirm = async (actions: readonly PlannedAction[]): Promise<boolean> => {
    if (!actions.some(({ verb }) => isWriting(verb))) return true;
    showPlan(settings.name, actions, { print, level: options.level, namesOf: () => settings.storages });
    const answer = await must(asked, 'somebody can be asked').ask(`${settings.name}: do this? [y/N]`, 'shown');
    return /^\s*y(es)?\s*$/i.test(answer ?? '');
  };
  // Who calls `sync` wants what failed before to be tried again (SI16).
  return { dryRun, full, allow, only, retryFailed: true, confirm: asked === undefined ? undefined : confirm };
}

async function syncOne(
  { settings }: ChosenPair,
  terms: PairTerms,
  options: RunOptions,
  { print, outside }: Session,
): Promise<Ending> {
  const { tell, signal } = terms;
  const open = options.dryRun ? withPairToLookAt : withPair;
  try {
    const summary = await open(settings, terms, async (setup, status) => {
      const runResolver = resolver({ config: terms.config, env: outside.env, signal });
      const context = { status, clock: systemClock, tell, runResolver, signal };
      await refuseUnknownCollections(setup, options, context);
      return syncPair(setup, options, context);
    });
    await runHook(settings, summary, { ...terms, env: outside.env });
    return endingOfRun(summary);
  } catch (error) {
    if (error instanceof Interruption) return error.by;
    if (error instanceof UsageError) throw error;
    if (!(error instanceof ExpectedError)) return showBug(error, print);
    tell(failure(settings.name, error));
    return endingOf(error);
  }
}

const failure = (pair: string, error: ExpectedError): SyncEvent => ({
  type: 'failure',
  pair,
  collection: undefined,
  side: undefined,
  error: reportOf(error),
});
