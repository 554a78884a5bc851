import type { PairSettings } from '../../config/config.ts';
import type { PairTeller } from '../../daemon/daemon-pair.ts';
import { ExpectedError, StorageError } from '../../model/errors.ts';
import type { Side } from '../../model/sides.ts';
import type { LogLevel, SyncEvent } from '../../sync/events.ts';
import { logLineOf } from '../reporters/daemon-log.ts';
import { jsonReporter } from '../reporters/json.ts';
import { logReporter } from '../reporters/log.ts';
import { Troubles } from '../reporters/news.ts';
import { isWriting } from '../reporters/sentences.ts';
import type { Session } from '../session.ts';
import { showBug } from '../show-error.ts';

/** Tells what happens to a pair that is run again and again; `onTroubles` is told after each run whether it has any. */
export function daemonTeller(
  { name, storages }: PairSettings,
  { options, print }: Session,
  onTroubles: (has: boolean) => void,
): PairTeller {
  const { level } = options;
  const log = options.json ? jsonReporter({ print, level, namesOf: () => storages }) : logReporter(print, level);
  const say = (lineLevel: LogLevel, message: string): void =>
    log({ type: 'log', level: lineLevel, pair: undefined, message });
  const tell = (event: SyncEvent): void => {
    const line = logLineOf(event, storages);
    if (options.json) log(withoutHolds(event));
    else if (line !== undefined) say(line.level, line.text);
  };
  const tellOver = (event: SyncEvent): void => {
    const line = logLineOf(event, storages);
    if (line !== undefined) say(line.level === 'error' ? 'warn' : line.level, `over: ${line.text}`);
  };
  const troubles = new Troubles({ tell, tellOver });
  const unwatched = new Map<Side, string>();
  let bug: string | undefined;
  return {
    beginRun() {
      troubles.beginRun();
      return {
        about: (only) => troubles.about(only),
        tell: (event) => troubles.tell(event),
        bug(error) {
          const stack = stackOf(error);
          if (stack !== bug) showBug(error, print);
          bug = stack;
        },
        end(whole) {
          troubles.endRun(whole);
          if (whole && bug !== undefined) {
            bug = undefined;
            say('warn', `${name}: over: the bug did not show itself again`);
          }
          onTroubles(troubles.count > 0 || bug !== undefined);
        },
      };
    },
    watching(side, problem) {
      // A storage that cannot be opened for want of a password: each run tells that.
      if (problem instanceof ExpectedError && !(problem instanceof StorageError)) return;
      const before = unwatched.get(side);
      if (problem === undefined) {
        unwatched.delete(side);
        if (before !== undefined) say('warn', `${name}: over: ${before}`);
        return;
      }
      const reason = problem instanceof ExpectedError ? sentenceOf(problem) : stackOf(problem);
      unwatched.set(side, reason);
      if (reason !== before) say('warn', `${name}: ${reason}`);
    },
    log: (lineLevel, message) => say(lineLevel, `${name}: ${message}`),
  };
}

/** What is held is told when it is news; the plan of each run would tell it each time. */
const withoutHolds = (event: SyncEvent): SyncEvent =>
  event.type === 'plan' ? { ...event, actions: () => event.actions().filter(({ verb }) => isWriting(verb)) } : event;

const sentenceOf = ({ message, hint }: ExpectedError): string => (hint === undefined ? message : `${message}; ${hint}`);

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
