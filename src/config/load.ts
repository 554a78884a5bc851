import { readFile, stat } from 'node:fs/promises';
import type { StorageType } from '../storage/storage-type.ts';
import { Redacted } from '../system/redacted.ts';
import { type Config, readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { Home } from './locate.ts';
import type { Shapes } from './shapes.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Lines for a person; nothing hinders the run. */
  readonly warnings: readonly string[];
}

/** Reads the configuration file. Fails with `ConfigError`, whose message holds all mistakes at once. */
export async function loadConfig(
  file: string,
  types: readonly StorageType[],
  home: Home,
  shapes?: Shapes,
): Promise<LoadedConfig> {
  const { text, mode } = await readText(file);
  const read = await readConfig(text, file, types, home, shapes);
  if (read.type === 'mistakes') {
    const { mistakes, rendered } = read;
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
    const hint = `if this is a file of the original pimsync, "pimsync import-config ${file}" converts it`;
    throw new ConfigError(`the configuration has ${count}\n${rendered.join('\n')}`, {
      mistakes: rendered,
      ...(mistakes.some(({ otherNotation }) => otherNotation) ? { hint } : {}),
    });
  }
  return { config: read.config, warnings: [...read.warnings, ...openSecrets(read.config, file, mode)] };
}

async function readText(file: string): Promise<{ readonly text: string; readonly mode: number }> {
  let bytes: Uint8Array;
  let mode: number;
  try {
    bytes = await readFile(file);
    mode = (await stat(file)).mode;
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), mode };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError(`the configuration ${file} is not UTF-8`, { hint: 'save it in that encoding', cause: error });
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ConfigError(`there is no configuration ${file}`, {
        hint: 'write one, as pimsync.conf(5) describes, or name another with -c FILE',
        cause: error,
      });
    case 'EISDIR':
      return new ConfigError(`the configuration ${file} is a directory`, {
        hint: 'name a file with -c FILE',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new ConfigError(`the configuration ${file} cannot be read: permission denied`, {
        hint: 'it must be readable by the user who runs pimsync',
        cause: error,
      });
    default:
      return new ConfigError(`the configuration ${file} cannot be read: ${error.message}`, { cause: error });
  }
}

const READABLE_BY_OTHERS = 0o044;

/** A password in a file that others may read is no secret. */
function openSecrets(config: Config, file: string, mode: number): readonly string[] {
  if ((mode & READABLE_BY_OTHERS) === 0) return [];
  return [...config.storages.values()].flatMap(({ name, values }) =>
    [...values].flatMap(([directive, value]) =>
      value.type === 'here' && value.value instanceof Redacted
        ? [
            `${file} holds the ${directive} of storage "${name}" and can be read by others; "chmod 600" it, or fetch the ${directive} with "cmd"`,
          ]
        : [],
    ),
  );
}
