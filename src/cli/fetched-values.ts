import type { Config, PairSettings } from '../config/config.ts';
import { type FetchedValues, fetchValues } from '../config/secret.ts';
import { SIDES } from '../model/sides.ts';
import type { Session } from './session.ts';

/** What the storages of these pairs need from elsewhere: passwords, addresses. Before anything else is done. */
export async function fetchFor(
  pairs: readonly PairSettings[],
  config: Config,
  { outside }: Session,
): Promise<FetchedValues> {
  const names = pairs.flatMap(({ storages }) => SIDES.map((side) => storages[side]));
  return fetchValues(config, names, {
    env: outside.env,
    terminal: await outside.terminal(),
    signal: outside.signal,
  });
}
