import { describe, expect, test } from 'vitest';
import { printTo } from '../../../src/cli/print.ts';
import { logPrint } from '../../../src/cli/reporters/log-print.ts';
import { fakeOutside } from '../fake-outside.ts';

describe('a line of a log', () => {
  test('begins with its priority in the journal, and has no colour', () => {
    const outside = fakeOutside([]);
    const print = logPrint(printTo(outside, 'always', {}), true, () => 0);
    print.note('error: no', 'bad');
    print.note('warning: hm\n<0>forged', 'warning');
    print.note('info: yes');
    print.note('debug: why', 'faint');
    print.result('{}');
    expect(outside.texts.stderr).toBe('<3>error: no\n<4>warning: hm\\n<0>forged\n<6>info: yes\n<7>debug: why\n');
    expect(outside.texts.stdout).toBe('{}\n');
  });

  test('begins with its time elsewhere', () => {
    const outside = fakeOutside([]);
    logPrint(printTo(outside, 'never', {}), false, () => Date.UTC(2025, 0, 1)).note('info: yes');
    expect(outside.texts.stderr).toMatch(/^202[45]-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} info: yes\n$/);
  });
});
