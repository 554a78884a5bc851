import { describe, expect, test } from 'vitest';
import { printTo } from '../../src/cli/print.ts';
import { showError } from '../../src/cli/show-error.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { StatusError, UsageError } from '../../src/model/errors.ts';
import { Redacted } from '../../src/system/redacted.ts';
import { fakeOutside } from './fake-outside.ts';

function shown(error: unknown) {
  const outside = fakeOutside([]);
  const ending = showError(error, printTo(outside, 'never', {}));
  return { ending, ...outside.texts };
}

describe('what ends a command', () => {
  test('is shown as a sentence and a hint', () => {
    const { ending, stdout, stderr } = shown(new StatusError('the disk is full', { hint: 'make room' }));
    expect({ ending, stdout, stderr }).toEqual({
      ending: 'failed',
      stdout: '',
      stderr: 'pimsync: the disk is full\n  make room\n',
    });
  });

  test('is a mistake of the user, or of the configuration', () => {
    expect(shown(new UsageError('x')).ending).toBe('usage');
    expect(shown(new ConfigError('one\ntwo')).stderr).toBe('pimsync: one\ntwo\n');
    expect(shown(new ConfigError('x')).ending).toBe('usage');
  });

  test('is a bug, shown with all that helps to find it, and without secrets', () => {
    const { ending, stderr } = shown(new TypeError(`no ${new Redacted('hunter2')}`));
    expect(ending).toBe('failed');
    expect(stderr).toMatch(/^TypeError: no \[secret\]\n {4}at .*show-error\.test/);
    expect(stderr).toMatch(/this is a bug; please report it, with the lines above\n$/);
    expect(shown('thrown').stderr).toContain('thrown');
  });
});
