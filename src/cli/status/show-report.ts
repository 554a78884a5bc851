import { unreachable } from '../../model/errors.ts';
import type { KnownWaiting } from '../../status/waiting-list.ts';
import { localTime, timeAgo } from '../local-time.ts';
import type { Print, Style } from '../print.ts';
import { matterName, wayOn } from './matters.ts';
import type { PairReport, PairState } from './pair-report.ts';

export interface ReportTerms {
  readonly print: Print;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How much is shown of what waits in one collection. */
  readonly most: number;
}

/** A pair for people: how it is, its collections, and what waits there with the way on. */
export function showReport(report: PairReport, terms: ReportTerms): void {
  const { print, now } = terms;
  const { pair, running, collections, waiting, error } = report;
  print.result(`${pair.name}: ${stateText(report, now)}`, STYLES[report.state]);
  if (running !== undefined) print.result(`  ${processText(running.pid)} runs it now`);
  if (error?.hint !== undefined) print.result(`  ${error.hint}`);
  showMatters(
    report,
    waiting.filter(({ collection }) => collection === undefined),
    terms,
  );
  const width = Math.max(0, ...collections.map(({ name }) => name.length));
  for (const { name, items } of collections) {
    const count = items === undefined ? 'not synced yet' : items === 1 ? '1 item' : `${items} items`;
    print.result(`  ${name.padEnd(width)}  ${count}`);
    showMatters(
      report,
      waiting.filter(({ collection }) => collection === name),
      terms,
    );
  }
  const way = wayOfState(report);
  if (way !== undefined) print.result(`  to go on: ${way}`);
}

function showMatters({ pair }: PairReport, matters: readonly KnownWaiting[], { print, most }: ReportTerms): void {
  const ways = new Set<string>();
  for (const [index, matter] of matters.entries()) {
    const way = wayOn(matter, pair);
    if (way !== undefined) ways.add(way);
    if (index >= most) continue;
    const style = matter.waits === false ? 'faint' : matter.type === 'failed' ? 'bad' : 'warning';
    const since = localTime(matter.since);
    print.result(`    ${matter.type}: ${matterName(matter, pair)}: ${matter.reason} (since ${since})`, style);
  }
  if (matters.length > most) print.result(`    and ${matters.length - most} more; -v info shows all`);
  for (const way of ways) print.result(`      to go on: ${way}`);
}

const STYLES: Readonly<Record<PairState, Style>> = {
  'in-sync': 'good',
  waiting: 'warning',
  'never-synced': 'warning',
  failed: 'bad',
  interrupted: 'bad',
  'broken-off': 'bad',
  unusable: 'bad',
};

function stateText({ state, lastRun, error }: PairReport, now: number): string {
  const at = lastRun === undefined ? '' : momentOf(lastRun.ended?.at ?? lastRun.beganAt, now);
  switch (state) {
    case 'in-sync':
      return `in sync; last run ${at}`;
    case 'waiting':
      return `something waits for you; last run ${at}`;
    case 'failed':
      return `failed; last run ${at}${failureText(lastRun?.ended?.details)}`;
    case 'interrupted':
      return `its last run was told to end before it was done, ${at}`;
    case 'broken-off':
      return `its last run, begun ${at}, was broken off (killed, or a crash)`;
    case 'never-synced':
      return 'never synced';
    case 'unusable':
      return error?.message ?? 'its status cannot be used';
    default:
      return unreachable(state);
  }
}

/** The details of a run are counts, or what ended it. */
const failureText = (details: string | undefined): string =>
  details === undefined || details.startsWith('{') ? '' : `: ${details}`;

const momentOf = (at: number, now: number): string => `${timeAgo(at, now)} (${localTime(at)})`;

const processText = (pid: number | undefined): string => (pid === undefined ? 'another process' : `process ${pid}`);

/** What concerns the pair as a whole; what waits in it has ways of its own. */
function wayOfState({ pair, state, running, waiting }: PairReport): string | undefined {
  if (running !== undefined) return undefined;
  switch (state) {
    case 'never-synced':
    case 'interrupted':
    case 'broken-off':
      return `pimsync sync ${pair.name}`;
    case 'failed':
    case 'waiting':
      return waiting.some((matter) => wayOn(matter, pair) !== undefined) ? undefined : `pimsync sync ${pair.name}`;
    case 'in-sync':
    case 'unusable':
      return undefined;
    default:
      return unreachable(state);
  }
}
