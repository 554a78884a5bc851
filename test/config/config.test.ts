import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config/config.ts';
import { allDirectives } from '../../src/config/directives.ts';
import type { Value } from '../../src/config/value.ts';
import { must } from '../../src/model/errors.ts';
import { Redacted } from '../../src/system/redacted.ts';
import { declaredTypes } from './storage-types.ts';

const home = { directory: '/home/mira', statusPath: '/home/mira/.local/share/pimsync/status' };

const read = (text: string) => readConfig(text, 'pimsync.conf', declaredTypes, home);

async function config(text: string): Promise<Config> {
  const result = await read(text);
  if (result.type === 'mistakes') throw new Error(result.rendered.join('\n'));
  return result.config;
}

async function messages(text: string): Promise<readonly string[]> {
  const result = await read(text);
  return result.type === 'mistakes' ? result.mistakes.map(({ message }) => message) : [];
}

const STORAGES = `
storage desk {
    type "vdir/icalendar"
    path "~/cal"
}
storage office {
    type caldav
    url "https://dav.example.org/"
}
`;
const paired = (rules: string): string => `${STORAGES}
pair work {
    storage_a desk
    storage_b office
    ${rules}
}`;
const rulesOf = async (rules: string) => must((await config(paired(rules))).pairs[0], 'there is one pair').rules;
const readValueOf = async (directive: string): Promise<Value> => {
  const { storages } = await config(`storage s {\n type caldav\n url "https://h/"\n username u\n ${directive}\n}`);
  return must(must(storages.get('s'), 's').values.get(/^\w+/.exec(directive)?.[0] ?? ''), directive);
};

describe('a hook', () => {
  const hookOf = async (hook: string) =>
    must((await config(paired(`collections all\n${hook}`))).pairs[0], 'a pair').hook;

  it('is a program with its arguments', async () => {
    expect(await hookOf('hook { cmd notify-send "calendars changed" }')).toEqual({
      program: 'notify-send',
      args: ['calendars changed'],
    });
    expect(await hookOf('hook { cmd "~/bin/changed" }')).toEqual({ program: '/home/mira/bin/changed', args: [] });
    expect(await hookOf('')).toBeUndefined();
  });
});

describe('a configuration', () => {
  it('may be empty, and has its defaults', async () => {
    const empty = await config('// nothing yet\n');
    expect(empty.statusPath).toEqual({ type: 'here', value: home.statusPath });
    expect(empty.historyS).toBe(30 * 86_400);
    expect([empty.storages.size, empty.pairs.length]).toEqual([0, 0]);
  });

  it('says where the status is, and how long the history is kept', async () => {
    const { statusPath, historyS } = await config('status_path "~/status"\nhistory "2w"\n');
    expect(statusPath).toEqual({ type: 'here', value: '/home/mira/status' });
    expect(historyS).toBe(14 * 86_400);
    expect((await config('history 0')).historyS).toBe(0);
  });

  it('keeps storages and pairs in the order of the file', async () => {
    const { storages, pairs } = await config(
      `${paired('collections all')}\npair again {\n storage_a office\n storage_b desk\n collection home\n}`,
    );
    expect([...storages.keys()]).toEqual(['desk', 'office']);
    expect(pairs.map(({ name, storages: sides }) => [name, sides])).toEqual([
      ['work', { a: 'desk', b: 'office' }],
      ['again', { a: 'office', b: 'desk' }],
    ]);
  });

  it('is read with a byte order mark and any line ends', async () => {
    expect((await config('history 5\r\nstatus_path "/x"\r\n')).historyS).toBe(5);
    expect((await config('history 5; status_path "/x"')).historyS).toBe(5);
  });
});

describe('a storage', () => {
  it('has the defaults of its type', async () => {
    const { storages } = await config(STORAGES);
    const office = must(storages.get('office'), 'office');
    expect([office.type.name, office.intervalS, office.readOnly]).toEqual(['caldav', 300, false]);
    expect(Object.fromEntries(office.values)).toEqual({
      url: { type: 'here', value: 'https://dav.example.org/' },
      timeout: { type: 'here', value: 30 },
      connections: { type: 'here', value: 8 },
      collection_id_segment: { type: 'here', value: 'last' },
    });
    expect(must(storages.get('desk'), 'desk').values.get('fileext')).toEqual({ type: 'here', value: 'ics' });
  });

  it('takes every directive of its type', async () => {
    const { storages } = await config(`storage office {
      type caldav; url "http://[::1]:5232/"; username 123; password "x y"; auth_method basic; interval "15m"; read_only
      allow_insecure_auth; allow_origin "https://*.Example.org"; allow_origin "https://a.org" "http://b.org:80"
      user_agent "me/1"; timeout "1m"; collection_id_segment second-last; connections 32
    }`);
    const office = must(storages.get('office'), 'office');
    expect([office.intervalS, office.readOnly]).toEqual([900, true]);
    const settings = Object.fromEntries(
      [...office.values].map(([name, value]) => [name, 'value' in value && value.value]),
    );
    expect(settings).toMatchObject({
      username: '123',
      auth_method: 'basic',
      allow_insecure_auth: true,
      allow_origin: ['https://*.example.org', 'https://a.org', 'http://b.org:80'],
      user_agent: 'me/1',
      timeout: 60,
      collection_id_segment: 'second-last',
      connections: 32,
    });
    expect(office.values.get('password')).toEqual({ type: 'here', value: expect.any(Redacted) });
    expect(JSON.stringify([...office.values])).not.toContain('x y');
  });

  it('of a type that is never written to is read-only', async () => {
    const feed = 'storage feed {\n type webcal\n url "webcals://h/x.ics"\n collection_id x\n}';
    expect((await config(feed)).storages.get('feed')?.readOnly).toBe(true);
  });

  it('takes an extension with or without its dot', async () => {
    const of = async (text: string) =>
      (await config(`storage d {\n type "vdir/vcard"\n path "/x"\n fileext ${text}\n}`)).storages
        .get('d')
        ?.values.get('fileext');
    expect(await of('.vcard')).toEqual({ type: 'here', value: 'vcard' });
    expect(await of('vcard')).toEqual({ type: 'here', value: 'vcard' });
  });

  it('takes a url for each of its schemes', async () => {
    for (const url of ['https://h/', 'http://127.0.0.1:80/a?b', 'unix:///run/dav.sock']) {
      expect(await messages(`storage s {\n type caldav\n url "${url}"\n}`)).toEqual([]);
    }
  });
});

describe('a value from elsewhere', () => {
  const what = '"password" of storage "s"';
  const form = { form: 'text' };

  it('comes from a program, a shell, the environment, a file or a person', async () => {
    const sourceOf = async (block: string) => {
      const value = await readValueOf(`password { ${block}; }`);
      return value.type === 'elsewhere' ? value.source : undefined;
    };
    expect(await sourceOf('cmd pass show "dav/x"; timeout "2m"')).toEqual({
      from: 'cmd',
      program: 'pass',
      args: ['show', 'dav/x'],
      limitS: 120,
    });
    expect(await sourceOf('cmd "~/bin/secret" ""')).toMatchObject({ program: '/home/mira/bin/secret', args: [''] });
    expect(await sourceOf('shell "pass show x | head -n 1"')).toEqual({
      from: 'shell',
      text: 'pass show x | head -n 1',
      limitS: 60,
    });
    expect(await sourceOf('env DAV_PASSWORD')).toEqual({ from: 'env', name: 'DAV_PASSWORD' });
    expect(await sourceOf('file "~/x"')).toEqual({ from: 'file', path: '/home/mira/x', inCredentials: false });
    expect(await sourceOf('file "%d/dav"')).toEqual({ from: 'file', path: 'dav', inCredentials: true });
    expect(await sourceOf('prompt "Password?"')).toEqual({ from: 'prompt', text: 'Password?' });
  });

  it('knows whose it is, and what it must look like', async () => {
    expect(await readValueOf('password { env X; }')).toMatchObject({ type: 'elsewhere', what, form, secret: true });
    const path = await config('storage d {\n type "vdir/vcard"\n path { env X; }\n}');
    expect(path.storages.get('d')?.values.get('path')).toMatchObject({ form: { form: 'path' }, secret: false });
    expect((await config('status_path { env X; }')).statusPath).toMatchObject({
      what: '"status_path" of the configuration',
    });
  });
});

describe('a pair', () => {
  it('has its defaults', async () => {
    expect(await rulesOf('collections all')).toEqual({
      collectionsFrom: new Set(['a', 'b']),
      mappings: [],
      exclude: [],
      onEmpty: 'skip',
      onDelete: 'sync',
      maxDelete: undefined,
      conflictResolution: [],
      oneWay: false,
      properties: ['displayname', 'color', 'description', 'order'],
    });
  });

  it('names collections, all or of one side, and leaves some out', async () => {
    expect((await rulesOf('collections from b')).collectionsFrom).toEqual(new Set(['b']));
    expect((await rulesOf('collections from a; collections from b')).collectionsFrom).toEqual(new Set(['a', 'b']));
    expect((await rulesOf('collections all; exclude "*-old" tmp?')).exclude).toEqual(['*-old', 'tmp?']);
  });

  it('maps single collections, by id or by address', async () => {
    const { mappings } = await rulesOf(`collections all
      collection home
      collection { alias "Our holidays"; id_a leave; href_b "/shared/absence/"; }`);
    const id = { type: 'id', id: 'home' };
    expect(mappings).toEqual([
      { name: 'home', sides: { a: id, b: id } },
      {
        name: 'Our holidays',
        sides: { a: { type: 'id', id: 'leave' }, b: { type: 'href', href: '/shared/absence/' } },
      },
    ]);
  });

  it('limits what a run may delete', async () => {
    expect((await rulesOf('collections all; max_delete 10')).maxDelete).toEqual({ type: 'count', count: 10 });
    expect((await rulesOf('collections all; max_delete "25%"')).maxDelete).toEqual({ type: 'share', percent: 25 });
  });

  it('settles conflicts in one way, or in several one after the other', async () => {
    const [a, b] = [
      { type: 'keep', side: 'a' },
      { type: 'keep', side: 'b' },
    ];
    expect((await rulesOf('collections all; conflict_resolution keep b')).conflictResolution).toEqual([b]);
    expect((await rulesOf('collections all; conflict_resolution { keep a; keep b; }')).conflictResolution).toEqual([
      a,
      b,
    ]);
  });

  it('says what an emptied side and a deleted collection mean, and which way it goes', async () => {
    expect(
      await rulesOf('collections all; on_empty sync; on_delete skip; one_way; properties order color'),
    ).toMatchObject({
      onEmpty: 'sync',
      onDelete: 'skip',
      oneWay: true,
      properties: ['color', 'order'],
    });
    expect((await rulesOf('collections all; properties none')).properties).toEqual([]);
  });

  it('of address books has their properties only', async () => {
    const text = `storage x {\n type carddav\n url "https://h/"\n}\nstorage y {\n type "vdir/vcard"\n path "/y"\n}
      pair p { storage_a x; storage_b y; collections all; }`;
    expect((await config(text)).pairs[0]?.rules.properties).toEqual(['displayname', 'description']);
  });
});

describe('mistakes', () => {
  it('are all reported at once, in the order of the file', async () => {
    const result = await read(`frob 1\n${paired('colections all\n on_empty maybe')}\nhistory x`);
    const lines = result.type === 'mistakes' ? result.mistakes.map(({ at }) => at.line) : [];
    expect(lines).toEqual([1, 15, 16, 18]);
  });

  it('of one block do not make others appear', async () => {
    const text = paired('collections all').replace('url "https://dav.example.org/"', 'url https://dav.example.org/');
    expect(await messages(text)).toHaveLength(1);
  });

  it('K3 a directive misspelt by one letter is refused, wherever it stands', async () => {
    const names = allDirectives(declaredTypes);
    for (const name of names) {
      const misspelt = [...atDistanceOne(name, ['a', 'e', 's', '_', '1', 'X'])].filter(
        (other) => !names.includes(other),
      );
      const lines = misspelt.map((other) => `${other} x\n`).join('');
      for (const text of [lines, `storage s {\n type caldav\n url "https://h/"\n ${lines}}`]) {
        const found = await messages(text);
        const refused = misspelt.filter((other) =>
          found.some((message) => message.startsWith(`unknown directive "${other}" `)),
        );
        expect(refused).toEqual(misspelt);
      }
    }
  });

  it('K3 a misspelt directive of a pair, of a value or of a collection is refused', async () => {
    const places = (name: string) => [
      paired(`collections all; ${name}`),
      paired(`collections all; collection { alias x; id_a y; id_b z; ${name} }`),
      paired(`collections all; conflict_resolution { ${name} }`),
      `status_path { cmd x; ${name} }`,
    ];
    for (const text of places('readonli')) {
      expect(await messages(text)).toContainEqual(expect.stringContaining('unknown directive "readonli"'));
    }
  });
});

/** Every letter left out, doubled, exchanged or swapped with the next; a letter in front and behind. */
function atDistanceOne(name: string, letters: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>([...letters.map((letter) => letter + name), ...letters.map((letter) => name + letter)]);
  for (let at = 0; at < name.length; at += 1) {
    const [before, here, after] = [name.slice(0, at), name.slice(at, at + 1), name.slice(at + 1)];
    all.add(before + after).add(before + here + here + after);
    all.add(before + after.slice(0, 1) + here + after.slice(1));
    for (const letter of letters) all.add(before + letter + after);
  }
  all.delete(name);
  all.delete('');
  return new Set([...all].filter((misspelt) => /^[A-Za-z_]/.test(misspelt)));
}
