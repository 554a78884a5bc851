import { isAbsolute, join } from 'node:path';

/** The variables that say where things are; `process.env` is one. */
interface Environment {
  readonly PIMSYNC_CONFIG?: string | undefined;
  readonly XDG_CONFIG_HOME?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
  readonly XDG_DATA_HOME?: string | undefined;
}

/** The directories of the user that the configuration language knows. All absolute. */
export interface Home {
  /** What `~` means. */
  readonly directory: string;
  /** Where the status databases are when the file says nothing. */
  readonly statusPath: string;
}

/** The file to read: `-c FILE`, else the environment's, else the one below the user's configuration directory. */
export function locateConfig(option: string | undefined, env: Environment, homeDirectory: string): string {
  const named = option ?? given(env.PIMSYNC_CONFIG);
  if (named !== undefined) return named;
  return join(xdgDirectory(env.XDG_CONFIG_HOME) ?? join(homeDirectory, '.config'), 'pimsync', 'pimsync.conf');
}

export function locateHome(env: Environment, homeDirectory: string): Home {
  const data = xdgDirectory(env.XDG_DATA_HOME) ?? join(homeDirectory, '.local', 'share');
  return { directory: homeDirectory, statusPath: join(data, 'pimsync', 'status') };
}

/** Where what can be made again is kept; deleting it costs time only. */
export function locateCache(env: Environment, homeDirectory: string): string {
  return join(xdgDirectory(env.XDG_CACHE_HOME) ?? join(homeDirectory, '.cache'), 'pimsync');
}

/** The XDG base directory specification wants relative values ignored. */
const xdgDirectory = (value: string | undefined): string | undefined =>
  value !== undefined && isAbsolute(value) ? value : undefined;

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
