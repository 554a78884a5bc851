import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CountingProxy, startCountingProxy } from '../support/counting-proxy.ts';
import { itemText } from '../support/item-text.ts';
import { installed, type RealServer, startRealServer } from '../support/real-servers.ts';
import { type Client, isInstalled, pimsync, vdirsyncer } from './clients.ts';
import { type Cost, measure, median } from './measured.ts';

/**
 * What a sync costs, beside the same work done by another program that people use. The programs take turns; each has
 * a server and folders of its own. Compare ratios: the seconds are those of the machine and of its day.
 */
const ITEMS = Number(process.env['PIMSYNC_BENCH_ITEMS'] ?? 300);
const RUNS = Number(process.env['PIMSYNC_BENCH_RUNS'] ?? 5);

interface Stand {
  readonly client: Client;
  readonly server: RealServer;
  readonly proxy: CountingProxy;
}

interface Row extends Cost {
  readonly requests: number;
  readonly kilobytes: number;
}

type Rows = Map<string, Row>;

async function main(): Promise<void> {
  if (!installed('radicale')) throw new Error('the comparison needs Radicale (Debian package radicale)');
  const folder = await mkdtemp(join(tmpdir(), 'pimsync-bench-'));
  const makers = isInstalled('vdirsyncer') ? [pimsync, vdirsyncer] : [pimsync];
  const stands: Stand[] = [];
  try {
    for (const make of makers) stands.push(await build(await mkdtemp(join(folder, 'client-')), make));
    print(await run(stands));
  } finally {
    for (const { proxy, server } of stands) {
      await proxy.close();
      await server.stop();
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(folder: string, make: (folder: string) => Client): Promise<Stand> {
  const client = make(folder);
  const server = await startRealServer('radicale');
  const proxy = await startCountingProxy(server.url);
  await client.configure({ url: proxy.url, username: server.username ?? '', password: server.password ?? '' });
  for (let n = 0; n < ITEMS; n += 1) {
    await writeFile(join(client.items, `item-${n}.ics`), itemText('calendar', `item-${n}`, `Item ${n}`));
  }
  return { client, server, proxy };
}

/** The cases in turn, each for all programs before the next, so that they meet the same weather. */
async function run(stands: readonly Stand[]): Promise<ReadonlyMap<string, Rows>> {
  const results = new Map(stands.map(({ client }): [string, Rows] => [client.name, new Map()]));
  const note = (stand: Stand, name: string, row: Row): void => void results.get(stand.client.name)?.set(name, row);
  for (const stand of stands) note(stand, 'start-up', await repeated(stand, RUNS, () => measure(stand.client.version)));
  for (const stand of stands)
    note(stand, `first upload, ${ITEMS}`, await repeated(stand, 1, () => first(stand.client)));
  for (const stand of stands) note(stand, 'no change', await repeated(stand, RUNS, () => measure(stand.client.again)));
  for (const stand of stands) note(stand, 'one local change', await repeated(stand, RUNS, (n) => afterEdit(stand, n)));
  for (const stand of stands) {
    note(
      stand,
      `first download, ${ITEMS}`,
      await repeated(stand, 3, async () => {
        await stand.client.forget();
        await emptied(stand.client.items);
        return first(stand.client);
      }),
    );
  }
  return results;
}

async function repeated(stand: Stand, times: number, once: (n: number) => Promise<Cost>): Promise<Row> {
  const costs: Cost[] = [];
  stand.proxy.take();
  for (let n = 0; n < times; n += 1) costs.push(await once(n));
  const kilobytes = stand.proxy.bytes() / times / 1024;
  return { ...median(costs), requests: stand.proxy.take().length / times, kilobytes };
}

/** vdirsyncer asks whether to create what is missing. */
async function first(client: Client): Promise<Cost> {
  const total = { wallS: 0, cpuS: 0, peakMb: 0 };
  for (const command of client.first) {
    const cost = await measure(command, 'y\ny\ny\n');
    total.wallS += cost.wallS;
    total.cpuS += cost.cpuS;
    total.peakMb = Math.max(total.peakMb, cost.peakMb);
  }
  return total;
}

async function afterEdit({ client }: Stand, n: number): Promise<Cost> {
  const path = join(client.items, 'item-0.ics');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/SUMMARY:.*/, `SUMMARY:Edited ${n}`));
  return measure(client.again);
}

async function emptied(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name));
}

function print(results: ReadonlyMap<string, Rows>): void {
  const [ours, theirs] = [results.get('pimsync'), results.get('vdirsyncer')];
  const lines = ['| case | program | wall s | CPU s | peak MB | requests | KB |', '|---|---|--:|--:|--:|--:|--:|'];
  for (const name of ours?.keys() ?? []) {
    for (const [program, rows] of results) {
      const row = rows.get(name);
      if (row === undefined) continue;
      const numbers = [row.wallS.toFixed(2), row.cpuS.toFixed(2), row.peakMb.toFixed(0)];
      const counts = [row.requests.toFixed(1), row.kilobytes.toFixed(0)];
      lines.push(`| ${[name, program, ...numbers, ...counts].join(' | ')} |`);
    }
    const [mine, other] = [ours?.get(name), theirs?.get(name)];
    if (mine !== undefined && other !== undefined) {
      const ratios = [other.wallS / mine.wallS, other.cpuS / mine.cpuS, other.peakMb / mine.peakMb];
      lines.push(`| | vdirsyncer / pimsync | ${ratios.map((ratio) => `${ratio.toFixed(1)} ×`).join(' | ')} | | |`);
    }
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

await main();
