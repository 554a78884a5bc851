import type { LogLevel, SyncEvent } from '../../sync/events.ts';
import type { Print, Style } from '../print.ts';

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace'];

/** Whether what has `level` is shown to who asked for `wanted`. */
export const logs = (wanted: LogLevel, level: LogLevel): boolean => LEVELS.indexOf(level) <= LEVELS.indexOf(wanted);

/** What a run logs, a line each on standard error. */
export function logReporter(print: Print, wanted: LogLevel): (event: SyncEvent) => void {
  return (event) => {
    if (event.type !== 'log' || !logs(wanted, event.level)) return;
    const pair = event.pair === undefined ? '' : `${event.pair}: `;
    print.note(`${NAMES[event.level]}: ${pair}${event.message}`, STYLES[event.level]);
  };
}

const NAMES: Readonly<Record<LogLevel, string>> = {
  error: 'error',
  warn: 'warning',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
};

const STYLES: Readonly<Record<LogLevel, Style>> = {
  error: 'bad',
  warn: 'warning',
  info: 'plain',
  debug: 'faint',
  trace: 'faint',
};
