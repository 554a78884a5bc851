import type { PairSettings } from '../../config/config.ts';
import { ExpectedError, UsageError } from '../../model/errors.ts';
import type { OpenConflict } from '../../sync/conflict-settler.ts';
import { reportOf } from '../../sync/error-report.ts';
import type { Summary } from '../../sync/events.ts';
import type { RunOptions } from '../../sync/pair-setup.ts';
import { systemClock } from '../../system/clock.ts';
import type { Keys } from '../../system/terminal-keys.ts';
import type { ResolveCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import { carryOut, type Decision, isPossible } from '../conflicts/conflict-decisions.ts';
import { type Answers, askForDecisions } from '../conflicts/conflict-dialog.ts';
import { editConflict } from '../conflicts/conflict-edit.ts';
import { type ConflictLook, lookForConflicts } from '../conflicts/conflict-look.ts';
import { conflictLines, conflictMembers, conflictName } from '../conflicts/shown-conflict.ts';
import { type Ending, endingOfRun, worst } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { Interruption } from '../interruption.ts';
import { type ChosenPair, choosePairs } from '../pairs/chosen-pairs.ts';
import { refuseUnknownCollections } from '../pairs/known-collections.ts';
import { type PairTerms, withPair, withPairToLookAt } from '../pairs/open-pair.ts';
import type { Print } from '../print.ts';
import { printJson } from '../reporters/json.ts';
import { runReporter } from '../reporters/run-reporter.ts';
import { runHook } from '../run-hook.ts';
import type { Session } from '../session.ts';
import { endingOf } from '../show-error.ts';

/**
 * Goes through the open conflicts of the chosen pairs, one pair after the other: looks, lets somebody decide, and
 * carries that out. A pair is locked while it is looked at and while it is written to, not while a person thinks.
 */
export async function resolveConflicts(command: ResolveCommand, session: Session): Promise<Ending> {
  const { dryRun, keep } = command;
  const { signal } = session.outside;
  const terminal = dryRun || keep !== undefined ? undefined : await terminalFor(session);
  const config = await readConfiguration(session, dryRun ? 'writing-nothing' : 'plain');
  const chosen = choosePairs(config, command.pairs);
  const pairs = chosen.map(({ settings }) => settings);
  const fetched = await fetchFor(pairs, config, session);
  const tell = runReporter(pairs, false, session);
  const terms = { config, fetched, tell, signal };
  const endings: Ending[] = [];
  for (const pair of chosen) {
    signal.throwIfAborted();
    const { ending, quit } = await resolveOne(pair, { command, terminal, terms, session });
    endings.push(ending);
    if (quit) break;
  }
  return worst(endings);
}

async function terminalFor({ outside, options }: Session): Promise<Keys> {
  const hint = '"--keep a" or "--keep b" settles them all, and "--dry-run" only shows them';
  if (options.json) throw new UsageError('resolve-conflicts asks a person, and --json is for programs', { hint });
  const terminal = await outside.terminal();
  if (terminal !== undefined) return terminal;
  throw new UsageError('resolve-conflicts asks on the terminal, and there is none', { hint });
}

interface Resolving {
  readonly command: ResolveCommand;
  /** Undefined where nobody is asked. */
  readonly terminal: Keys | undefined;
  readonly terms: PairTerms;
  readonly session: Session;
}

/** A pair that fails does not stop the others. */
async function resolveOne(
  { settings, only }: ChosenPair,
  resolving: Resolving,
): Promise<{ readonly ending: Ending; readonly quit: boolean }> {
  const { terms } = resolving;
  const options: RunOptions = { ...OPTIONS, only };
  try {
    const look = await lookAt(settings, options, resolving);
    show(settings, look, resolving);
    const { decisions, quit } = await decide(settings, look, resolving);
    const summary = decisions.length === 0 ? undefined : await apply(settings, decisions, options, resolving);
    if (summary !== undefined) {
      await runHook(settings, summary, { ...terms, env: resolving.session.outside.env });
    }
    return { ending: endingOfPair(look, decisions, summary), quit };
  } catch (error) {
    if (error instanceof Interruption || error instanceof UsageError || !(error instanceof ExpectedError)) throw error;
    const nowhere = { collection: undefined, side: undefined };
    terms.tell({ type: 'failure', pair: settings.name, ...nowhere, error: reportOf(error) });
    return { ending: endingOf(error), quit: false };
  }
}

const OPTIONS = {
  dryRun: false,
  full: false,
  allow: { empty: false, delete: false, rollback: false },
  retryFailed: true,
  confirm: undefined,
} as const;

function lookAt(pair: PairSettings, options: RunOptions, { command, terms }: Resolving): Promise<ConflictLook> {
  const { tell, signal } = terms;
  const open = command.dryRun ? withPairToLookAt : withPair;
  return open(pair, terms, async (setup, status) => {
    const context = { status, clock: systemClock, tell, signal };
    await refuseUnknownCollections(setup, options, context);
    return lookForConflicts(setup, options, context);
  });
}

function show(pair: PairSettings, look: ConflictLook, { command, session }: Resolving): void {
  const { print, options } = session;
  const { conflicts, unread } = look;
  for (const name of unread) {
    print.note(`${name} stays in conflict: a version of it could not be read`, 'warning');
  }
  for (const conflict of conflicts) {
    if (options.json) printJson(print, 'conflict', conflictMembers(conflict));
    else if (command.dryRun) showConflict(conflict, pair, print);
  }
  if (options.json) return;
  const isNone = conflicts.length + unread.length === 0 && !look.failed;
  if (isNone) print.result(`${pair.name}: no conflicts`, 'good');
  else if (command.dryRun) print.result(`${pair.name}: ${counted(conflicts.length)}`, 'warning');
}

function showConflict(conflict: OpenConflict, { storages }: PairSettings, print: Print): void {
  for (const { text, style } of conflictLines(conflict, storages)) print.result(text, style);
}

const counted = (count: number): string => (count === 1 ? '1 conflict' : `${count} conflicts`);

async function decide(
  pair: PairSettings,
  look: ConflictLook,
  { command, terminal, terms, session }: Resolving,
): Promise<Answers> {
  const { conflicts, readOnly } = look;
  const { print, outside } = session;
  if (terminal !== undefined) {
    const { config, signal } = terms;
    const ways = pair.rules.conflictResolution;
    const editTerms = { config, ways, names: pair.storages, env: outside.env, signal };
    return askForDecisions(conflicts, {
      terminal,
      print,
      names: pair.storages,
      readOnly,
      keepsHistory: config.historyS > 0,
      edit: (conflict) => editConflict(conflict, editTerms),
      signal,
    });
  }
  const { keep } = command;
  if (keep === undefined) return { decisions: [], quit: false };
  const settlement = { type: 'keep', side: keep } as const;
  if (isPossible(settlement, readOnly)) {
    return { decisions: conflicts.map((conflict) => ({ conflict, settlement })), quit: false };
  }
  for (const conflict of conflicts) {
    print.note(
      `${conflictName(conflict)} stays in conflict: a storage that would be written takes no writes`,
      'warning',
    );
  }
  return { decisions: [], quit: false };
}

function apply(
  pair: PairSettings,
  decisions: readonly Decision[],
  options: RunOptions,
  { terms }: Resolving,
): Promise<Summary> {
  const { tell, signal } = terms;
  return withPair(pair, terms, (setup, status) =>
    carryOut(decisions, setup, options, { status, clock: systemClock, tell, signal }),
  );
}

/** What else of the pair waits for a person is not this command's matter. */
function endingOfPair(
  { conflicts, unread, failed }: ConflictLook,
  decisions: readonly Decision[],
  summary: Summary | undefined,
): Ending {
  const stay = conflicts.length - decisions.length + unread.length + (summary?.conflicts ?? 0);
  const endings: Ending[] = [failed ? 'failed' : 'done', stay > 0 ? 'waiting' : 'done'];
  const ending = summary === undefined ? 'done' : endingOfRun(summary);
  return worst([...endings, ending === 'waiting' ? 'done' : ending]);
}
