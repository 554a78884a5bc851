#!/usr/bin/env node
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { PROGRAM_VERSION } from '../cli/program-version.ts';
import type { main } from '../main.ts';

/** The name of the program's file, which the build puts here. */
declare const PROGRAM_FILE: string;

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
  const cache = `${file}.cache`;
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
  const program: Program = new Script(readFileSync(file, 'latin1'), {
    filename: PROGRAM_FILE,
    ...(cachedData === undefined ? {} : { cachedData }),
  }).runInThisContext();
  suitShortRuns();
  const module = { exports: {} };
  program(require, module);
  return module.exports;
}

/**
 * V8 makes itself ready for long work: it takes memory for what is to come, and compiles again what ran for a moment.
 * After the cache was taken, which other settings made. Only where it was tried.
 */
function suitShortRuns(): void {
  if (!process.version.startsWith('v20.')) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--interrupt-budget=1000000');
}
