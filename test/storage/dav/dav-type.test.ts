import { describe, expect, test } from 'vitest';
import { caldavType } from '../../../src/storage/caldav/caldav.ts';
import { carddavType } from '../../../src/storage/carddav/carddav.ts';
import type { SettingValue } from '../../../src/storage/storage-type.ts';
import { Redacted } from '../../../src/system/redacted.ts';

const problemsOf = (settings: readonly [string, SettingValue][]): readonly string[] =>
  caldavType.problems(new Map(settings)).map(({ directive }) => directive);

const password: [string, SettingValue] = ['password', new Redacted('secret')];

describe('what the configuration knows of DAV', () => {
  test('the types have their names and kinds, and what comes later is known', () => {
    expect([caldavType.name, caldavType.kind]).toEqual(['caldav', 'calendar']);
    expect([carddavType.name, carddavType.kind]).toEqual(['carddav', 'address-book']);
    expect(caldavType.directives['item_types']).toEqual({ value: 'later' });
    expect(carddavType.directives['item_types']).toBeUndefined();
  });

  const cases: readonly (readonly [readonly [string, SettingValue][], readonly string[]])[] = [
    [[['url', 'https://a.example/']], []],
    [[['url', 'https://a.example/'], ['username', 'a'], password], []],
    [
      [
        ['url', 'https://a.example/'],
        ['username', 'a'],
      ],
      ['username'],
    ],
    [[['url', 'https://a.example/'], password], ['password']],
    [[['url', 'https://a.example/'], ['username', 'a:b'], password], ['username']],
    [[['url', 'https://u:p@a.example/']], ['url']],
    [[['url', 'http://a.example/'], ['username', 'a'], password], ['url']],
    [[['url', 'http://a.example/'], ['username', 'a'], password, ['allow_insecure_auth', true]], []],
    [[['url', 'http://127.0.0.1:5232/'], ['username', 'a'], password], []],
    [[['url', 'http://a.example/']], []],
    [[['url', 'unix:///run/dav.sock'], ['username', 'a'], password], []],
  ];
  test.each(cases)('%j has problems with %j', (settings, directives) => {
    expect(problemsOf(settings)).toEqual(directives);
  });
});
