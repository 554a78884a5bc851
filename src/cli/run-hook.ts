import type { Config, PairSettings } from '../config/config.ts';
import { withoutSecrets } from '../config/secret.ts';
import { howItEnded } from '../config/source.ts';
import { SIDES } from '../model/sides.ts';
import type { Summary, SyncEvent } from '../sync/events.ts';
import { runCommand } from '../system/command.ts';
import type { Outside } from './outside.ts';
import { jsonObject } from './reporters/json.ts';

export interface HookTerms {
  readonly config: Config;
  readonly env: Outside['env'];
  readonly tell: (event: SyncEvent) => void;
  readonly signal: AbortSignal;
}

const LIMIT_MS = 60_000;

/**
 * Runs the pair's hook if a run changed something, with the summary on its standard input, as `--json` prints it. Call
 * it when the pair is free again, since a hook may run it. That it fails is told, and fails nothing.
 */
export async function runHook({ name, hook }: PairSettings, summary: Summary, terms: HookTerms): Promise<void> {
  if (hook === undefined || summary.dryRun || !hasChanged(summary)) return;
  const { config, env, tell, signal } = terms;
  if (signal.aborted) return;
  const text = `${jsonObject('summary', { pair: name, ...summary })}\n`;
  const result = await runCommand({
    program: hook.program,
    args: hook.args,
    env: withoutSecrets(config, env),
    input: { text },
    limitMs: LIMIT_MS,
    signal,
  });
  if (result.type === 'done') return;
  const message = `the hook "${hook.program}" ${howItEnded(result, LIMIT_MS / 1000)}`;
  tell({ type: 'log', level: 'warn', pair: name, message });
}

const hasChanged = ({ written, collections, properties, merged }: Summary): boolean =>
  collections + properties + merged > 0 ||
  SIDES.some((side) => written[side].created + written[side].updated + written[side].deleted > 0);
