import type { CommandRequest, CommandResult } from './command.ts';

/** As ended programs, without what they wrote: a person has seen it. */
export type TerminalProgramResult = Exclude<CommandResult, { readonly type: 'too-slow' | 'too-much' }>;

/**
 * Runs a program that a person works with: the terminal is its own, standard error of ours as its standard output, so
 * that results that go elsewhere stay clean, and it may take as long as it likes. Fails never; the result says how it
 * went. When the signal is aborted the program is told to end, and waited for.
 */
export async function runOnTerminal(
  request: Pick<CommandRequest, 'program' | 'args' | 'env'> & { readonly signal: AbortSignal },
): Promise<TerminalProgramResult> {
  const { program, args, env, signal } = request;
  const { execa } = await import('execa');
  const ended = await execa(program, args, {
    env,
    extendEnv: false,
    stdin: 'inherit',
    stdout: 2,
    stderr: 'inherit',
    reject: false,
    cancelSignal: signal,
  });
  if (ended.isCanceled) return { type: 'aborted', errors: '' };
  if (ended.signal !== undefined) return { type: 'killed', signal: ended.signal, errors: '' };
  if (ended.exitCode === undefined) return { type: 'not-started', code: ended.code ?? 'unknown' };
  return ended.exitCode === 0
    ? { type: 'done', output: new Uint8Array() }
    : { type: 'failed', status: ended.exitCode, errors: '' };
}
