import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from './clients.ts';
import { type Cost, measure, median } from './measured.ts';
import type { Row } from './table.ts';

/** A program, and what it talks to, which is its own. */
export interface Stand {
  readonly client: Client;
  /** Requests and bytes since this was last asked; undefined where it talks to nobody. */
  readonly traffic: () => { readonly requests: number; readonly kilobytes: number } | undefined;
}

/** One case: what is made ready, unmeasured, and what is run then. */
export interface Trial {
  readonly test: string;
  readonly runs: number;
  readonly prepare?: (stand: Stand, run: number) => Promise<void>;
  readonly commands: (client: Client) => readonly (readonly string[])[];
}

/** The programs take turns, run by run, so that they meet the same weather; the figures are medians. */
export async function compete(
  { test, runs, prepare, commands }: Trial,
  stands: readonly Stand[],
): Promise<readonly Row[]> {
  const costs = new Map(stands.map((stand): [Stand, Cost[]] => [stand, []]));
  const traffic = new Map<Stand, Row['traffic']>();
  for (let run = 0; run < runs; run += 1) {
    for (const [stand, known] of costs) {
      await prepare?.(stand, run);
      stand.traffic();
      known.push(await costOf(commands(stand.client)));
      traffic.set(stand, stand.traffic());
    }
  }
  return [...costs].map(([stand, known]) => ({
    test,
    program: stand.client.name,
    cost: median(known),
    traffic: traffic.get(stand),
  }));
}

/** All commands together, one after another. vdirsyncer asks whether to create what is missing. */
async function costOf(commands: readonly (readonly string[])[]): Promise<Cost> {
  const total = { wallS: 0, cpuS: 0, peakMb: 0 };
  for (const command of commands) {
    const cost = await measure(command, 'y\ny\ny\n');
    total.wallS += cost.wallS;
    total.cpuS += cost.cpuS;
    total.peakMb = Math.max(total.peakMb, cost.peakMb);
  }
  return total;
}

/** Nothing is known, and nothing is there: the next run is a first one. */
export async function startOver({ client }: Stand): Promise<void> {
  await client.forget();
  await empty(client.items);
}

export async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name));
}

export const retitled = (text: string, run: number): string => text.replace(/SUMMARY:.*/, `SUMMARY:Edited ${run}`);

export async function editLocally({ client }: Stand, run: number): Promise<void> {
  const [name = ''] = (await readdir(client.items)).sort();
  const path = join(client.items, name);
  await writeFile(path, retitled(await readFile(path, 'utf8'), run));
}
