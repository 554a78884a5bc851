import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { forEachAtOnce } from '../../src/system/pool.ts';
import type { Catch } from './catch.ts';
import { PLANTS, type Plant } from './plants.ts';

/** Plants each mistake in a copy of the sources, and prints which law caught it, and after how many histories. */
const MOST = Number(process.argv[2] ?? 20_000);
const ONLY = process.argv[3] ?? '';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function plant({ name, file, find, put }: Plant): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'pimsync-plant-'));
  try {
    for (const each of ['src', 'test', 'package.json', 'tsconfig.json']) {
      cpSync(join(ROOT, each), join(copy, each), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
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
    if (caught.law === undefined) return `| ${name} | **not caught** | ${caught.histories} |`;
    return `| ${name} | ${caught.law} | ${caught.histories} |`;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const rows = new Map<Plant, string>();
await forEachAtOnce(
  PLANTS.filter(({ name }) => name.includes(ONLY)),
  availableParallelism(),
  async (each) => {
    const row = await plant(each);
    rows.set(each, row);
    process.stderr.write(`${row}\n`);
  },
  new AbortController().signal,
);
process.stdout.write('| mistake | caught by | after histories |\n|---|---|---|\n');
for (const each of PLANTS) {
  const row = rows.get(each);
  if (row !== undefined) process.stdout.write(`${row}\n`);
}
