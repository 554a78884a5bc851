import type { PairSettings } from '../../config/config.ts';
import { must } from '../../model/errors.ts';
import type { Sides } from '../../model/sides.ts';
import type { SyncEvent } from '../../sync/events.ts';
import type { Session } from '../session.ts';
import { jsonReporter } from './json.ts';
import { logReporter } from './log.ts';
import { progressReporter } from './progress.ts';
import { textReporter } from './text.ts';

/** Tells what happens in runs of these pairs, in the way that the call asked for. */
export function runReporter(
  pairs: readonly PairSettings[],
  dryRun: boolean,
  { outside, options, print }: Session,
): (event: SyncEvent) => void {
  const { level } = options;
  const names = new Map(pairs.map(({ name, storages }) => [name, storages]));
  const namesOf = (pair: string): Sides<string> => must(names.get(pair), `pair "${pair}" was chosen`);
  if (options.json) return jsonReporter({ print, level, namesOf });
  const reporters = [textReporter({ print, level, dryRun, namesOf }), logReporter(print, level)];
  // Not every terminal can take back what it shows.
  const { TERM } = outside.env;
  if (outside.stderr.isTTY === true && TERM !== 'dumb')
    reporters.push(progressReporter(print, () => performance.now()));
  return (event) => {
    for (const report of reporters) report(event);
  };
}
