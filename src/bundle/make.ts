import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/**
 * Makes `dist`: the program in one file, what V8 made of it in a run (`warm-up.ts`), and what starts it (`start.ts`).
 * The old one is replaced when the new one is whole.
 */
const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist');
/** In a place from where packages are found, as they are from `dist`. */
const UNFINISHED = join(ROOT, 'node_modules/.dist');

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // One byte a character, also in memory.
  charset: 'ascii',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
};

/** Native code stays where it was installed. It is looked for in one place in place of thirteen, each a failure. */
const NATIVE_CODE: Plugin = {
  name: 'native-code',
  setup({ onLoad }) {
    const contents = "module.exports = (name) => require('better-sqlite3/build/Release/' + name);";
    onLoad({ filter: /\/bindings\/bindings\.js$/ }, () => ({ contents }));
  },
};

rmSync(UNFINISHED, { recursive: true, force: true });
mkdirSync(UNFINISHED);
const programFile = await makeProgram();
warmUp(join(UNFINISHED, programFile));
await makeStarter(programFile);
rmSync(DIST, { recursive: true, force: true });
renameSync(UNFINISHED, DIST);

/** Answers its name, of which its content is a part: no cache can be taken for that of another program. */
async function makeProgram(): Promise<string> {
  const text = await built({
    entryPoints: ['src/main.ts'],
    plugins: [NATIVE_CODE],
    // A script knows no modules; what is loaded late is run late.
    supported: { 'dynamic-import': false },
    banner: { js: '(function(require,module){' },
    footer: { js: '})' },
  });
  const name = `program-${hashOf(text).slice(0, 12)}.js`;
  writeFileSync(join(UNFINISHED, name), text);
  return name;
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function makeStarter(program: string): Promise<void> {
  const main = join(UNFINISHED, 'main.js');
  const cache = readFileSync(join(UNFINISHED, `${program}.cache`));
  const define = { PROGRAM_FILE: JSON.stringify(program), CACHE_HASH: JSON.stringify(hashOf(cache)) };
  writeFileSync(main, await built({ entryPoints: ['src/bundle/start.ts'], define }));
  chmodSync(main, 0o755);
  writeFileSync(join(UNFINISHED, 'package.json'), '{"type":"commonjs"}\n');
}

async function built(options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await build({ ...COMMON, ...options });
  return outputFiles.map(({ text }) => text).join('');
}

/** In a process of its own, since the program uses its process as it likes, and in a home of its own. */
function warmUp(program: string): void {
  const home = mkdtempSync(join(tmpdir(), 'pimsync-build-'));
  try {
    const args = [...process.execArgv, join(import.meta.dirname, 'warm-up.ts'), program];
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd: home,
      env: { HOME: home },
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new Error(`the program that was built does not work here:\n${stdout}${stderr}`, { cause: error });
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
