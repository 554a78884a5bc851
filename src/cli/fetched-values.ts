import type { Config, PairSettings } from '../config/config.ts';
import { type FetchedValues, fetchValues } from '../config/secret.ts';
import { SIDES } from '../model/sides.ts';
import type { Session } from './session.ts';

/** What the storages of these pairs need from elsewhere: passwords, addresses. Before anything else is done. */
export const fetchFor = (pairs: readonly PairSettings[], config: Config, session: Session): Promise<FetchedValues> =>
  fetchForStorages(
    pairs.flatMap(({ storages }) => SIDES.map((side) => storages[side])),
    config,
    session,
  );

/** As `fetchFor`, for storages by their names. */
export async function fetchForStorages(
  names: readonly string[],
  config: Config,
  { outside }: Session,
): Promise<FetchedValues> {
  return fetchValues(config, names, {
    env: outside.env,
    terminal: await outside.terminal(),
    signal: outside.signal,
  });
}
