import { setTimeout as delay } from 'node:timers/promises';
import { uidsOnServer } from './places.ts';
import type { Stand } from './stand.ts';

/** As long as the daemon may wait after runs that could do nothing, and an interval. */
const PATIENCE_MS = 150_000;

/** Nobody edits anything for a time, from when all is synced. What is there then has to be what was edited. */
export async function rest(stand: Stand, forMs: number): Promise<void> {
  await stand.weather.inTurn(async () => {
    await untilSynced(stand);
    const began = Date.now();
    await stand.life.compare(new Date(began).toISOString());
    await compareUids(stand);
    await delay(forMs);
    stand.rests.push({ from: began, to: Date.now() });
  });
}

async function untilSynced({ life, weather }: Stand): Promise<void> {
  const began = Date.now();
  while (!weather.wasSyncedSince(life.lastEditAt)) {
    if (Date.now() - began > PATIENCE_MS) {
      life.wrong(`no run came through within ${PATIENCE_MS / 1000} s`);
      return;
    }
    await delay(200);
  }
}

/** Also none that is there twice, at another address. */
async function compareUids({ calendar, life }: Stand): Promise<void> {
  const found = [...(await uidsOnServer(calendar))].sort().join(' ');
  const expected = [...life.uids].sort().join(' ');
  if (found !== expected) life.wrong(`the server lists ${found}, not ${expected}`);
}
