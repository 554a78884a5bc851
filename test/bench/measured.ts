import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** What one run of a program cost, seen from outside. */
export interface Cost {
  readonly wallS: number;
  /** Of the program and all that it started. */
  readonly cpuS: number;
  /** The largest that the program itself was seen to be. */
  readonly peakMb: number;
}

const POLL_MS = 10;

/** Runs a program to its end; throws with what it printed where it fails. */
export async function measure(command: readonly string[], input = ''): Promise<Cost> {
  // The shell's own clock counts what a process has cost once it is gone, which nothing here can ask Node for.
  const script = 'TIMEFORMAT="cost %U %S"; time "$@"';
  const begun = performance.now();
  const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let isRunning = true;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (status) => {
      isRunning = false;
      resolve(status);
    });
  });
  let peakKb = 0;
  while (isRunning) {
    peakKb = Math.max(peakKb, await peakOfChild(child.pid));
    await Promise.race([ended, delay(POLL_MS)]);
  }
  const wallS = (performance.now() - begun) / 1000;
  if ((await ended) !== 0) throw new Error(`${command.join(' ')} failed:\n${output}`);
  const [, user = '0', system = '0'] = /cost ([\d.]+) ([\d.]+)/.exec(output) ?? [];
  return { wallS, cpuS: Number(user) + Number(system), peakMb: peakKb / 1024 };
}

async function peakOfChild(shell: number | undefined): Promise<number> {
  if (shell === undefined) return 0;
  try {
    const [child = ''] = (await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8')).split(' ');
    if (child === '') return 0;
    return Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${child}/status`, 'utf8'))?.[1] ?? 0);
  } catch (error) {
    // It ended between two looks.
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}

export function median(costs: readonly Cost[]): Cost {
  const middle = (values: readonly number[]): number => [...values].sort((x, y) => x - y)[values.length >> 1] ?? 0;
  return {
    wallS: middle(costs.map(({ wallS }) => wallS)),
    cpuS: middle(costs.map(({ cpuS }) => cpuS)),
    peakMb: middle(costs.map(({ peakMb }) => peakMb)),
  };
}
