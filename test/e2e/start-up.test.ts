import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { must } from '../../src/model/errors.ts';
import { type DavServer, startDavServer } from '../support/dav-server/dav-server.ts';
import { itemText } from '../support/item-text.ts';
import { Machine, vdirAndCalDav } from './program.ts';

let machine: Machine;
let server: DavServer;

beforeEach(async () => {
  machine = await Machine.make();
  server = await startDavServer();
  await mkdir(machine.path('calendars'));
  const pair = 'conflict_resolution merge';
  await machine.configure(vdirAndCalDav(machine.path('calendars'), server.url, { pair }));
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

/** Runs a script as a user would, with what is printed on standard output. */
async function stdoutOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { env: { HOME: machine.path('home'), ...env } };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/** The names of the program's functions that a call ran, as V8 counts them; a module is one, named by its path. */
async function functionsRunBy(...args: readonly string[]): Promise<readonly string[]> {
  const folder = machine.path('coverage');
  await stdoutOf([machine.main, ...args], { NODE_V8_COVERAGE: folder });
  const [file = ''] = await readdir(folder);
  const { result }: Coverage = JSON.parse(await readFile(join(folder, file), 'utf8'));
  await rm(folder, { recursive: true });
  return result
    .filter(({ url }) => url.startsWith('program-'))
    .flatMap(({ functions }) => functions.filter(({ ranges }) => ranges[0]?.count !== 0))
    .map(({ functionName }) => functionName);
}

const LARGE = ['chevrotain', 'chokidar', 'commander', 'execa', 'ical.js', 'kdljs', 'vcf', 'src/content/merge'];

async function largeRunBy(...args: readonly string[]): Promise<readonly string[]> {
  const functions = await functionsRunBy('-c', machine.path('pimsync.conf'), ...args);
  return LARGE.filter((name) => functions.some((path) => path.includes(`${name}/`)));
}

test('a run with nothing to do runs no parser of items or of the configuration, and starts no program', async () => {
  const calendar = server.content.addCalendar('home');
  server.content.put(`${calendar}one.ics`, itemText('calendar', 'one', 'One'));
  expect(await largeRunBy('sync')).toEqual(['chevrotain', 'commander', 'kdljs']);
  expect(await largeRunBy('sync')).toEqual(['commander']);
});

test('asking for the version loads no program', async () => {
  expect(await functionsRunBy('--help')).toContain('src/cli/run.ts');
  expect(await functionsRunBy('version')).toEqual([]);
});

async function programFile(): Promise<string> {
  const folder = dirname(machine.main);
  return join(
    folder,
    must(
      (await readdir(folder)).find((name) => /^program-.*\.js$/.test(name)),
      'it is built',
    ),
  );
}

test('this version of Node takes the cache that was built', async () => {
  const script = `
    const [, file] = process.argv;
    const [filename, cachedData] = [path.basename(file), fs.readFileSync(file + '.cache')];
    console.log(new vm.Script(fs.readFileSync(file, 'latin1'), { filename, cachedData }).cachedDataRejected);
  `;
  expect(await stdoutOf(['-e', script, await programFile()])).toBe('false\n');
});

test('the program runs without a cache, and with one that is not for it or was damaged', async () => {
  const copy = machine.path('copy');
  await cp(dirname(machine.main), copy, { recursive: true });
  const cache = join(copy, `${basename(await programFile())}.cache`);
  const help = await stdoutOf([machine.main, '--help']);
  expect(help).toContain('sync');
  const damaged = await readFile(cache);
  damaged.fill(0xff, damaged.length / 2);
  await writeFile(cache, damaged);
  expect(await stdoutOf([join(copy, 'main.js'), '--help'])).toBe(help);
  await writeFile(cache, 'no cache');
  expect(await stdoutOf([join(copy, 'main.js'), '--help'])).toBe(help);
  await rm(cache);
  expect(await stdoutOf([join(copy, 'main.js'), '--help'])).toBe(help);
});
