import type { Keys } from '../system/terminal-keys.ts';
import type { Terminal } from '../system/terminal-prompt.ts';

/** What the process hands to the program; nothing else of it is used. */
export interface Outside {
  /** Without the program itself. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Undefined where nobody sits in front of it. */
  readonly terminal: () => Promise<(Terminal & Keys) | undefined>;
  /** Aborted, with an `Interruption`, when the process was told to end. */
  readonly signal: AbortSignal;
  /** Calls `listener` for each such signal, which otherwise ends the process. */
  readonly onSignal: (name: 'SIGHUP' | 'SIGUSR1', listener: () => void) => void;
  /** From now on, to be told to end is how the work ends well: a second signal too leaves the exit status 0. */
  readonly endsWellBySignal: () => void;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}
