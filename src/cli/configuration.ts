import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { locateConfig, locateHome } from '../config/locate.ts';
import { storageTypes } from '../storage/storage-types.ts';
import { logs } from './reporters/log.ts';
import type { Session } from './session.ts';

/** The configuration that this call means. Its warnings are shown; throws `ConfigError`. */
export async function readConfiguration(session: Session): Promise<Config> {
  const { outside, options, print } = session;
  const { env, homeDirectory } = outside;
  const file = locateConfig(options.config, env, homeDirectory);
  const { config, warnings } = await loadConfig(file, storageTypes, locateHome(env, homeDirectory));
  if (!logs(options.level, 'warn')) return config;
  for (const warning of warnings) {
    for (const line of `warning: ${warning}`.split('\n')) print.note(line, 'warning');
  }
  return config;
}
