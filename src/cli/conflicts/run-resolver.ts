import { isUtf8 } from 'node:buffer';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { withoutSecrets } from '../../config/secret.ts';
import { howItEnded } from '../../config/source.ts';
import type { OpenItemConflict, RunResolver } from '../../sync/conflict-settler.ts';
import { runCommand } from '../../system/command.ts';
import type { Outside } from '../outside.ts';

export interface ResolverTerms {
  readonly config: Config;
  readonly env: Outside['env'];
  readonly signal: AbortSignal;
}

const LIMIT_MS = 60_000;

/** Runs the programs of `conflict_resolution cmd` where nobody is at a terminal: without one, and with a limit. */
export function resolver({ config, env, signal }: ResolverTerms): RunResolver {
  return ({ program, args }, conflict) =>
    withFiles(conflict, async ({ a, b, base }) => {
      const result = await runCommand({
        program,
        args: [...args, a, b],
        env: { ...withoutSecrets(config, env), ...(base === undefined ? {} : { PIMSYNC_BASE: base }) },
        input: 'none',
        limitMs: LIMIT_MS,
        signal,
      });
      if (result.type !== 'done') {
        return { type: 'open', reason: `"${program}" ${howItEnded(result, LIMIT_MS / 1000)}` };
      }
      const text = await agreedText(a, b);
      return text === undefined
        ? { type: 'open', reason: `"${program}" did not leave two equal files` }
        : { type: 'settled', text };
    });
}

interface ConflictFiles {
  readonly a: string;
  readonly b: string;
  readonly base: string | undefined;
}

/** Both versions, and the one that both sides last had, as files that only this user can reach, while `work` runs. */
export async function withFiles<T>(
  { texts, base, kind }: OpenItemConflict,
  work: (files: ConflictFiles) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pimsync-conflict-'));
  const extension = kind === 'calendar' ? 'ics' : 'vcf';
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, `${name}.${extension}`);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  try {
    return await work({
      a: await write('a', texts.a),
      b: await write('b', texts.b),
      base: base === undefined ? undefined : await write('base', base),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What both files hold, if they hold the same; undefined where one is gone, or is no text. */
export async function agreedText(a: string, b: string): Promise<string | undefined> {
  const [one, other] = await Promise.all([a, b].map((path) => readFile(path).catch(() => undefined)));
  return one !== undefined && other?.equals(one) === true && isUtf8(one) ? one.toString() : undefined;
}
