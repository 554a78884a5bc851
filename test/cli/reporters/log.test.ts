import { describe, expect, test } from 'vitest';
import { printTo } from '../../../src/cli/print.ts';
import { logReporter } from '../../../src/cli/reporters/log.ts';
import type { LogLevel } from '../../../src/sync/events.ts';
import { fakeOutside } from '../fake-outside.ts';

describe('the log', () => {
  const levels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace'];

  test.each(levels.map((level, index) => [level, index + 1] as const))('of %s has %i levels', (wanted, count) => {
    const outside = fakeOutside([]);
    const tell = logReporter(printTo(outside, 'auto', {}), wanted);
    for (const level of levels) tell({ type: 'log', level, pair: 'work', message: 'm' });
    const lines = ['error: work: m', 'warning: work: m', 'info: work: m', 'debug: work: m', 'trace: work: m'];
    expect(outside.texts).toEqual({
      stdout: '',
      stderr: lines
        .slice(0, count)
        .map((line) => `${line}\n`)
        .join(''),
    });
  });
});
