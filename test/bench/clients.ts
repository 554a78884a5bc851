import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** A program that is measured, with a folder of its own. */
export interface Client {
  readonly name: string;
  /** Where its local items are. */
  readonly items: string;
  /** The commands of a first run. */
  readonly first: readonly (readonly string[])[];
  readonly again: readonly string[];
  readonly version: readonly string[];
  /** Forgets all that it knows, so that the next run is a first one. */
  forget(): Promise<void>;
}

/** What the local directory is synced with. */
export type Remote =
  | { readonly type: 'caldav'; readonly url: string; readonly username: string; readonly password: string }
  | { readonly type: 'directory'; readonly path: string }
  | { readonly type: 'feed'; readonly url: string };

/** Writes a program's configuration into a folder; the one collection that it syncs is `bench` on both sides. */
export type MakeClient = (folder: string, remote: Remote) => Promise<Client>;

export const pimsync: MakeClient = async (folder, remote) => {
  const config = join(folder, 'pimsync.conf');
  const program = [process.execPath, resolve('dist/main.js')];
  const sync = [...program, '-c', config, 'sync'];
  const lines = [
    `status_path "${join(folder, 'status')}"`,
    `storage local { type "vdir/icalendar"; path "${join(folder, 'local')}"; }`,
    `storage remote { ${remoteOfPimsync(remote)}; }`,
    'pair bench { storage_a local; storage_b remote; collection bench; }',
  ];
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  const again = sync;
  return { ...(await clientIn(folder, 'pimsync')), first: [sync], again, version: [...program, 'version'] };
};

function remoteOfPimsync(remote: Remote): string {
  switch (remote.type) {
    case 'caldav':
      return `type caldav; url "${remote.url}"; username "${remote.username}"; password "${remote.password}"`;
    case 'directory':
      return `type "vdir/icalendar"; path "${remote.path}"`;
    case 'feed':
      return `type webcal; url "${remote.url}"; collection_id bench`;
  }
}

export const vdirsyncer: MakeClient = async (folder, remote) => {
  const config = join(folder, 'config');
  const command = ['vdirsyncer', '-c', config];
  // A feed has no collections for it, so it is paired with one directory.
  const isFeed = remote.type === 'feed';
  const lines = [
    ...['[general]', `status_path = "${join(folder, 'status')}"`],
    ...['[pair bench]', 'a = "local"', 'b = "remote"', `collections = ${isFeed ? 'null' : '["bench"]'}`],
    'conflict_resolution = "a wins"',
    ...['[storage local]', 'type = "filesystem"', 'fileext = ".ics"'],
    `path = "${join(folder, 'local', isFeed ? 'bench' : '')}"`,
    ...['[storage remote]', ...remoteOfVdirsyncer(remote)],
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const sync = [...command, 'sync'];
  const first = [[...command, 'discover'], sync];
  return { ...(await clientIn(folder, 'vdirsyncer')), first, again: sync, version: ['vdirsyncer', '--version'] };
};

function remoteOfVdirsyncer(remote: Remote): readonly string[] {
  switch (remote.type) {
    case 'caldav':
      return [
        'type = "caldav"',
        `url = "${remote.url}"`,
        `username = "${remote.username}"`,
        `password = "${remote.password}"`,
      ];
    case 'directory':
      return ['type = "filesystem"', 'fileext = ".ics"', `path = "${remote.path}"`];
    case 'feed':
      return ['type = "http"', `url = "${remote.url}"`];
  }
}

async function clientIn(folder: string, name: string): Promise<Pick<Client, 'name' | 'items' | 'forget'>> {
  const items = join(folder, 'local', 'bench');
  await mkdir(items, { recursive: true });
  return { name, items, forget: () => rm(join(folder, 'status'), { recursive: true, force: true }) };
}

export const isInstalled = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
