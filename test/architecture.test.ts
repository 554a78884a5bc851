import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';

import { describe, expect, test } from 'vitest';
import { must } from '../src/model/errors.ts';
import { importsOf, type Source, usesWord } from './support/source-text.ts';

const ROOT = join(import.meta.dirname, '..');

/** What each folder of `src` may import besides itself: folders, or single files of them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli/', 'system/'],
  bundle: ['main.ts', 'cli/program-version.ts'],
  model: [],
  content: ['model/'],
  reconcile: ['model/'],
  system: [],
  storage: ['model/', 'content/', 'system/'],
  status: ['model/'],
  sync: ['model/', 'content/', 'reconcile/', 'system/', 'storage/storage.ts', 'status/status.ts'],
  config: ['model/', 'storage/', 'system/'],
  daemon: ['model/', 'sync/', 'system/', 'storage/storage.ts'],
  cli: ['model/', 'content/', 'reconcile/', 'system/', 'storage/', 'status/', 'sync/', 'config/', 'daemon/'],
};

/** Where each package belongs; it is imported nowhere else. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['status/', 'system/lock.ts', 'bundle/make.ts'],
  chokidar: ['system/watch.ts'],
  commander: ['cli/'],
  esbuild: ['bundle/'],
  execa: ['system/'],
  'ical.js': ['content/'],
  kdljs: ['config/'],
  saxes: ['storage/dav/'],
  tsdav: ['storage/dav/'],
  'http-proxy-agent': ['system/'],
  'https-proxy-agent': ['system/'],
  'proxy-from-env': ['system/'],
  vcf: ['content/'],
};

/** The only import from outside `src`: the version is written there once. */
const PACKAGE_FILE = 'cli/program-version.ts ../package.json';

/** The same input, the same output: nothing here waits, tells the time, or asks the machine. */
const PURE = ['model', 'content', 'reconcile'];
const IMPURE_WORDS = ['await', 'Date', 'Math.random', 'performance', 'setTimeout', 'setInterval', 'fetch'];
/** What a pure file may do nevertheless. `sides.ts` waits for both sides of what others do. */
const PURE_ALL_THE_SAME = new Set(['content/fingerprint.ts node:crypto', 'model/sides.ts await']);

/** The process is `main.ts`'s, which hands on what others need of it. Only what wraps the outside also reaches for it, and what starts it. */
const OWNERS_OF_PROCESS = ['main.ts', 'system/', 'bundle/'];

const NAMELESS = /^(?:utils?|helpers?|types?|common|index|misc|barrel)\.ts$/;
/** Files that are one thought, and over 250 lines all the same. None may have 400. */
const LONG_FILES: ReadonlySet<string> = new Set([]);

describe('the tree', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path): Source => ({ path, text: readFileSync(join(ROOT, 'src', path), 'utf8') }));

  test('keeps every rule', () => {
    expect(sources.flatMap(breachesOf)).toEqual([]);
  });

  test('has no circle of imports, of types neither', () => {
    expect(circlesIn(sources)).toEqual([]);
  });

  test('names no long file that is not long', () => {
    const long = sources.filter((source) => linesOf(source) > 250).map(({ path }) => path);
    expect([...LONG_FILES].filter((path) => !long.includes(path))).toEqual([]);
  });

  test('has a map for whoever comes next', () => {
    expect(existsSync(join(ROOT, 'src/ARCHITECTURE.md'))).toBe(true);
  });
});

describe('storage types', () => {
  const tests = readdirSync(join(ROOT, 'test/storage'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path): Source => ({ path, text: readFileSync(join(ROOT, 'test/storage', path), 'utf8') }));

  test('are each proven by the contract and told in the manual', async () => {
    const { storageTypes } = await import('../src/storage/storage-types.ts');
    const manual = join(ROOT, 'man/pimsync.conf.5');
    const manualText = existsSync(manual) ? readFileSync(manual, 'utf8') : '';
    expect(storageTypes.flatMap(({ name }) => omissionsOf(name, tests, manualText))).toEqual([]);
  });

  test('without a test or a section are found', () => {
    const conforming = { path: 'vdir/vdir-storage.test.ts', text: "conformanceOf('a vdir', make);" };
    const section = '.Ss vdir/icalendar , vdir/vcard\n';
    expect(omissionsOf('vdir/vcard', [conforming], section)).toEqual([]);
    expect(omissionsOf('vdir/vcard', [{ ...conforming, text: '' }], section)).toEqual([
      'vdir/vcard: no conformance test',
    ]);
    expect(omissionsOf('vdir/vcard', [{ ...conforming, path: 'dav.test.ts' }], section)).toHaveLength(1);
    expect(omissionsOf('dir/vcard', [{ ...conforming, path: 'dir.test.ts' }], section)).toEqual([
      'dir/vcard: not in the manual',
    ]);
    expect(omissionsOf('vdir/vcard', [conforming], 'vdir/vcard')).toEqual(['vdir/vcard: not in the manual']);
  });
});

describe('the rules find', () => {
  test('a circle, by one file that stands in it', () => {
    const sources = [
      { path: 'sync/a.ts', text: "import './b.ts';" },
      { path: 'sync/b.ts', text: "import type { C } from '../model/c.ts';" },
      { path: 'model/c.ts', text: "import '../sync/b.ts';" },
    ];
    expect(circlesIn(sources)).toEqual(['sync/b.ts, model/c.ts']);
    expect(circlesIn(sources.slice(0, 2))).toEqual([]);
  });

  test.each([
    ['model/a.ts', "import '../system/http.ts';", 'model may not import system/http.ts'],
    ['content/a.ts', "import '../reconcile/plan.ts';", 'content may not import reconcile/plan.ts'],
    ['reconcile/a.ts', "import type { A } from '../sync/events.ts';", 'reconcile may not import sync/events.ts'],
    ['system/a.ts', "import '../model/errors.ts';", 'system may not import model/errors.ts'],
    ['storage/vdir/a.ts', "import { a } from '../../status/status.ts';", 'storage may not import status/status.ts'],
    ['status/a.ts', "import '../storage/storage.ts';", 'status may not import storage/storage.ts'],
    [
      'sync/a.ts',
      "await import('../storage/memory/memory-storage.ts')",
      'sync may not import storage/memory/memory-storage.ts',
    ],
    ['sync/a.ts', "import '../status/database.ts';", 'sync may not import status/database.ts'],
    ['config/a.ts', "import '../sync/events.ts';", 'config may not import sync/events.ts'],
    ['daemon/a.ts', "import '../cli/run.ts';", 'daemon may not import cli/run.ts'],
    ['main.ts', "import './config/load.ts';", 'main.ts may not import config/load.ts'],
    ['sync/a.ts', "import '../main.ts';", 'sync may not import main.ts'],
    ['bundle/a.ts', "import '../cli/run.ts';", 'bundle may not import cli/run.ts'],
    ['sync/a.ts', "import '../bundle/start.ts';", 'sync may not import bundle/start.ts'],
    ['cli/a.ts', "import '../../package.json';", '../../package.json does not end in .ts'],
    ['other/a.ts', '', 'other is not in the table'],
    ['storage/vdir/a.ts', "import '../memory/a.ts';", 'storage/vdir may not import storage/memory/a.ts'],
    ['storage/webcal/a.ts', "import '../dav/a.ts';", 'storage/webcal may not import storage/dav/a.ts'],
    ['storage/dav/a.ts', "import '../caldav/a.ts';", 'storage/dav may not import storage/caldav/a.ts'],
    ['storage/file/a.ts', "import '../storage-types.ts';", 'storage/file may not import storage/storage-types.ts'],
    ['storage/item-name.ts', "import './dav/a.ts';", 'storage/item-name.ts may not import storage/dav/a.ts'],
    ['content/a.ts', "import 'tsdav';", 'tsdav belongs elsewhere'],
    ['system/http.ts', "import 'better-sqlite3';", 'better-sqlite3 belongs elsewhere'],
    ['storage/vdir/a.ts', "import 'kdljs/src/parser/kdl.js';", 'kdljs belongs elsewhere'],
    ['system/a.ts', "import 'fs';", 'fs is not in the table'],
    ['sync/a.ts', "import './b.js';", './b.js does not end in .ts'],
    ['model/a.ts', "import 'node:fs';", 'node:fs is not pure'],
    ['content/component.ts', "import 'node:crypto';", 'node:crypto is not pure'],
    ['reconcile/a.ts', 'const a = async () => { await b; };', 'await is not pure'],
    ['content/a.ts', 'const a = new Date();', 'Date is not pure'],
    ['model/a.ts', 'const a = Math.random();', 'Math.random is not pure'],
    ['cli/a.ts', 'const a = process.env;', 'process is not its own'],
    ['sync/a.ts', "import { pid } from 'node:process';", 'process is not its own'],
    ['sync/a.ts', 'console.log(1);', 'console has no place'],
    ['sync/utils.ts', '', 'a file is named for its one thought'],
    ['sync/a.ts', "export { a } from './b.ts';", './b.ts is passed on'],
    ['sync/a.ts', '\n'.repeat(251), '251 lines'],
  ])('in %s: %s', (path, text, breach) => {
    expect(breachesOf({ path, text })).toEqual([`${path}: ${breach}`]);
  });

  test.each([
    ['main.ts', "import { run } from './cli/run.ts'; process.exitCode = await run();"],
    ['cli/program-version.ts', "import about from '../../package.json' with { type: 'json' };"],
    ['content/fingerprint.ts', "import { createHash } from 'node:crypto';"],
    ['content/a.ts', "import ICAL from 'ical.js'; // no Date, no process"],
    ['storage/storage-types.ts', "import { caldavType } from './caldav/caldav.ts';"],
    [
      'storage/caldav/caldav.ts',
      "import { davType } from '../dav/dav-type.ts'; import '../storage.ts'; import './b.ts';",
    ],
    [
      'storage/decorators/read-only.ts',
      "import type { Storage } from '../storage.ts'; import '../../model/errors.ts';",
    ],
    ['config/a.ts', "import { storageTypes } from '../storage/storage-types.ts'; const a = 'process';"],
    ['cli/commands/sync.ts', "import '../../daemon/daemon.ts'; import 'commander'; import 'node:path';"],
    ['system/lock.ts', "import { pid } from 'node:process'; import Database from 'better-sqlite3';"],
  ])('nothing in %s: %s', (path, text) => {
    expect(breachesOf({ path, text })).toEqual([]);
  });
});

/** The files of each circle, which begins with the one that is met first. */
function circlesIn(sources: readonly Source[]): readonly string[] {
  const imports = new Map(
    sources.map(({ path, text }) => [
      path,
      importsOf(text).map(({ specifier }) => posix.join(posix.dirname(path), specifier)),
    ]),
  );
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start !== -1) circles.push(way.slice(start).join(', '));
    if (start !== -1 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return circles;
}

function breachesOf(source: Source): readonly string[] {
  const { path, text } = source;
  const imports = importsOf(text);
  const breaches = [
    ...imports.flatMap(({ specifier }) => importBreach(path, specifier) ?? []),
    ...imports.filter(({ isExported }) => isExported).map(({ specifier }) => `${specifier} is passed on`),
    ...impurities(source),
    ...(MAY_IMPORT[folderOf(path)] === undefined ? [`${folderOf(path)} is not in the table`] : []),
    ...(NAMELESS.test(basename(path)) ? ['a file is named for its one thought'] : []),
    ...(usesWord(text, 'console') ? ['console has no place'] : []),
    ...(linesOf(source) > (LONG_FILES.has(path) ? 400 : 250) ? [`${linesOf(source)} lines`] : []),
  ];
  return breaches.map((breach) => `${path}: ${breach}`);
}

function importBreach(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    const homes = PACKAGES[name];
    if (homes === undefined) return `${name} is not in the table`;
    return homes.some((home) => path.startsWith(home)) ? undefined : `${name} belongs elsewhere`;
  }
  const target = posix.join(posix.dirname(path), specifier);
  if (`${path} ${target}` === PACKAGE_FILE) return undefined;
  if (!specifier.endsWith('.ts')) return `${specifier} does not end in .ts`;
  const folder = folderOf(path);
  if (folderOf(target) === folder) {
    return folder === 'storage' && !storagesMayMeet(path, target)
      ? `${partOf(path)} may not import ${target}`
      : undefined;
  }
  const allowed = (MAY_IMPORT[folder] ?? []).some((start) => target.startsWith(start));
  return allowed ? undefined : `${folder} may not import ${target}`;
}

/** A storage knows its own folder, what lies beside the folders, and `dav` if it speaks that; the list knows all. */
function storagesMayMeet(path: string, target: string): boolean {
  if (path === 'storage/storage-types.ts') return true;
  if (target === 'storage/storage-types.ts') return false;
  if (partOf(target) === partOf(path) || dirname(target) === 'storage') return true;
  return partOf(target) === 'storage/dav' && ['storage/caldav', 'storage/carddav'].includes(partOf(path));
}

function impurities({ path, text }: Source): readonly string[] {
  const modules = importsOf(text).map(({ specifier }) => specifier);
  const asksProcess = usesWord(text, 'process') || modules.includes('node:process');
  const trespass = asksProcess && !OWNERS_OF_PROCESS.some((owner) => path.startsWith(owner));
  const impure = PURE.includes(folderOf(path))
    ? [
        ...modules.filter((module) => module.startsWith('node:')),
        ...IMPURE_WORDS.filter((word) => usesWord(text, word)),
      ]
    : [];
  return [
    ...impure.filter((what) => !PURE_ALL_THE_SAME.has(`${path} ${what}`)).map((what) => `${what} is not pure`),
    ...(trespass ? ['process is not its own'] : []),
  ];
}

/** A type is tested where a folder or a file is called by the first word of its name. */
function omissionsOf(name: string, tests: readonly Source[], manual: string): readonly string[] {
  const storage = must(name.split('/')[0], 'a split text has a first part');
  const proves = ({ path, text }: Source): boolean =>
    path.split(/[/.-]/).includes(storage) && text.includes('conformanceOf(');
  const heading = manual
    .split('\n')
    .some((line) => /^\.(?:Sh|Ss|It) /.test(line) && line.split(/[\s,]+/).includes(name));
  return [
    ...(tests.some(proves) ? [] : [`${name}: no conformance test`]),
    ...(heading ? [] : [`${name}: not in the manual`]),
  ];
}

/** `sync` of `sync/a.ts`; what lies in no folder is one itself. */
const folderOf = (path: string): string => must(path.split('/')[0], 'a split text has a first part');

/** `storage/vdir` of `storage/vdir/a.ts`. */
const partOf = (path: string): string => path.split('/', 2).join('/');

/** As `wc -l` counts them. */
const linesOf = ({ text }: Source): number => text.split('\n').length - 1;
