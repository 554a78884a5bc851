import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCountingProxy } from '../support/counting-proxy.ts';
import { startFeedServer } from '../support/feed-server.ts';
import { ALICE, installed, startRealServer } from '../support/real-servers.ts';
import { type Client, isInstalled, type MakeClient, pimsync, vdirsyncer } from './clients.ts';
import { compete, editLocally, empty, type Stand, startOver } from './contest.ts';
import { eventText, feedText } from './events.ts';
import { measure, median } from './measured.ts';
import { type Row, table } from './table.ts';

/**
 * What syncs cost, beside the same work done by another program that people use: wall time, CPU, memory, requests and
 * bytes. Compare ratios: the seconds are those of the machine and of its day.
 */
const RUNS = Number(process.env['PIMSYNC_BENCH_RUNS'] ?? 5);
/** On the server, and in the feed. */
const ITEMS = Number(process.env['PIMSYNC_BENCH_ITEMS'] ?? 1000);
/** Each is a request, which takes the server long. */
const UPLOADS = Math.ceil(ITEMS / 10);
const FILES = ITEMS * 5;

async function main(): Promise<void> {
  if (!installed('radicale')) throw new Error('the comparison needs Radicale (Debian package radicale)');
  const programs = isInstalled('vdirsyncer') ? [pimsync, vdirsyncer] : [pimsync];
  const folder = await mkdtemp(join(tmpdir(), 'pimsync-bench-'));
  const rows: Row[] = [];
  try {
    rows.push(...(await startUp(folder, programs)));
    rows.push(...(await withServer(folder, programs)));
    rows.push(...(await betweenDirectories(folder, programs)));
    rows.push(...(await fromFeed(folder, programs)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const [cpu] = cpus();
  process.stdout.write(
    `${table(rows)}\n${programs.map(({ name }) => name).join(' / ')}; ${cpus().length} × ${cpu?.model ?? 'an unknown CPU'}, Node ${process.version}\n`,
  );
}

async function startUp(folder: string, programs: readonly MakeClient[]): Promise<readonly Row[]> {
  const empty = await mkdtemp(join(folder, 'start-up-'));
  const clients = await Promise.all(programs.map((make) => make(empty, { type: 'directory', path: empty })));
  const rows = await compete({ test: 'version', runs: RUNS, commands: ({ version }) => [version] }, clients.map(alone));
  const costs = [];
  for (let run = 0; run < RUNS; run += 1) costs.push(await measure([process.execPath, '-e', '0']));
  return [...rows, { test: 'an empty Node', program: 'node', cost: median(costs), traffic: undefined }];
}

async function withServer(folder: string, programs: readonly MakeClient[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const ends: (() => Promise<void>)[] = [];
  try {
    const stands: (Stand & { readonly url: string })[] = [];
    for (const make of programs) {
      const server = await startRealServer('radicale');
      ends.push(() => server.stop());
      const proxy = await startCountingProxy(server.url);
      ends.unshift(() => proxy.close());
      const client = await make(await mkdtemp(join(folder, 'server-')), { type: 'caldav', url: proxy.url, ...ALICE });
      const traffic: Stand['traffic'] = () => {
        const kilobytes = proxy.bytes() / 1024;
        return { requests: proxy.take().length, kilobytes };
      };
      stands.push({ client, traffic, url: `${server.url}alice/bench/` });
    }
    for (const { client } of stands) await writeEvents(client.items, 0, UPLOADS);
    rows.push(...(await compete({ test: `first upload, ${UPLOADS}`, runs: 1, commands: first }, stands)));
    for (const { url } of stands) await putEvents(url, UPLOADS, ITEMS);
    const download = { test: `first download, ${ITEMS}`, runs: RUNS, prepare: startOver, commands: first };
    rows.push(...(await compete(download, stands)));
    rows.push(...(await compete({ test: `no change, ${ITEMS}`, runs: RUNS, commands: again }, stands)));
    rows.push(
      ...(await compete({ test: 'one local change', runs: RUNS, prepare: editLocally, commands: again }, stands)),
    );
    const urls = new Map<Stand, string>(stands.map((stand) => [stand, stand.url]));
    const editRemotely = (stand: Stand, run: number): Promise<void> =>
      putEvent(urls.get(stand) ?? '', ITEMS - 1, `Edited ${run}`);
    rows.push(
      ...(await compete({ test: 'one remote change', runs: RUNS, prepare: editRemotely, commands: again }, stands)),
    );
  } finally {
    for (const end of ends) await end();
  }
  return rows;
}

async function betweenDirectories(folder: string, programs: readonly MakeClient[]): Promise<readonly Row[]> {
  const source = await mkdtemp(join(folder, 'source-'));
  await mkdir(join(source, 'bench'));
  await writeEvents(join(source, 'bench'), 0, FILES);
  const clients: Client[] = [];
  for (const make of programs)
    clients.push(await make(await mkdtemp(join(folder, 'directory-')), { type: 'directory', path: source }));
  const stands = clients.map(alone);
  const runs = Math.min(RUNS, 3);
  return [
    ...(await compete({ test: `two directories, first, ${FILES}`, runs, prepare: startOver, commands: first }, stands)),
    ...(await compete({ test: `two directories, no change, ${FILES}`, runs, commands: again }, stands)),
  ];
}

async function fromFeed(folder: string, programs: readonly MakeClient[]): Promise<readonly Row[]> {
  const server = await startFeedServer();
  try {
    server.answer = { type: 'feed', body: feedText(ITEMS), validators: 'etag' };
    const clients: Client[] = [];
    for (const make of programs)
      clients.push(await make(await mkdtemp(join(folder, 'feed-')), { type: 'feed', url: server.url }));
    const stands = clients.map(alone);
    return [
      ...(await compete({ test: `feed, first, ${ITEMS}`, runs: RUNS, prepare: startOver, commands: first }, stands)),
      ...(await compete({ test: `feed, no change, ${ITEMS}`, runs: RUNS, commands: again }, stands)),
    ];
  } finally {
    await server.close();
  }
}

const alone = (client: Client): Stand => ({ client, traffic: () => undefined });
const first = (client: Client): Client['first'] => client.first;
const again = (client: Client): Client['first'] => [client.again];

async function writeEvents(folder: string, from: number, to: number): Promise<void> {
  await empty(folder);
  for (let n = from; n < to; n += 1) await writeFile(join(folder, `bench-${n}.ics`), eventText(n));
}

async function putEvents(url: string, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) await putEvent(url, n, `Meeting ${n}`);
}

async function putEvent(collection: string, n: number, title: string): Promise<void> {
  const { username, password } = ALICE;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'text/calendar; charset=utf-8' };
  const answer = await fetch(`${collection}bench-${n}.ics`, { method: 'PUT', headers, body: eventText(n, title) });
  if (!answer.ok) throw new Error(`the server answered ${answer.status} to an event`);
}

await main();
