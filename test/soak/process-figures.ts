import { readdir, readFile } from 'node:fs/promises';

/** What a process holds and has cost so far. */
export interface ProcessFigures {
  readonly at: number;
  readonly memoryMb: number;
  readonly descriptors: number;
  readonly cpuS: number;
}

const TICKS_A_SECOND = 100;

/** Of Linux, as all that is read here. */
export async function figuresOf(pid: number): Promise<ProcessFigures> {
  const [status, stat, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    at: Date.now(),
    memoryMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
    descriptors: descriptors.length,
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** The value that this part of the values does not exceed; 0 where there are none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}
