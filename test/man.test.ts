import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { allDirectives, LATER_TYPES } from '../src/config/directives.ts';
import { storageTypes } from '../src/storage/storage-types.ts';
import type { ErrorReport } from '../src/sync/events.ts';
import { declaredTypes } from './config/storage-types.ts';

const folder = join(import.meta.dirname, '..', 'man');
const configuration = readFileSync(join(folder, 'pimsync.conf.5'), 'utf8');

const home = { directory: '/home/mira', statusPath: '/status' };

/** The words of macro lines, where the manual names things. */
const named = (manual: string): ReadonlySet<string> =>
  new Set(
    manual
      .split('\n')
      .filter((line) => line.startsWith('.'))
      .flatMap((line) => line.split(/[\s,;"]+|\\\(dq/)),
  );

const runsMandoc = (): boolean => {
  try {
    execFileSync('mandoc', ['-T', 'lint', '/dev/null'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // It is there, and finds an empty manual wanting.
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
};

describe('the manual of the configuration', () => {
  const types = [...storageTypes, ...declaredTypes];
  const later = types.flatMap(({ directives }) =>
    Object.entries(directives).flatMap(([name, { value }]) => (value === 'later' ? [name] : [])),
  );
  const unsupported = new Set([...later, 'past', 'future', 'merge']);

  it('names every directive and every type', () => {
    const words = named(configuration);
    const wanted = [...allDirectives(types), ...types.map(({ name }) => name), ...LATER_TYPES];
    expect(wanted.filter((name) => !words.has(name))).toEqual([]);
  });

  it('has an entry for each directive that is supported', () => {
    const entries = named(configuration.replaceAll(/^\.(?!It |Ic ).*$/gm, ''));
    const wanted = allDirectives(types).filter((name) => !unsupported.has(name));
    expect(wanted.filter((name) => !entries.has(name))).toEqual([]);
  });

  it('shows examples without mistakes', async () => {
    const blocks = [...configuration.matchAll(/^\.Bd -literal.*\n([\s\S]*?)^\.Ed$/gm)].map(([, text = '']) => text);
    const passwords = blocks.filter((text) => text.startsWith('password')).flatMap((text) => text.trim().split('\n'));
    const storages = passwords.map(
      (line, index) => `storage p${index} {\n type caldav\n url "https://h/"\n username u\n ${line}\n}\n`,
    );
    const whole = [...blocks.filter((text) => !text.startsWith('password')), ...storages].join('\n');
    const read = await readConfig(whole, 'pimsync.conf.5', declaredTypes, home);
    expect(read.type === 'mistakes' ? read.rendered : []).toEqual([]);
    expect([blocks.length, passwords.length]).toEqual([5, 8]);
  });
});

describe('the manual of the program', () => {
  it('names every kind of error that --json gives', () => {
    const kinds: Readonly<Record<ErrorReport['kind'], true>> = {
      'not-found': true,
      'already-exists': true,
      changed: true,
      'not-empty': true,
      unauthorized: true,
      denied: true,
      'read-only': true,
      rejected: true,
      'invalid-data': true,
      unavailable: true,
      overloaded: true,
      unsupported: true,
      status: true,
      locked: true,
      command: true,
      usage: true,
      configuration: true,
    };
    const words = named(readFileSync(join(folder, 'pimsync.1'), 'utf8'));
    expect(Object.keys(kinds).filter((kind) => !words.has(kind))).toEqual([]);
  });
});

describe.skipIf(!runsMandoc())('mandoc (skipped where it is not installed)', () => {
  for (const name of readdirSync(folder)) {
    it(`finds nothing wrong in ${name}`, () => {
      expect(findingsIn(join(folder, name))).toEqual([]);
    });
  }
});

/** Whether other manuals are installed is not this one's concern. */
function findingsIn(file: string): readonly string[] {
  const isOfThisFile = (line: string): boolean => line !== '' && !/referenced manual not found|mandoc\.db/.test(line);
  try {
    return execFileSync('mandoc', ['-T', 'lint', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .filter(isOfThisFile);
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout).split('\n').filter(isOfThisFile);
    throw error;
  }
}
