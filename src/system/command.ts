import { kill } from 'node:process';
import type { Readable } from 'node:stream';

export interface CommandRequest {
  readonly program: string;
  /** Not seen by a shell. */
  readonly args: readonly string[];
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `terminal`: ours, for a program that asks for something; `none`: reads nothing; or all that it can read. */
  readonly input: 'terminal' | 'none' | { readonly text: string };
  readonly limitMs: number;
  /** Ends the program as the limit does. */
  readonly signal?: AbortSignal;
}

/** How a program ended. What it wrote on standard output is here only if it succeeded. */
export type CommandResult =
  | { readonly type: 'done'; readonly output: Uint8Array }
  /** `code` as the system calls it: `ENOENT`, `EACCES`. */
  | { readonly type: 'not-started'; readonly code: string }
  | { readonly type: 'failed'; readonly status: number; readonly errors: string }
  | { readonly type: 'killed'; readonly signal: string; readonly errors: string }
  | { readonly type: 'too-slow' | 'too-much' | 'aborted'; readonly errors: string };

type Stop = 'too-slow' | 'too-much' | 'aborted';

/** More than any secret or address needs. */
const OUTPUT_LIMIT = 64 * 1024;
/** How long a program that is told to end may take over it (it may have to give the terminal back as it was). */
const GRACE_MS = 1000;
/** How long after the end of a program its output may still come, from a child of it that lives on. */
const DRAIN_MS = 500;

/**
 * Runs a program to its end, never longer than its limit. It leads a process group, all of which is ended at the limit;
 * a child that it leaves behind on purpose lives on, and is not waited for. Fails never; the result says how it went.
 */
export async function runCommand(request: CommandRequest): Promise<CommandResult> {
  // Lazily: loading it takes longer than most programs run.
  const { execa } = await import('execa');
  const running = execa(request.program, request.args, {
    env: request.env,
    extendEnv: false,
    ...inputOf(request.input),
    stdout: 'pipe',
    stderr: 'pipe',
    encoding: 'buffer',
    // What the package collects it also puts into its errors, and it would wait for whoever holds the pipe.
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  });
  const { pid, stdout, stderr } = running;
  const letGo = (): void => {
    stdout.destroy();
    stderr.destroy();
    running.unref();
  };

  let stopped: Stop | undefined;
  let giveUp: () => void = () => undefined;
  const givenUp = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
  });
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: Stop): void => {
    if (stopped !== undefined || pid === undefined) return;
    stopped = reason;
    signalGroup(pid, 'SIGTERM');
    timers.push(setTimeout(giveUp, GRACE_MS));
  };
  const abort = (): void => stop('aborted');

  const output = collect(stdout, () => stop('too-much'));
  const errors = collect(stderr, () => undefined);
  running.once('exit', () => timers.push(setTimeout(letGo, DRAIN_MS)));
  timers.push(setTimeout(() => stop('too-slow'), request.limitMs));
  request.signal?.addEventListener('abort', abort);
  if (request.signal?.aborted === true) abort();

  try {
    const ended = await Promise.race([running, givenUp]);
    if (pid === undefined) return { type: 'not-started', code: ended?.code ?? 'unknown' };
    const said = new TextDecoder().decode(errors());
    if (stopped !== undefined) {
      signalGroup(pid, 'SIGKILL');
      return { type: stopped, errors: said };
    }
    if (ended?.signal !== undefined) return { type: 'killed', signal: ended.signal, errors: said };
    const status = ended?.exitCode ?? 1;
    return status === 0 ? { type: 'done', output: output() } : { type: 'failed', status, errors: said };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    request.signal?.removeEventListener('abort', abort);
    letGo();
  }
}

const inputOf = (input: CommandRequest['input']) => {
  if (typeof input === 'object') return { input: input.text } as const;
  return { stdin: input === 'terminal' ? 'inherit' : 'ignore' } as const;
};

/** Keeps what a stream brings, up to the limit, and then says so once. Answers what there is. */
function collect(stream: Readable, onTooMuch: () => void): () => Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  stream.on('data', (chunk: Uint8Array) => {
    if (size > OUTPUT_LIMIT) return;
    size += chunk.length;
    if (size > OUTPUT_LIMIT) onTooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks);
}

function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    kill(-leader, signal);
  } catch (error) {
    // None of it is left, or none is ours to end.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
