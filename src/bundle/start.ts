#!/usr/bin/env node
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { PROGRAM_VERSION } from '../cli/program-version.ts';
import type { main } from '../main.ts';

/** The name of the program's file, and the SHA-256 of what V8 made of it, which the build puts here. */
declare const PROGRAM_FILE: string;
declare const CACHE_HASH: string;

/** What the program's file is: a function with the parameters of a CommonJS module. */
type Program = (require: NodeJS.Require, module: { exports: { readonly main?: typeof main } }) => void;

const args = process.argv.slice(2);
// Asked for by scripts and packagers all the time: nothing is loaded for it.
if (args.length === 1 && (args[0] === 'version' || args[0] === '--version')) {
  writeSync(1, `pimsync ${PROGRAM_VERSION}\n`);
} else {
  void load().main?.(args);
}

/** What V8 made of the program when it was built spares compiling it; another version of Node does not take it. */
function load(): { readonly main?: typeof main } {
  const file = join(__dirname, PROGRAM_FILE);
  const cachedData = readCache(`${file}.cache`);
  const program: Program = new Script(readFileSync(file, 'latin1'), {
    filename: PROGRAM_FILE,
    ...(cachedData === undefined ? {} : { cachedData }),
  }).runInThisContext();
  suitShortRuns();
  const module = { exports: {} };
  program(require, module);
  return module.exports;
}

/** V8 takes whatever has the right head for its own, and would run what a disk or a copy has changed. */
function readCache(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return createHash('sha256').update(bytes).digest('hex') === CACHE_HASH ? bytes : undefined;
}

/**
 * V8 makes itself ready for long work: it takes memory for what is to come, and compiles again what ran for a moment.
 * After the cache was taken, which other settings made. Only where it was tried.
 */
function suitShortRuns(): void {
  if (!process.version.startsWith('v20.')) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=60');
  setFlagsFromString('--interrupt-budget=400000');
}
