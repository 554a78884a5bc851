import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pressKey } from '../../src/system/terminal-keys.ts';

/** Streams that are a terminal's; what is shown is kept, and whether keys come one by one. */
function fakeTerminal(signal = new AbortController().signal) {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => modes.push(raw) });
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { input, modes, shown: () => shown, press: () => pressKey('What?', { input, output, signal }) };
}

describe('a key', () => {
  it('is an answer by itself, and the terminal is left as it was', async () => {
    const { input, modes, shown, press } = fakeTerminal();
    const pressed = press();
    input.write('A');
    expect(await pressed).toEqual({ type: 'key', key: 'a' });
    expect(shown()).toBe('What? A\n');
    expect(modes).toEqual([true, false]);
    expect(input.listenerCount('keypress')).toBe(0);
  });

  it('may have Enter behind it, and more: one answers one question', async () => {
    const { input, press } = fakeTerminal();
    const first = press();
    input.write('a\r');
    await first;
    const second = press();
    input.write('\r');
    input.write('bm');
    expect(await second).toEqual({ type: 'key', key: 'b' });
    const third = press();
    input.write('s');
    expect(await third).toEqual({ type: 'key', key: 's' });
  });

  it.each([
    ['an arrow', '\u001b[A'],
    ['another arrow', '\u001bOB'],
    ['Alt and a letter', '\u001ba'],
    ['Ctrl and a letter', '\u0001'],
    ['a space', ' '],
    ['Enter', '\r'],
  ])('%s is none', async (_, bytes) => {
    const { input, press } = fakeTerminal();
    const pressed = press();
    input.write(bytes);
    input.write('q');
    expect(await pressed).toEqual({ type: 'key', key: 'q' });
  });

  it.each([
    ['\u0003', 'interrupted'],
    ['\u0004', 'ended'],
  ])('%j breaks off: %s', async (bytes, type) => {
    const { input, modes, press } = fakeTerminal();
    const pressed = press();
    input.write(bytes);
    expect(await pressed).toEqual({ type });
    expect(modes).toEqual([true, false]);
  });

  it('never comes where the input has ended', async () => {
    const { input, press } = fakeTerminal();
    const pressed = press();
    input.end();
    expect(await pressed).toEqual({ type: 'ended' });
    const broken = fakeTerminal();
    const waiting = broken.press();
    broken.input.destroy(new Error('EIO'));
    expect(await waiting).toEqual({ type: 'ended' });
  });

  it('is waited for until the signal says otherwise', async () => {
    const controller = new AbortController();
    const { modes, press } = fakeTerminal(controller.signal);
    const pressed = press();
    controller.abort();
    expect(await pressed).toEqual({ type: 'interrupted' });
    expect(modes).toEqual([true, false]);
    expect(await press()).toEqual({ type: 'interrupted' });
    expect(modes).toHaveLength(2);
  });
});
