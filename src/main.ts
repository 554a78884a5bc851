import { exitStatus } from './cli/exit-code.ts';
import { Interruption } from './cli/interruption.ts';
import type { Outside } from './cli/outside.ts';

/** The process: arguments, signals, streams, exit status. Nothing else touches `process`, but `system/`. */
export async function main(args: readonly string[]): Promise<void> {
  // Work that nothing is left to wake does not come to its end, and has not gone well.
  process.once('beforeExit', () => {
    process.exitCode ??= exitStatus('failed');
  });
  ignoreClosedPipes();
  endByStrayErrors();
  // Left to itself, Node opens its inspector. The daemon, when it is up, listens too.
  process.on('SIGUSR1', () => undefined);
  const { signal, endsWellBySignal } = interruptedBySignals();
  const [{ run }, { homedir }] = await Promise.all([import('./cli/run.ts'), import('node:os')]);
  const status = await run({
    args,
    env: process.env,
    homeDirectory: homedir(),
    stdout: process.stdout,
    stderr: process.stderr,
    terminal: async () => {
      const { terminalOf } = await import('./system/terminal-prompt.ts');
      return terminalOf(process.stdin, process.stderr);
    },
    signal,
    onSignal: (name, listener) => process.on(name, listener),
    endsWellBySignal,
  });
  // Whatever still waits for a server that does not answer is given up.
  if (signal.aborted) process.exit(status);
  process.exitCode = status;
}

/** The first signal ends the work after the writes under way, the second one ends it now. */
function interruptedBySignals(): Pick<Outside, 'signal' | 'endsWellBySignal'> {
  const controller = new AbortController();
  let endsWell = false;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitStatus(endsWell ? 'done' : name));
      controller.abort(new Interruption(name));
    });
  }
  return {
    signal: controller.signal,
    endsWellBySignal: () => {
      endsWell = true;
    },
  };
}

/** Nobody reads any more (`pimsync sync | head`): what was begun is ended all the same, unseen. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Nothing can be said of the rest of the work then. What was done is recorded as after any crash. */
function endByStrayErrors(): void {
  process.on('uncaughtException', async (error) => {
    const { reportStray } = await import('./cli/run.ts');
    process.exit(await reportStray(error, process));
  });
}
