import { systemClock } from '../../system/clock.ts';
import { readConfiguration } from '../configuration.ts';
import { runningDaemon } from '../daemon/daemon-lock.ts';
import { type Ending, worst } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { isoTime } from '../local-time.ts';
import { chooseWholePairs } from '../pairs/chosen-pairs.ts';
import { printJson } from '../reporters/json.ts';
import { logs } from '../reporters/log.ts';
import { uidOf } from '../reporters/sentences.ts';
import type { Session } from '../session.ts';
import { wayOn } from '../status/matters.ts';
import { endingOfState, type PairReport, reportPair } from '../status/pair-report.ts';
import { showReport } from '../status/show-report.ts';

/** More in one collection would push the rest off the screen. */
const MOST_MATTERS = 10;

/** Tells from the status databases whether everything is in sync, and if not, what to do. No storage is asked. */
export async function status(names: readonly string[], session: Session): Promise<Ending> {
  const { options, print } = session;
  const config = await readConfiguration(session);
  const pairs = chooseWholePairs(config, names);
  const { statusPath } = await fetchFor([], config, session);
  const daemon = runningDaemon(statusPath);
  const most = logs(options.level, 'info') ? Number.POSITIVE_INFINITY : MOST_MATTERS;
  const endings = pairs.map((pair) => {
    const report = reportPair(statusPath, pair);
    if (options.json)
      printJson(print, 'status', {
        ...membersOf(report),
        daemon: daemon !== undefined,
        daemonPid: daemon?.pid ?? null,
      });
    else showReport(report, { print, now: systemClock.now(), most });
    return endingOfState(report.state);
  });
  if (!options.json) {
    const text = daemon === undefined ? 'no daemon runs' : `a daemon runs (process ${daemon.pid ?? 'unknown'})`;
    print.result(text, 'faint');
  }
  return worst(endings);
}

function membersOf({
  pair,
  state,
  running,
  lastRun,
  collections,
  waiting,
  error,
}: PairReport): Record<string, unknown> {
  return {
    pair: pair.name,
    state,
    running: running !== undefined,
    pid: running?.pid ?? null,
    run: lastRun?.run ?? null,
    began: lastRun === undefined ? null : isoTime(lastRun.beganAt),
    ended: lastRun?.ended === undefined ? null : isoTime(lastRun.ended.at),
    ...detailsOf(lastRun?.ended?.details),
    ...(error === undefined ? {} : { message: error.message, hint: error.hint ?? null }),
    collections: collections.map(({ name, items }) => ({ collection: name, items: items ?? null })),
    waiting: waiting.map((matter) => {
      const { type, collection, subject, side, summary, reason, since, waits } = matter;
      const isItem = collection !== undefined && subject !== '' && !subject.startsWith('property:');
      return {
        what: type,
        collection: collection ?? null,
        subject,
        uid: isItem && type !== 'unreadable' ? (uidOf(subject) ?? null) : null,
        side: side ?? null,
        storage: side === undefined ? null : pair.storages[side],
        summary,
        reason,
        since: isoTime(since),
        waits: waits !== false,
        next: wayOn(matter, pair) ?? null,
      };
    }),
  };
}

/** Of a run that ended by itself its summary, as `sync` printed it; of another what ended it. */
function detailsOf(details: string | undefined): Readonly<Record<string, unknown>> {
  if (details === undefined) return { summary: null, message: null };
  if (!details.startsWith('{')) return { summary: null, message: details };
  const summary: unknown = JSON.parse(details);
  return { summary, message: null };
}
