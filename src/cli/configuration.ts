import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { locateCache, locateConfig, locateHome } from '../config/locate.ts';
import { shapesIn } from '../config/shapes.ts';
import { storageTypes } from '../storage/storage-types.ts';
import { PROGRAM_VERSION } from './program-version.ts';
import { logs } from './reporters/log.ts';
import type { Session } from './session.ts';

/** A call that writes nothing at all does not remember anything either. */
export type ConfigurationUse = 'plain' | 'writing-nothing';

/** The configuration that this call means. Its warnings are shown; throws `ConfigError`. */
export async function readConfiguration(session: Session, use: ConfigurationUse = 'plain'): Promise<Config> {
  const { outside, options, print } = session;
  const { env, homeDirectory } = outside;
  const file = locateConfig(options.config, env, homeDirectory);
  const name = `config-${createHash('sha256').update(resolve(file)).digest('hex').slice(0, 16)}.json`;
  const kept = shapesIn(join(locateCache(env, homeDirectory), name), PROGRAM_VERSION);
  const shapes = use === 'writing-nothing' ? { ...kept, keep: () => undefined } : kept;
  const { config, warnings } = await loadConfig(file, storageTypes, locateHome(env, homeDirectory), shapes);
  if (!logs(options.level, 'warn')) return config;
  const nothing = config.pairs.length === 0 ? [`${file} has no pair, so there is nothing to sync`] : [];
  for (const warning of [...warnings, ...nothing]) {
    for (const line of `warning: ${warning}`.split('\n')) print.note(line, 'warning');
  }
  return config;
}
