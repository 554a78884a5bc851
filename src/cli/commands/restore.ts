import type { PairSettings } from '../../config/config.ts';
import { must } from '../../model/errors.ts';
import type { KeptVersion } from '../../status/history.ts';
import type { Summary, SyncEvent } from '../../sync/events.ts';
import type { PairSetup, RunContext } from '../../sync/pair-setup.ts';
import { restoreVersions } from '../../sync/restore/restore.ts';
import type { Restorable } from '../../sync/restore/restore-decision.ts';
import { syncPair } from '../../sync/sync-pair.ts';
import { systemClock } from '../../system/clock.ts';
import type { RestoreCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import { resolver } from '../conflicts/run-resolver.ts';
import { type Ending, endingOfRun, worst } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { chooseWholePairs } from '../pairs/chosen-pairs.ts';
import { lookAtStatus } from '../pairs/look-at-status.ts';
import { withPair, withPairToLookAt } from '../pairs/open-pair.ts';
import { runReporter } from '../reporters/run-reporter.ts';
import { nameOf, placeOf } from '../reporters/sentences.ts';
import { runHook } from '../run-hook.ts';
import type { Session } from '../session.ts';
import { chooseVersions, versionsBefore } from '../versions/chosen-versions.ts';
import { writeVersion } from '../versions/write-version.ts';

/** Puts kept versions back: on one side as an edit, and to the other one by an ordinary run of their collections. */
export async function restore(command: RestoreCommand, session: Session): Promise<Ending> {
  const { dryRun, to } = command;
  const { signal } = session.outside;
  const config = await readConfiguration(session, dryRun ? 'writing-nothing' : 'plain');
  const pair = must(chooseWholePairs(config, [command.pair])[0], 'a pair was named');
  const { statusPath } = await fetchFor([], config, session);
  // Before anybody is asked for a password, and before anything is written.
  const versions = readVersions(statusPath, pair, command);
  if (to !== undefined) {
    await writeVersion(must(versions[0], 'one version was named').text, to, session);
    return 'done';
  }
  const fetched = await fetchFor([pair], config, session);
  const tell = runReporter([pair], dryRun, session);
  const open = dryRun ? withPairToLookAt : withPair;
  const { failed, summary } = await open(pair, { config, fetched, tell, signal }, async (setup, status) => {
    const runResolver = resolver({ config, env: session.outside.env, signal });
    const context = { status, clock: systemClock, tell, runResolver, signal };
    const told = (event: SyncEvent): void => {
      tell(event);
      if (!session.options.json) showAlreadySo(event, setup, session);
    };
    const restored = await restoreVersions(setup, versions, dryRun, { ...context, tell: told });
    const isCarried = !dryRun && restored.collections.size > 0 && !signal.aborted;
    return { ...restored, summary: isCarried ? await carryOver(restored.collections, setup, context) : undefined };
  });
  if (dryRun && !session.options.json) session.print.result(`${pair.name}: dry run, nothing was written`);
  if (summary !== undefined) await runHook(pair, summary, { config, env: session.outside.env, tell, signal });
  return worst([failed > 0 ? 'failed' : 'done', summary === undefined ? 'done' : endingOfRun(summary)]);
}

/** Texts are read at once: the status is a copy that is closed when this returns. */
function readVersions(
  statusPath: string,
  pair: PairSettings,
  { versions, run }: RestoreCommand,
): readonly Restorable[] {
  return lookAtStatus(statusPath, pair.name, (status) => {
    const kept: readonly KeptVersion[] = [...status.versions()];
    const chosen = run === undefined ? chooseVersions(kept, versions, pair) : versionsBefore(kept, run, pair);
    return chosen.map((version) => ({
      ...version,
      text: must(status.versionText(version.id), 'what is listed is kept'),
    }));
  });
}

/** What is put back may well be many older texts at once, and is wanted so: no store was rolled back (SG5). */
const carryOver = (collections: ReadonlySet<string>, setup: PairSetup, context: RunContext): Promise<Summary> =>
  syncPair(
    setup,
    {
      dryRun: false,
      full: false,
      allow: { empty: false, delete: false, rollback: true },
      retryFailed: true,
      only: collections,
      confirm: undefined,
    },
    context,
  );

function showAlreadySo(event: SyncEvent, { name, storages }: PairSetup, { print }: Session): void {
  if (event.type !== 'action' || event.action.verb !== 'record' || event.action.side === undefined) return;
  const place = placeOf(name, event.action.collection);
  print.result(`${place}: ${nameOf(event.action)} is so already on ${storages[event.action.side].name}`);
}
