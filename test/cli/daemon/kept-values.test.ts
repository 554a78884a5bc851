import { describe, expect, test } from 'vitest';
import { KeptValues } from '../../../src/cli/daemon/kept-values.ts';
import type { Config } from '../../../src/config/config.ts';
import { readConfig } from '../../../src/config/config.ts';
import type { FetchedValues } from '../../../src/config/secret.ts';
import { CommandError } from '../../../src/model/errors.ts';
import { Redacted } from '../../../src/system/redacted.ts';
import { declaredTypes } from '../../config/storage-types.ts';

const TEXT = `
storage desk { type "vdir/icalendar"; path "/cal" }
storage work { type caldav; url "https://h/"; username u; password { cmd pass work } }
storage cards { type carddav; url "https://h/"; username u; password { cmd pass work } }
storage other { type caldav; url "https://i/"; username u; password { cmd pass other } }
`;

async function configuration(): Promise<Config> {
  const read = await readConfig(TEXT, 'file', declaredTypes, { directory: '/home/mira', statusPath: '/status' });
  if (read.type !== 'config') throw new Error(read.rendered.join('\n'));
  return read.config;
}

/** Values whose passwords are `passwords`, and what was fetched of them. */
async function begin(passwords: Record<string, string | undefined>) {
  const fetches: string[] = [];
  const now = { ...passwords };
  const valuesOf = (names: readonly string[]): FetchedValues => {
    const known = names.filter((name) => now[name] !== undefined);
    return {
      statusPath: '/status',
      settings: new Map(known.map((name) => [name, new Map([['password', new Redacted(now[name] ?? '')]])])),
      failures: new Map(names.filter((name) => !known.includes(name)).map((name) => [name, new CommandError(name)])),
    };
  };
  const kept = new KeptValues(await configuration(), valuesOf(Object.keys(passwords)), async (names) => {
    fetches.push([...names].sort().join(' '));
    return valuesOf(names);
  });
  return { kept, fetches, now };
}

const passwordOf = (kept: KeptValues, name: string): string | undefined => {
  const password = kept.values.settings.get(name)?.get('password');
  return password instanceof Redacted ? password.reveal() : undefined;
};

describe('values that are kept', () => {
  test('are fetched anew where they are wished, and the others stay', async () => {
    const { kept, fetches, now } = await begin({ work: 'a', other: 'b' });
    const seen = kept.seen(['other']);
    now['work'] = 'A';
    now['other'] = 'B';
    expect(await kept.renew(seen)).toBe('changed');
    expect(fetches).toEqual(['other']);
    expect([passwordOf(kept, 'work'), passwordOf(kept, 'other')]).toEqual(['a', 'B']);
    expect(await kept.renew(kept.seen(['other']))).toBe('same');
  });

  test('J2 are not fetched twice for two who saw the same', async () => {
    const { kept, fetches } = await begin({ other: 'b' });
    const seen = kept.seen(['other']);
    expect(await Promise.all([kept.renew(seen), kept.renew(seen)])).toEqual(['same', 'changed']);
    expect(fetches).toEqual(['other']);
  });

  test('J2 of one source are fetched together', async () => {
    const { kept, fetches, now } = await begin({ desk: '', work: 'a', cards: 'a', other: 'b' });
    const seenByCards = kept.seen(['cards']);
    now['work'] = 'A';
    now['cards'] = 'A';
    await kept.renew(kept.seen(['work']));
    expect(fetches).toEqual(['cards work']);
    expect(await kept.renew(seenByCards)).toBe('changed');
    expect(fetches).toHaveLength(1);
    expect(passwordOf(kept, 'cards')).toBe('A');
  });

  test('that could not be had may come later, and may be lost again', async () => {
    const { kept, now } = await begin({ other: undefined });
    expect(await kept.renew(kept.seen(['other']))).toBe('same');
    now['other'] = 'b';
    expect(await kept.renew(kept.seen(['other']))).toBe('changed');
    expect(kept.values.failures.size).toBe(0);
    now['other'] = undefined;
    expect(await kept.renew(kept.seen(['other']))).toBe('changed');
    expect([...kept.values.failures.keys()]).toEqual(['other']);
  });
});
