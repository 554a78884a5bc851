import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CONTRIB = join(import.meta.dirname, '../../contrib');

export const contribFile = (...parts: readonly string[]): string => readFileSync(join(CONTRIB, ...parts), 'utf8');

/** All files, by their paths below `contrib/`. */
export const contribFiles = (): readonly string[] =>
  readdirSync(CONTRIB, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(CONTRIB.length + 1))
    .sort();

export const isInstalled = (program: string, ...args: readonly string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
};

export interface Ran {
  readonly status: number | null;
  /** Standard output and standard error. */
  readonly said: string;
}

export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw error;
  return { status, said: stdout + stderr };
}
