import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { itemText } from '../support/item-text.ts';
import { installed, startRealServer } from '../support/real-servers.ts';
import { Machine } from './program.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** Two directories on either end of one server: what is done in one must arrive in the other. */
async function twoUsers(name: 'radicale' | 'xandikos', kind: 'calendar' | 'address-book') {
  const server = await startRealServer(name);
  const machine = await Machine.make();
  opened.push({ close: () => server.stop() }, { close: () => machine.remove() });
  const [vdir, dav] = kind === 'calendar' ? ['vdir/icalendar', 'caldav'] : ['vdir/vcard', 'carddav'];
  const login = server.username === undefined ? '' : `username ${server.username}; password ${server.password};`;
  const storage = (side: string): string =>
    `storage ${side} { type ${JSON.stringify(vdir)}; path ${JSON.stringify(machine.path(side))}; }\n`;
  const pair = (side: string): string =>
    `pair ${side}s { storage_a ${side}; storage_b remote; collections all; collection shared; }\n`;
  await machine.configure(
    `storage remote { type ${dav}; url ${JSON.stringify(server.url)}; ${login} }\n` +
      ['laptop', 'phone'].map((side) => storage(side) + pair(side)).join(''),
  );
  for (const side of ['laptop', 'phone']) await mkdir(machine.path(side));
  const extension = kind === 'calendar' ? 'ics' : 'vcf';
  const file = (side: string, uid: string): string => machine.path(side, 'shared', `${uid}.${extension}`);
  const sync = async (): Promise<void> => {
    // Pairs run side by side, and here the second one wants what the first one brought.
    for (const side of ['laptops', 'phones', 'laptops']) {
      expect(await machine.run('sync', side)).toMatchObject({ status: 0, stderr: '' });
    }
  };
  return { machine, file, sync, text: (uid: string, title: string) => itemText(kind, uid, title) };
}

describe.each(['radicale', 'xandikos'] as const)('%s', (name) => {
  test.runIf(installed(name)).each(['calendar', 'address-book'] as const)('carries a %s both ways', async (kind) => {
    const { machine, file, sync, text } = await twoUsers(name, kind);
    await mkdir(machine.path('laptop/shared'));
    await writeFile(file('laptop', 'one'), text('one', 'One'));
    await writeFile(file('laptop', 'two'), text('two', 'Z\u00fcrich \u2013 \u6771\u4eac'));
    await sync();
    expect([...(await machine.items('phone/shared')).keys()].length).toBe(2);
    const texts = [...(await machine.items('phone/shared')).values()].join('');
    expect(texts).toContain('Z\u00fcrich \u2013 \u6771\u4eac');

    const names = [...(await machine.items('phone/shared')).keys()];
    const second = names.find((each) => each.startsWith('two')) ?? '';
    await writeFile(machine.path('phone/shared', second), text('two', 'Two edited'));
    await unlink(file('laptop', 'one'));
    await sync();
    expect([...(await machine.items('laptop/shared')).values()].join('')).toContain('Two edited');
    expect((await machine.items('laptop/shared')).size).toBe(1);
    expect((await machine.items('phone/shared')).size).toBe(1);
    expect(await machine.run('sync')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^(laptops: nothing to do\nphones|phones: nothing to do\nlaptops): nothing to do\n$/,
      ),
    });
  });
});
