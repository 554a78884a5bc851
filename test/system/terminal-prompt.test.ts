import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { terminalOf } from '../../src/system/terminal-prompt.ts';

/** Two streams that say that they are a terminal; what is shown is kept. */
function fakeTerminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true as const, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true as const, columns: 80 });
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { input, output, shown: () => shown };
}

describe('a question at the terminal', () => {
  it('is answered by a line', async () => {
    const { input, output, shown } = fakeTerminal();
    const answer = terminalOf(input, output)?.ask('User?', 'shown');
    input.write('mira\r');
    expect(await answer).toBe('mira');
    expect(shown()).toContain('User?');
    expect(shown()).toContain('mira');
  });

  it('hides what is typed where it is a secret', async () => {
    const { input, output, shown } = fakeTerminal();
    const answer = terminalOf(input, output)?.ask('Password?', 'hidden');
    input.write('hunterX\u007f2\r');
    expect(await answer).toBe('hunter2');
    expect(shown()).toBe('Password? \n');
  });

  it('is asked one after the other', async () => {
    const { input, output } = fakeTerminal();
    const terminal = terminalOf(input, output);
    for (const word of ['one', 'two']) {
      const answer = terminal?.ask('?', 'hidden');
      input.write(`${word}\n`);
      expect(await answer).toBe(word);
    }
  });

  it('has no answer where it is broken off', async () => {
    for (const key of ['\u0003', '\u0004']) {
      const { input, output } = fakeTerminal();
      const answer = terminalOf(input, output)?.ask('Password?', 'hidden');
      input.write(key);
      expect(await answer).toBeUndefined();
    }
  });

  it('shows no control characters', async () => {
    const { input, output, shown } = fakeTerminal();
    const answer = terminalOf(input, output)?.ask('a\u001b[2Jb', 'hidden');
    input.write('x\r');
    await answer;
    expect(shown()).not.toContain('\u001b');
  });

  it('cannot be put where there is no terminal', () => {
    const { input, output } = fakeTerminal();
    expect(terminalOf(Object.assign(new PassThrough(), { isTTY: false }), output)).toBeUndefined();
    expect(terminalOf(input, Object.assign(new PassThrough(), { isTTY: false }))).toBeUndefined();
  });
});
