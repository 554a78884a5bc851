import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { expect } from 'vitest';
import { must } from '../../src/model/errors.ts';
import type { Machine } from './program.ts';

/** `pimsync daemon` on a machine. */
export interface RunningDaemon {
  readonly child: ChildProcess;
  /** The lines of its log so far, without their times. */
  readonly log: readonly string[];
  /** What came at descriptor 3; undefined: it is still open there. */
  readonly ready: Promise<string>;
  /** Its exit status; undefined: a signal ended it. */
  readonly ended: Promise<number | undefined>;
  signal(name: NodeJS.Signals): void;
  untilLogged(line: RegExp): Promise<void>;
}

export interface DaemonOptions {
  readonly args?: readonly string[];
  readonly level?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it, and returns when it says that it is ready; or, if it does not get there, when it has ended. */
export async function startDaemon(machine: Machine, options: DaemonOptions = {}): Promise<RunningDaemon> {
  const daemon = spawnDaemon(machine, { ...options, args: ['-r', '3', ...(options.args ?? [])] });
  await Promise.race([daemon.ready, daemon.ended]);
  return daemon;
}

export function spawnDaemon(machine: Machine, { args = [], level = 'info', env = {} }: DaemonOptions): RunningDaemon {
  const { PATH = '' } = process.env;
  const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', 'pipe'];
  const command = [machine.main, '-c', machine.path('pimsync.conf'), '-v', level, 'daemon', ...args];
  const child = spawn(process.execPath, command, {
    cwd: machine.folder,
    env: { PATH, HOME: machine.path('home'), ...machine.env, ...env },
    stdio,
  });
  const log: string[] = [];
  let rest = '';
  must(child.stderr, 'its log is a pipe')
    .setEncoding('utf8')
    .on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      log.push(...lines.map((line) => line.replace(/^[-0-9]{10} [:0-9]{8} /, '')));
    });
  const ready = new Promise<string>((resolve) => {
    let said = '';
    must(child.stdio[3], 'it has a third descriptor')
      .on('data', (text) => {
        said += text;
      })
      .on('close', () => resolve(said));
  });
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('close', (status) => resolve(status ?? undefined));
  });
  const untilLogged = (line: RegExp): Promise<void> =>
    expect.poll(() => log.join('\n'), { timeout: 20_000, interval: 20 }).toMatch(new RegExp(line, 'm'));
  return { child, log, ready, ended, signal: (name) => void child.kill(name), untilLogged };
}
