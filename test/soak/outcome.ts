import { mean, type ProcessFigures, quantile } from './process-figures.ts';
import type { Stand } from './stand.ts';

export interface Lived {
  readonly minutes: number;
  readonly stand: Stand;
  readonly samples: readonly ProcessFigures[];
  /** Over the last minute, in which nobody edited anything. */
  readonly idle: { readonly cpuS: number; readonly requests: number };
  /** Of the daemon; undefined: a signal ended it. */
  readonly status: number | undefined;
}

interface Row {
  readonly what: string;
  readonly figure: string;
  /** What has to be so, and whether it is; undefined: it is only told. */
  readonly bound?: { readonly text: string; readonly holds: boolean };
}

/** Prints what was measured, and what had to be so. False: something was not. */
export function printFigures(lived: Lived): boolean {
  const rows = [...itemRows(lived), ...costRows(lived), ...processRows(lived)];
  const lines = rows.map(({ what, figure, bound }) => {
    const verdict = bound === undefined ? '' : bound.holds ? 'yes' : 'NO';
    return `| ${what} | ${figure} | ${bound?.text ?? ''} | ${verdict} |`;
  });
  const { complaints } = lived.stand.daemon;
  process.stdout.write(`${['| what | figure | has to be | is |', '|---|---|---|---|', ...lines].join('\n')}\n`);
  process.stdout.write(`\nMemory by the minute, in MB: ${memoryByMinute(lived.samples).join(' ')}\n`);
  process.stdout.write(`\nComplaints, each as often as it came:\n${counted(complaints).join('\n')}\n`);
  return rows.every(({ bound }) => bound?.holds !== false);
}

function itemRows({ minutes, stand, status }: Lived): readonly Row[] {
  const { life, daemon } = stand;
  const bad = daemon.complaints.filter((line) => /conflict|\bbug\b|please report|\bheld\b/i.test(line));
  return [
    { what: 'minutes, edits here, edits there', figure: `${minutes}, ${life.edits.a}, ${life.edits.b}` },
    { what: 'items at the end', figure: String(life.uids.length) },
    row('lost, come back, or not the same', life.wrongs.length, 0),
    row('conflicts, holds, bugs in the log', bad.length, 0),
    { what: 'exit status after SIGTERM', figure: String(status), bound: { text: '0', holds: status === 0 } },
  ];
}

function costRows({ stand, idle }: Lived): readonly Row[] {
  const { latenciesMs } = stand.life;
  const { runs } = stand.daemon;
  const isAtRest = (at: number): boolean => stand.rests.some(({ from, to }) => at > from && at < to);
  const atRest = runs.filter(({ beganAt }) => isAtRest(beganAt));
  const most = Math.max(0, ...atRest.map(({ requests }) => requests));
  const median = quantile(latenciesMs, 0.5);
  const p95 = quantile(latenciesMs, 0.95);
  const reasons = counted(runs.map(({ reason }) => reason)).join(', ');
  return [
    { what: 'undisturbed runs, by reason', figure: reasons },
    {
      what: 'of them with nothing to do',
      figure: String(atRest.length),
      bound: { text: '> 0', holds: atRest.length > 0 },
    },
    row('the most requests of one of these', most, 1),
    row('of these that wrote something', atRest.filter(({ wrote }) => wrote).length, 0),
    { what: 'requests in the idle minute', figure: String(idle.requests) },
    {
      what: `local edit to server, median of ${latenciesMs.length}`,
      figure: `${median} ms`,
      bound: { text: '< 2000 ms', holds: latenciesMs.length > 0 && median < 2000 },
    },
    { what: 'the same, p95 and longest', figure: `${p95} ms, ${Math.max(0, ...latenciesMs)} ms` },
  ];
}

/** The first and the last five minutes, or halves of what there is. */
function processRows({ minutes, samples, idle }: Lived): readonly Row[] {
  const partMs = Math.min(5, minutes / 2) * 60_000;
  const [start, end] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0];
  const first = samples.filter(({ at }) => at <= start + partMs);
  const last = samples.filter(({ at }) => at > end - partMs);
  const [memory, memoryThen] = [first, last].map((some) => mean(some.map(({ memoryMb }) => memoryMb)));
  const [open, openThen] = [first, last].map((some) => mean(some.map(({ descriptors }) => descriptors)));
  const part = `${partMs / 60_000} minutes`;
  return [
    {
      what: `memory, mean of the first and the last ${part}`,
      figure: `${memory?.toFixed(1)} MB, ${memoryThen?.toFixed(1)} MB`,
      bound: { text: 'at most 30 % more', holds: (memoryThen ?? 0) <= (memory ?? 0) * 1.3 },
    },
    {
      what: `open descriptors, mean of the first and the last ${part}`,
      figure: `${open?.toFixed(1)}, ${openThen?.toFixed(1)}`,
      bound: { text: 'at most 3 more', holds: (openThen ?? 0) <= (open ?? 0) + 3 },
    },
    {
      what: 'CPU in the idle minute',
      figure: `${((idle.cpuS / 60) * 100).toFixed(3)} %`,
      bound: { text: '< 0.1 %', holds: idle.cpuS < 0.06 },
    },
  ];
}

const row = (what: string, count: number, most: number): Row => ({
  what,
  figure: String(count),
  bound: { text: most === 0 ? '0' : `at most ${most}`, holds: count <= most },
});

function memoryByMinute(samples: readonly ProcessFigures[]): readonly string[] {
  const start = samples[0]?.at ?? 0;
  const byMinute = new Map<number, number[]>();
  for (const { at, memoryMb } of samples) {
    const minute = Math.floor((at - start) / 60_000);
    byMinute.set(minute, [...(byMinute.get(minute) ?? []), memoryMb]);
  }
  return [...byMinute.values()].map((values) => mean(values).toFixed(0));
}

function counted(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} × ${value}`);
}
