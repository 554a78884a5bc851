import type { Config, PairSettings } from '../../config/config.ts';
import { type FetchedValues, fetchValues } from '../../config/secret.ts';
import { startDaemon } from '../../daemon/daemon.ts';
import { type Readiness, tellReadiness } from '../../daemon/ready.ts';
import { ExpectedError, must, UsageError } from '../../model/errors.ts';
import { systemClock } from '../../system/clock.ts';
import { isJournal } from '../../system/journal.ts';
import { isHandedOver } from '../../system/ready-descriptor.ts';
import type { DaemonCommand } from '../call/command.ts';
import { readConfiguration } from '../configuration.ts';
import { asOnlyDaemon } from '../daemon/daemon-lock.ts';
import { daemonTeller } from '../daemon/daemon-teller.ts';
import { keptPair } from '../daemon/kept-pair.ts';
import { KeptValues } from '../daemon/kept-values.ts';
import { Wishes } from '../daemon/wishes.ts';
import type { Ending } from '../exit-code.ts';
import { fetchFor } from '../fetched-values.ts';
import { Interruption } from '../interruption.ts';
import { chooseWholePairs } from '../pairs/chosen-pairs.ts';
import { logReporter } from '../reporters/log.ts';
import { logPrint } from '../reporters/log-print.ts';
import type { Session } from '../session.ts';
import { showError } from '../show-error.ts';

/** How long runs may go on after the process was told to end: it has to end within ten seconds. */
const END_WITHIN_MS = 9000;

/** Keeps the chosen pairs in sync until the process is told to end, which is how it ends well. */
export async function daemon(command: DaemonCommand, session: Session): Promise<Ending> {
  const { outside } = session;
  const { readyDescriptor: descriptor } = command;
  if (descriptor !== undefined) refuseStrangeDescriptor(descriptor);
  outside.endsWellBySignal();
  const { JOURNAL_STREAM: stream } = outside.env;
  const print = logPrint(session.print, isJournal(stream, STDERR), systemClock.now);
  const logged = { ...session, print };
  const warn = (message: string): void => logTo(logged, 'warn', message);
  const readiness = tellReadiness({ env: outside.env, descriptor, clock: systemClock, warn });
  const keeping = { command, session: logged, readiness, wishes: new Wishes(outside) };
  try {
    let loaded: Loaded | undefined = await load(keeping);
    while (loaded !== undefined) loaded = await keepAsOnlyDaemon(loaded, keeping);
    return 'done';
  } catch (error) {
    return error instanceof Interruption ? 'done' : showError(error, print);
  } finally {
    readiness.close();
  }
}

const STDERR = 2;

function refuseStrangeDescriptor(descriptor: number): void {
  const hint = 'it is one that the service manager opened for this, such as 3';
  if (descriptor <= STDERR)
    throw new UsageError(`file descriptor ${descriptor} is taken by the standard streams`, { hint });
  if (!isHandedOver(descriptor)) throw new UsageError(`file descriptor ${descriptor} is not open`, { hint });
}

interface Keeping {
  readonly command: DaemonCommand;
  readonly session: Session;
  readonly readiness: Readiness;
  readonly wishes: Wishes;
}

interface Loaded {
  readonly config: Config;
  readonly pairs: readonly PairSettings[];
  readonly fetched: FetchedValues;
}

/** Throws an `ExpectedError` where the configuration cannot be used. */
async function load({ command, session }: Keeping): Promise<Loaded> {
  const config = await readConfiguration(session);
  const pairs = chooseWholePairs(config, command.pairs);
  return { config, pairs, fetched: await fetchFor(pairs, config, session) };
}

/** Answers the configuration whose status is elsewhere; undefined: the process is to end. */
function keepAsOnlyDaemon(first: Loaded, keeping: Keeping): Promise<Loaded | undefined> {
  const { statusPath } = first.fetched;
  return asOnlyDaemon(statusPath, keeping.session.outside.signal, async () => {
    let loaded: Loaded | undefined = first;
    while (loaded?.fetched.statusPath === statusPath) loaded = await keep(loaded, keeping);
    return loaded;
  });
}

/** Keeps the pairs of one configuration. Answers the one that takes its place; undefined: the process is to end. */
async function keep(loaded: Loaded, keeping: Keeping): Promise<Loaded | undefined> {
  const { session, readiness, wishes } = keeping;
  const { signal } = session.outside;
  const stop = new AbortController();
  const end = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const running = start(loaded, keeping, stop.signal);
  const stopSyncing = wishes.onSync(running.syncNow);
  try {
    const next = await Promise.race([nextConfiguration(keeping, running.begun), running.ended.then(() => undefined)]);
    if (signal.aborted) logTo(session, 'info', 'ends');
    stop.abort();
    if (!signal.aborted) await running.ended;
    else await Promise.race([Promise.all([running.ended, readiness.stopping()]), systemClock.sleep(END_WITHIN_MS)]);
    return signal.aborted ? undefined : next;
  } finally {
    stopSyncing();
    signal.removeEventListener('abort', end);
  }
}

function start({ config, pairs, fetched }: Loaded, { session, readiness }: Keeping, signal: AbortSignal) {
  const { outside } = session;
  const fetch = async (names: readonly string[]): Promise<FetchedValues> =>
    fetchValues({ ...config, statusPath: { type: 'here', value: fetched.statusPath } }, names, {
      env: outside.env,
      terminal: await outside.terminal(),
      signal,
    });
  const kept = new KeptValues(config, fetched, fetch);
  const settings = new Map(pairs.map((pair) => [pair.name, pair]));
  const troubled = new Set<string>();
  const showTroubles = (): void => readiness.status(statusOf(pairs, troubled));
  const keptPairs = pairs.map((pair) => keptPair(pair, { config, kept, env: outside.env }));
  const running = startDaemon(keptPairs, {
    clock: systemClock,
    random: Math.random,
    signal,
    tellerOf: ({ name }) =>
      daemonTeller(must(settings.get(name), `pair "${name}" is kept`), session, (has) => {
        if (has) troubled.add(name);
        else troubled.delete(name);
        showTroubles();
      }),
    onResume: (awayMs) => logTo(session, 'info', `looks at everything, after ${Math.round(awayMs / 1000)} s away`),
  });
  void running.begun.then(() => {
    if (signal.aborted) return;
    logTo(session, 'info', `keeps ${counted(pairs)} in sync`);
    readiness.ready();
    showTroubles();
  });
  return running;
}

const counted = ({ length }: readonly PairSettings[]): string => `${length} ${length === 1 ? 'pair' : 'pairs'}`;

const statusOf = (pairs: readonly PairSettings[], troubled: ReadonlySet<string>): string =>
  troubled.size === 0
    ? `keeps ${counted(pairs)} in sync`
    : `${troubled.size} of ${counted(pairs)} not in sync: ${[...troubled].sort().join(', ')}`;

/** Waits for a wish to read the configuration again, until it can be used. Undefined: the process is to end. */
async function nextConfiguration(keeping: Keeping, begun: Promise<void>): Promise<Loaded | undefined> {
  const { session, readiness, wishes } = keeping;
  const { signal } = session.outside;
  await begun;
  for (;;) {
    await wishes.reload(signal);
    if (signal.aborted) return undefined;
    readiness.reloading();
    try {
      const loaded = await load(keeping);
      logTo(session, 'info', 'read the configuration again');
      return loaded;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof ExpectedError)) throw error;
      showError(error, session.print);
      logTo(session, 'error', 'goes on with the configuration that it has');
      readiness.ready();
    }
  }
}

const logTo = ({ print, options }: Session, level: 'error' | 'warn' | 'info', message: string): void =>
  logReporter(print, options.level)({ type: 'log', level, pair: undefined, message });
