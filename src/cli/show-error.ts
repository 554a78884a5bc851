import { ConfigError } from '../config/config-error.ts';
import { ExpectedError, UsageError } from '../model/errors.ts';
import type { Ending } from './exit-code.ts';
import type { Print } from './print.ts';

/** Shows what ended a command: a sentence and what to do, or, for a bug, all that helps to find it. */
export function showError(error: unknown, print: Print): Ending {
  if (!(error instanceof ExpectedError)) return showBug(error, print);
  for (const line of `pimsync: ${error.message}`.split('\n')) print.note(line, 'bad');
  if (error.hint !== undefined) print.note(`  ${error.hint}`);
  return endingOf(error);
}

export const endingOf = (error: ExpectedError): Ending =>
  error instanceof UsageError || error instanceof ConfigError ? 'usage' : 'failed';

export function showBug(error: unknown, print: Print): Ending {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) print.note(line);
  print.note('pimsync: this is a bug; please report it, with the lines above', 'bad');
  return 'failed';
}
