import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { forEachAtOnce } from '../../src/system/pool.ts';
import type { Catch } from './catch.ts';
import { PLANTS, type Plant } from './plants.ts';

/**
 * Plants each mistake in a copy of the sources, and prints which law caught it: in which of the fixed histories, or after
 * how many of the others of one seed, which are played where none of those does.
 */
const MOST = Number(process.argv[2] ?? 1000);
const ONLY = new RegExp(process.argv[3] ?? '');

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const CONTROL: Plant = {
  name: 'none at all',
  file: 'package.json',
  find: '"name": "pimsync"',
  put: '"name": "pimsync"',
};

/** Whatever happens to the sources meanwhile, all mistakes are planted in the same ones. */
function copied(from: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'pimsync-plant-'));
  for (const each of ['src', 'test', 'package.json', 'tsconfig.json']) {
    cpSync(join(from, each), join(copy, each), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function plant(clean: string, { name, file, find, put }: Plant): Promise<string> {
  const copy = copied(clean);
  try {
    const text = readFileSync(join(copy, file), 'utf8');
    if (text.split(find).length !== 2) return `| ${name} | its place is not found in ${file} | |`;
    writeFileSync(
      join(copy, file),
      text.replace(find, () => put),
    );
    const { stdout } = await execa(process.execPath, ['--import', 'tsx', 'test/laws/catch.ts', String(MOST)], {
      cwd: copy,
      stderr: 'inherit',
    });
    const caught: Catch = JSON.parse(stdout);
    const when = caught.fixed === undefined ? caught.histories : `fixed: *${caught.fixed}*`;
    return `| ${name} | ${caught.law ?? '**not caught**'} | ${when} |`;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const clean = copied(ROOT);
const planted = [CONTROL, ...PLANTS.filter(({ name }) => ONLY.test(name))];
const rows = new Map<Plant, string>();
await forEachAtOnce(
  planted,
  availableParallelism(),
  async (each) => {
    const row = await plant(clean, each);
    rows.set(each, row);
    process.stderr.write(`${row}\n`);
  },
  new AbortController().signal,
);
process.stdout.write('| mistake | caught by | after histories |\n|---|---|---|\n');
for (const each of planted) {
  const row = rows.get(each);
  if (row !== undefined) process.stdout.write(`${row}\n`);
}
rmSync(clean, { recursive: true, force: true });
