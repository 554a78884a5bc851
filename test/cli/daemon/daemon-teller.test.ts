import { describe, expect, test } from 'vitest';
import { daemonTeller } from '../../../src/cli/daemon/daemon-teller.ts';
import { printTo } from '../../../src/cli/print.ts';
import { CommandError, StorageError } from '../../../src/model/errors.ts';
import type { SyncEvent } from '../../../src/sync/events.ts';
import { RULES } from '../../sync/engine.ts';
import { fakeOutside } from '../fake-outside.ts';
import { planned } from '../reporters/told.ts';

function begin(json = false) {
  const outside = fakeOutside([]);
  const options = { config: undefined, level: 'warn', json, color: 'never' } as const;
  const session = { outside, options, print: printTo(outside, 'never', {}) };
  const has: boolean[] = [];
  const settings = { name: 'work', storages: { a: 'laptop', b: 'server' }, rules: RULES, hook: undefined };
  return { teller: daemonTeller(settings, session, (each) => has.push(each)), texts: outside.texts, has };
}

const failure: SyncEvent = {
  type: 'failure',
  pair: 'work',
  collection: undefined,
  side: 'b',
  error: { kind: 'unavailable', message: 'no answer', hint: undefined },
};

describe('the daemon tells', () => {
  test('a failure once, and that it is over', () => {
    const { teller, texts, has } = begin();
    for (const fails of [true, true, false]) {
      const run = teller.beginRun();
      if (fails) run.tell(failure);
      run.end(!fails);
    }
    expect(texts.stderr).toBe('warning: work: server: no answer\nwarning: over: work: server: no answer\n');
    expect(has).toEqual([true, true, false]);
  });

  test('A15 a bug once, with all that helps to find it, and that it is over', () => {
    const { teller, texts, has } = begin();
    const bug = new TypeError('of no use');
    for (const fails of [true, true, false]) {
      const run = teller.beginRun();
      if (fails) run.bug(bug);
      run.end(!fails);
    }
    expect(texts.stderr.match(/TypeError: of no use/g)).toHaveLength(1);
    expect(texts.stderr).toMatch(/please report it.*\nwarning: work: over: /);
    expect(has).toEqual([true, true, false]);
  });

  test('nothing of watching where a password is missing, which each run tells', () => {
    const { teller, texts } = begin();
    teller.watching('b', new CommandError('could not get "password"'));
    teller.watching('b', undefined);
    expect(texts.stderr).toBe('');
  });

  test('that an error is over, as a warning', () => {
    const { teller, texts } = begin();
    const error = { kind: 'command', message: 'could not get "password"', hint: undefined } as const;
    for (const fails of [true, false]) {
      const run = teller.beginRun();
      if (fails) run.tell({ ...failure, side: undefined, error });
      run.end(!fails);
    }
    expect(texts.stderr).toBe('error: work: could not get "password"\nwarning: over: work: could not get "password"\n');
  });

  test('J6 once that a side cannot be watched, and when it can', () => {
    const { teller, texts } = begin();
    const problem = new StorageError('overloaded', 'could not watch /cal', { hint: 'raise it' });
    teller.watching('a', problem);
    teller.watching('a', problem);
    teller.watching('a', undefined);
    teller.watching('a', undefined);
    expect(texts.stderr).toBe(
      'warning: work: could not watch /cal; raise it\nwarning: work: over: could not watch /cal; raise it\n',
    );
  });

  test('programs all that happens, and no plan of what is held anyway', () => {
    const { teller, texts } = begin(true);
    const run = teller.beginRun();
    run.tell({ type: 'plan', pair: 'work', actions: () => [planned({ verb: 'hold', waits: true }), planned()] });
    run.tell(failure);
    run.end(false);
    const printed = texts.stdout.trimEnd().split('\n');
    expect(printed.map((line): unknown => JSON.parse(line))).toMatchObject([
      { type: 'plan', verb: 'create' },
      { type: 'failure', storage: 'server', message: 'no answer' },
    ]);
    expect(texts.stderr).toBe('');
  });
});
