import type { Cost } from './measured.ts';

/** What a case cost a program. */
export interface Row {
  readonly test: string;
  readonly program: string;
  readonly cost: Cost;
  /** Undefined: no server was asked. */
  readonly traffic: { readonly requests: number; readonly kilobytes: number } | undefined;
}

/** As Markdown: a line a row, and below each case how many times as much the others cost. */
export function table(rows: readonly Row[], measured: string): string {
  const lines = ['| case | program | wall s | CPU s | peak MB | requests | KB |', '|---|---|--:|--:|--:|--:|--:|'];
  for (const test of new Set(rows.map((row) => row.test))) {
    const [ours, ...others] = rows
      .filter((row) => row.test === test)
      .sort((x, y) => Number(y.program === measured) - Number(x.program === measured));
    if (ours === undefined) continue;
    for (const row of [ours, ...others]) lines.push(line([test, row.program, ...figures(row)]));
    for (const { program, cost } of others) {
      const ratios = [cost.wallS / ours.cost.wallS, cost.cpuS / ours.cost.cpuS, cost.peakMb / ours.cost.peakMb];
      lines.push(line(['', `**${program} ÷ ${measured}**`, ...ratios.map((ratio) => ratio.toFixed(1)), '', '']));
    }
  }
  return `${lines.join('\n')}\n`;
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function figures({ cost, traffic }: Row): readonly string[] {
  const { wallS, cpuS, peakMb } = cost;
  const counts = traffic === undefined ? ['', ''] : [String(traffic.requests), traffic.kilobytes.toFixed(0)];
  return [wallS.toFixed(2), cpuS.toFixed(2), peakMb.toFixed(0), ...counts];
}
