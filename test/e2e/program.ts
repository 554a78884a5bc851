import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `PIMSYNC_DIST`: a folder with another build of it. */
const MAIN = join(process.env['PIMSYNC_DIST'] ?? join(import.meta.dirname, '../../dist'), 'main.js');

/** Owns nothing, by convention. */
const NOBODY = { uid: 65_534, gid: 65_534 };

export interface Ended {
  /** Undefined: it did not end by itself. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A user's machine in a folder of its own: a configuration, directories, and the built program. */
export class Machine {
  readonly folder: string;
  /** What the user has in the environment. */
  env: Readonly<Record<string, string>> = {};
  /** Who runs the program, if not who runs the tests. */
  user: { readonly uid: number; readonly gid: number } | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Machine> {
    if (!existsSync(MAIN)) throw new Error('the program is not built: npm run build');
    const machine = new Machine(await mkdtemp(join(tmpdir(), 'pimsync-e2e-')));
    await mkdir(machine.path('home'));
    return machine;
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** The built program. */
  readonly main = MAIN;

  removeFile(...parts: readonly string[]): Promise<void> {
    return rm(this.path(...parts));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Writes the configuration; `status_path` is given. */
  async configure(text: string): Promise<void> {
    const whole = `status_path ${JSON.stringify(this.path('status'))}\n${text}`;
    await writeFile(this.path('pimsync.conf'), whole, { mode: 0o600 });
  }

  /**
   * Gives all that is there to a user whom permissions bind, and runs the program as that one from now on. False where
   * there is none: the program lies where others cannot read it.
   */
  async becomeOrdinary(): Promise<boolean> {
    if (process.getuid?.() !== 0) return true;
    const give = async (path: string): Promise<void> => {
      await chown(path, NOBODY.uid, NOBODY.gid);
      const entries = (await lstat(path)).isDirectory() ? await readdir(path) : [];
      for (const name of entries) await give(join(path, name));
    };
    await give(this.folder);
    this.user = NOBODY;
    return (await this.run('version').catch(() => undefined))?.status === 0;
  }

  async run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  start(...args: readonly string[]): Started {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [MAIN, '-c', this.path('pimsync.conf'), ...args], {
      cwd: this.folder,
      env: { PATH, HOME: this.path('home'), ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...this.user,
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.stderr += text;
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve({ status: status ?? undefined, ...texts }));
    });
    return { child, ended };
  }

  /** The texts of the item files of a directory, by name. */
  async items(...parts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = await readdir(this.path(...parts));
    const items = names.filter((name) => /\.(ics|vcf)$/.test(name) && !name.startsWith('.')).sort();
    const texts = await Promise.all(items.map((name) => readFile(this.path(...parts, name), 'utf8')));
    return new Map(items.map((name, index) => [name, texts[index] ?? '']));
  }
}

/** Objects of a type that `--json` printed. */
export function objects(ended: Ended, type: string): readonly Readonly<Record<string, unknown>>[] {
  return ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line))
    .filter((object) => object['type'] === type);
}

/** `storage` blocks and a `pair` called work between a vdir `local` in `directory` and a CalDAV server `remote`. */
export function vdirAndCalDav(
  directory: string,
  url: string,
  more: { readonly remote?: string; readonly pair?: string } = {},
): string {
  return `
storage local {
  type "vdir/icalendar"
  path ${JSON.stringify(directory)}
}
storage remote {
  type caldav
  url ${JSON.stringify(url)}
  timeout "5s"
  ${more.remote ?? ''}
}
pair work {
  storage_a local
  storage_b remote
  collections all
  ${more.pair ?? ''}
}
`;
}
