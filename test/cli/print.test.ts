import { describe, expect, test } from 'vitest';
import { type ColorChoice, printTo, type Style } from '../../src/cli/print.ts';
import { fakeOutside } from './fake-outside.ts';

describe('a line', () => {
  test('goes where it belongs', () => {
    const outside = fakeOutside([]);
    const print = printTo(outside, 'auto', {});
    print.result('a result');
    print.note('a note', 'bad');
    expect(outside.texts).toEqual({ stdout: 'a result\n', stderr: 'a note\n' });
  });

  test('S15: is one line, whatever is in it', () => {
    const outside = fakeOutside([]);
    const print = printTo(outside, 'always', {});
    print.result('a\n\u001b]0;title\u0007b', 'good');
    expect(outside.texts.stdout).toBe('\u001b[32ma\\n\\x1b]0;title\\x07b\u001b[0m\n');
  });

  const printed = (color: ColorChoice, isTTY: boolean, env: Record<string, string>, style: Style = 'bad'): boolean => {
    const outside = fakeOutside([], { isTTY });
    printTo(outside, color, env).note('x', style);
    return outside.texts.stderr.includes('\u001b');
  };

  test('has colours on a terminal, and where they are asked for', () => {
    expect(printed('auto', true, {})).toBe(true);
    expect(printed('auto', false, {})).toBe(false);
    expect(printed('always', false, { NO_COLOR: '1' })).toBe(true);
  });

  test('has none where they are not wanted', () => {
    expect(printed('never', true, {})).toBe(false);
    expect(printed('auto', true, { NO_COLOR: '1' })).toBe(false);
    expect(printed('auto', true, { NO_COLOR: '' })).toBe(true);
    expect(printed('auto', true, { TERM: 'dumb' })).toBe(false);
    expect(printed('auto', true, {}, 'plain')).toBe(false);
  });
});

describe('the foot', () => {
  test('is replaced, and vanishes before a line is printed', () => {
    const outside = fakeOutside([], { isTTY: true });
    const print = printTo(outside, 'never', {});
    print.foot(['one', 'two']);
    print.foot(['three']);
    print.result('a result');
    print.note('a note');
    expect(outside.texts.stderr).toBe('one\ntwo\n\u001b[2A\u001b[Jthree\n\u001b[1A\u001b[Ja note\n');
  });

  test('is never wider than the terminal', () => {
    const outside = fakeOutside([], { isTTY: true });
    printTo(outside, 'never', {}).foot(['x'.repeat(100)]);
    expect(outside.texts.stderr).toBe(`${'x'.repeat(39)}\n`);
  });
});
