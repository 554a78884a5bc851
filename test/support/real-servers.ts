import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Servers that people use, as Debian packages them, each started in a folder of its own on loopback. */
export type RealServerName = 'radicale' | 'xandikos';

export interface RealServer {
  /** With a slash at its end; discovery begins here. */
  readonly url: string;
  /** `undefined` where the server asks nobody who they are. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Another user with nothing in common with the first, where the server knows several. */
  readonly other: { readonly username: string; readonly password: string } | undefined;
  /** Where it makes none when it is asked over HTTP. */
  makeAddressBook?(id: string): void;
  /** Ends the server and removes all that it held. */
  stop(): Promise<void>;
}

/** One that can be killed, and started again on what it held, under the same URL. */
export interface StartedServer extends RealServer {
  kill(): Promise<void>;
  startAgain(): Promise<void>;
}

export const ALICE = { username: 'alice', password: 'alice-secret' };
export const BOB = { username: 'bob', password: 'bob-secret' };

const { PATH = '' } = process.env;

export function installed(name: RealServerName, path = PATH): boolean {
  return path.split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Returns when the server answers. If it does not within half a minute, its process is ended and its log is thrown. */
export async function startRealServer(name: RealServerName): Promise<StartedServer> {
  const folder = await mkdtemp(join(tmpdir(), `pimsync-${name}-`));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  let child = await spawnServer(name, folder, port);
  let stop = await supervise({ name, folder, url, child });
  const asks = name === 'radicale';
  return {
    url,
    username: asks ? ALICE.username : undefined,
    password: asks ? ALICE.password : undefined,
    other: asks ? BOB : undefined,
    stop: () => stop(),
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async startAgain() {
      child = await spawnServer(name, folder, port);
      stop = await supervise({ name, folder, url, child });
    },
  };
}

/**
 * Waits until a server answers; what is returned ends it, and removes its folder. One that does not answer within half
 * a minute is ended, and its log is thrown.
 */
export async function supervise(server: {
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  readonly child: ChildProcess;
  /** It was started as the leader of a process group. */
  readonly ownsGroup?: true;
}): Promise<() => Promise<void>> {
  const { name, folder, url, child } = server;
  let log = '';
  child.stderr?.on('data', (text) => {
    log = (log + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      log += error.message;
      resolve();
    });
  });
  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(server.ownsGroup === true ? -child.pid : child.pid, 'SIGKILL');
  };
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    child.kill('SIGTERM');
    const stubborn = new AbortController();
    await Promise.race([ended, delay(5000, undefined, { signal: stubborn.signal }).then(kill, () => undefined)]);
    stubborn.abort();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  if (await answers(url, child)) return stop;
  await stop();
  throw new Error(`${name} did not start: ${log}`);
}

async function spawnServer(name: RealServerName, folder: string, port: number): Promise<ChildProcess> {
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  const args = await serverArguments(name, { folder, data, port });
  return spawn(name, args, {
    cwd: folder,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

interface Place {
  readonly folder: string;
  readonly data: string;
  readonly port: number;
}

async function serverArguments(name: RealServerName, { folder, data, port }: Place): Promise<readonly string[]> {
  switch (name) {
    case 'radicale': {
      const users = join(folder, 'users');
      const config = join(folder, 'config');
      await writeFile(users, [ALICE, BOB].map(({ username, password }) => `${username}:${password}\n`).join(''));
      await writeFile(config, radicaleConfig({ hosts: `127.0.0.1:${port}`, users, data }));
      return ['--config', config];
    }
    case 'xandikos':
      return [
        ...['-d', data, '-l', '127.0.0.1', '-p', String(port)],
        ...['--current-user-principal', `/${ALICE.username}/`, '--autocreate'],
      ];
  }
}

const radicaleConfig = ({
  hosts,
  users,
  data,
}: {
  readonly hosts: string;
  readonly users: string;
  readonly data: string;
}): string =>
  [
    ...['[server]', `hosts = ${hosts}`],
    ...['[auth]', 'type = htpasswd', `htpasswd_filename = ${users}`, 'htpasswd_encryption = plain', 'delay = 0'],
    ...['[rights]', 'type = owner_only'],
    ...['[storage]', `filesystem_folder = ${data}`],
    ...['[web]', 'type = none'],
    ...['[logging]', 'level = warning', ''],
  ].join('\n');

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('there is no port'));
        else resolve(address.port);
      });
    });
  });
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    try {
      const response = await fetch(url, { method: 'OPTIONS' });
      await response.arrayBuffer();
      return true;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await delay(100);
    }
  }
  return false;
}
