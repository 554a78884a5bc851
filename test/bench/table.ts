import type { Cost } from './measured.ts';

/** What a case cost a program. */
export interface Row {
  readonly test: string;
  readonly program: string;
  readonly cost: Cost;
  /** Undefined: no server was asked. */
  readonly traffic: { readonly requests: number; readonly kilobytes: number } | undefined;
}

/** As Markdown: a line a case, with the figures of its programs in their order, and how many times the first's the last's are. */
export function table(rows: readonly Row[]): string {
  const lines = ['| case | wall s | × | CPU s | × | peak MB | requests | KB |', '|---|--:|--:|--:|--:|--:|--:|--:|'];
  for (const test of new Set(rows.map((row) => row.test))) {
    const here = rows.filter((row) => row.test === test);
    const each = (figure: (row: Row) => string): string => here.map(figure).join(' / ');
    lines.push(
      line([
        test,
        each(({ cost }) => cost.wallS.toFixed(2)),
        ratioOf(here.map(({ cost }) => cost.wallS)),
        each(({ cost }) => cost.cpuS.toFixed(2)),
        ratioOf(here.map(({ cost }) => cost.cpuS)),
        each(({ cost }) => cost.peakMb.toFixed(0)),
        each(({ traffic }) => traffic?.requests.toString() ?? ''),
        each(({ traffic }) => traffic?.kilobytes.toFixed(0) ?? ''),
      ]),
    );
  }
  return `${lines.join('\n')}\n`;
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => (cell === ' / ' ? '' : cell)).join(' | ')} |`;

function ratioOf([first, ...others]: readonly number[]): string {
  const last = others.at(-1);
  return first === undefined || last === undefined ? '' : (last / first).toFixed(1);
}
