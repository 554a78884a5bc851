import { describe, expect, test } from 'vitest';
import { choosePairs, chooseWholePairs } from '../../../src/cli/pairs/chosen-pairs.ts';
import type { Config } from '../../../src/config/config.ts';
import { RULES } from '../../sync/engine.ts';

const pair = (name: string) => ({ name, storages: { a: 'local', b: 'remote' }, rules: RULES, hook: undefined });

const config: Config = {
  statusPath: { type: 'here', value: '/status' },
  historyS: 0,
  storages: new Map(),
  pairs: [pair('calendars'), pair('contacts')],
};

const chosen = (...names: readonly string[]) =>
  choosePairs(config, names).map(({ settings, only }) => [settings.name, only && [...only]]);

describe('the pairs of a call', () => {
  test('are all, if none is named', () => {
    expect(chosen()).toEqual([
      ['calendars', undefined],
      ['contacts', undefined],
    ]);
  });

  test('are those that are named, in the order of the configuration', () => {
    expect(chosen('contacts', 'calendars', 'contacts').map(([name]) => name)).toEqual(['calendars', 'contacts']);
  });

  test('may be reduced to collections, whose names may have slashes', () => {
    expect(chosen('calendars/work', 'calendars/a/b')).toEqual([['calendars', ['work', 'a/b']]]);
    expect(chosen('calendars/work', 'calendars')).toEqual([['calendars', undefined]]);
  });

  test('must be there', () => {
    expect(() => choosePairs(config, ['calender'])).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: 'there is no pair "calender"; did you mean "calendars"?',
        hint: 'the pairs are "calendars", "contacts"',
      }),
    );
  });

  test('are whole where a command takes no less', () => {
    expect(chooseWholePairs(config, ['contacts']).map(({ name }) => name)).toEqual(['contacts']);
    expect(() => chooseWholePairs(config, ['contacts/work'])).toThrow('takes pairs');
  });
});
