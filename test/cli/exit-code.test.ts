import { describe, expect, test } from 'vitest';
import { exitStatus, worst } from '../../src/cli/exit-code.ts';

describe('the exit status', () => {
  test.each([
    ['done', 0],
    ['failed', 1],
    ['usage', 2],
    ['waiting', 3],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('of %s is %i', (ending, status) => {
    expect(exitStatus(ending)).toBe(status);
  });

  test('of several is the one that matters most', () => {
    expect(worst(['done', 'waiting', 'failed'])).toBe('failed');
    expect(worst(['waiting', 'done'])).toBe('waiting');
    expect(worst(['failed', 'SIGTERM'])).toBe('SIGTERM');
    expect(worst([])).toBe('done');
  });
});
