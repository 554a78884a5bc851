import { describe, expect, it } from 'vitest';
import { runOnTerminal } from '../../src/system/terminal-program.ts';

const { PATH } = process.env;

function run(script: string, signal = new AbortController().signal) {
  return runOnTerminal({ program: 'sh', args: ['-c', script, 'sh', 'word'], env: { PATH, LEVEL: '7' }, signal });
}

describe('a program at the terminal', () => {
  it('ends as it likes', async () => {
    expect(await run('exit 0')).toMatchObject({ type: 'done' });
    expect(await run('exit $LEVEL')).toEqual({ type: 'failed', status: 7, errors: '' });
    expect(await run('test "$1" = word')).toMatchObject({ type: 'done' });
    expect(await run('kill -KILL $$')).toEqual({ type: 'killed', signal: 'SIGKILL', errors: '' });
  });

  it('has the environment that it is given and no other', async () => {
    expect(await run('test -z "$HOME"')).toMatchObject({ type: 'done' });
  });

  it('that is not there was not started', async () => {
    const { signal } = new AbortController();
    const request = { program: '/nowhere/edit', args: [], env: {}, signal };
    expect(await runOnTerminal(request)).toEqual({ type: 'not-started', code: 'ENOENT' });
  });

  it('is told to end when we are', async () => {
    const controller = new AbortController();
    const running = run('exec sleep 60', controller.signal);
    controller.abort();
    expect(await running).toEqual({ type: 'aborted', errors: '' });
    expect(await run('exit 0', controller.signal)).toMatchObject({ type: 'aborted' });
  });
});
