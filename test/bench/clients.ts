import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** A program that is measured, with a folder of its own. */
export interface Client {
  readonly name: string;
  /** Writes its configuration; the collection is `bench` on both sides. */
  configure(server: { readonly url: string; readonly username: string; readonly password: string }): Promise<void>;
  /** Forgets all that it knows, so that the next run is a first one. */
  forget(): Promise<void>;
  /** The commands of a first run. */
  readonly first: readonly (readonly string[])[];
  readonly again: readonly string[];
  readonly version: readonly string[];
  /** Where its local items are. */
  readonly items: string;
}

export function pimsync(folder: string): Client {
  const config = join(folder, 'pimsync.conf');
  const program = [process.execPath, resolve('dist/main.js')];
  const sync = [...program, '-c', config, 'sync'];
  return {
    name: 'pimsync',
    items: join(folder, 'vdir', 'bench'),
    first: [sync],
    again: sync,
    version: [...program, 'version'],
    async configure({ url, username, password }) {
      await mkdir(join(folder, 'vdir', 'bench'), { recursive: true });
      await writeFile(
        config,
        `status_path "${join(folder, 'status')}"
storage local { type "vdir/icalendar"; path "${join(folder, 'vdir')}"; }
storage remote { type caldav; url "${url}"; username "${username}"; password "${password}"; }
pair bench { storage_a local; storage_b remote; collection bench; }
`,
        { mode: 0o600 },
      );
    },
    forget: () => rm(join(folder, 'status'), { recursive: true, force: true }),
  };
}

export function vdirsyncer(folder: string): Client {
  const config = join(folder, 'config');
  const command = ['vdirsyncer', '-c', config];
  return {
    name: 'vdirsyncer',
    items: join(folder, 'vdir', 'bench'),
    first: [
      [...command, 'discover'],
      [...command, 'sync'],
    ],
    again: [...command, 'sync'],
    version: ['vdirsyncer', '--version'],
    async configure({ url, username, password }) {
      await mkdir(join(folder, 'vdir', 'bench'), { recursive: true });
      await writeFile(
        config,
        `[general]
status_path = "${join(folder, 'status')}"
[pair bench]
a = "local"
b = "remote"
collections = ["bench"]
[storage local]
type = "filesystem"
path = "${join(folder, 'vdir')}"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "${url}"
username = "${username}"
password = "${password}"
`,
      );
    },
    forget: () => rm(join(folder, 'status'), { recursive: true, force: true }),
  };
}

export const isInstalled = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
