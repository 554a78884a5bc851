import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRequest, type CommandResult, runCommand } from '../../src/system/command.ts';

const run = (program: string, args: readonly string[], more: Partial<CommandRequest> = {}): Promise<CommandResult> =>
  runCommand({ program, args, env, input: 'none', limitMs: 20_000, ...more });
const shell = (text: string, more: Partial<CommandRequest> = {}) => run('sh', ['-c', text], more);

const textOf = (result: CommandResult): string => {
  if (result.type !== 'done') throw new Error(`it was ${result.type}`);
  return new TextDecoder().decode(result.output);
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pimsync-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a program', () => {
  it('gets its arguments as they are, and gives its output as it is', async () => {
    expect(textOf(await run('printf', ['%s|', '$HOME', 'a b', '"', '']))).toBe('$HOME|a b|"||');
    expect(await run('printf', ['\\377\\n\\n'])).toEqual({ type: 'done', output: Buffer.from([0xff, 0x0a, 0x0a]) });
  });

  it('sees the environment that it is given, and no other', async () => {
    expect(textOf(await shell('echo "$A-$HOME-"', { env: { PATH: '/usr/bin:/bin', A: 'x' } }))).toBe('x--\n');
  });

  it('reads nothing, rather than wait for somebody', async () => {
    expect(textOf(await run('cat', []))).toBe('');
  });

  it('reads the text that it is given, or leaves it', async () => {
    const text = '\u00e9\n'.repeat(100_000);
    expect(textOf(await run('wc', ['-c'], { input: { text } })).trim()).toBe('300000');
    expect(textOf(await run('true', [], { input: { text } }))).toBe('');
  });

  it('that is not there, or cannot be run, is not started', async () => {
    expect(await run('no-such-program-here', [])).toEqual({ type: 'not-started', code: 'ENOENT' });
    expect(await run('/etc/passwd', [])).toEqual({ type: 'not-started', code: 'EACCES' });
  });

  it('that fails gives its status or signal, and what it says, but not its output', async () => {
    expect(await shell('echo secret; echo no >&2; exit 3')).toEqual({ type: 'failed', status: 3, errors: 'no\n' });
    expect(await shell('echo no >&2; kill -9 $$')).toEqual({ type: 'killed', signal: 'SIGKILL', errors: 'no\n' });
  });

  it('is ended at its limit, with all that it started', async () => {
    const mark = join(folder, 'outlived');
    const pid = join(folder, 'pid');
    const text = `(sleep 300; touch ${mark}) & echo $! > ${pid}; echo waiting >&2; wait`;
    expect(await shell(text, { limitMs: 300 })).toEqual({ type: 'too-slow', errors: 'waiting\n' });
    const child = Number(textOf(await run('cat', [pid])));
    await expect.poll(() => isRunning(child), { timeout: 10_000 }).toBe(false);
    expect(existsSync(mark)).toBe(false);
  });

  it('is ended at its limit when it does not want to end', async () => {
    expect(await shell('trap "" TERM; while :; do sleep 1; done', { limitMs: 200 })).toMatchObject({
      type: 'too-slow',
    });
  });

  it('is ended when we are', async () => {
    const stop = new AbortController();
    const running = shell('sleep 300', { signal: stop.signal });
    stop.abort();
    expect(await running).toEqual({ type: 'aborted', errors: '' });
    expect(await shell('sleep 300', { signal: stop.signal })).toMatchObject({ type: 'aborted' });
  });

  it('that writes without end is ended', async () => {
    expect(await shell('yes')).toMatchObject({ type: 'too-much' });
  });

  it('is not waited for any more when it has ended, though a child holds its output', async () => {
    const pid = join(folder, 'holder');
    expect(textOf(await shell(`sleep 300 & echo $! > ${pid}; echo done`))).toBe('done\n');
    const child = Number(textOf(await run('cat', [pid])));
    expect(isRunning(child)).toBe(true);
    kill(child);
  });
});

/** A process that is dead, though nobody has buried it, does not run. */
function isRunning(child: number): boolean {
  try {
    return kill(child, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
