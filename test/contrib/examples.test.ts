import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { storageTypes } from '../../src/storage/storage-types.ts';
import { contribFile, contribFiles } from './contrib.ts';

const home = { directory: '/home/mira', statusPath: '/status' };

describe('the example of', () => {
  const examples = contribFiles().filter((file) => file.startsWith('examples/'));

  test.each(examples)('%s is a configuration of calendars and contacts, without mistakes', async (file) => {
    const read = await readConfig(contribFile(file), file, storageTypes, home);
    expect(read.type === 'mistakes' ? read.rendered : read.warnings).toEqual([]);
    if (read.type === 'mistakes') return;
    const { storages, pairs } = read.config;
    expect(pairs.map(({ name }) => name)).toEqual(['calendars', 'contacts']);
    expect([...storages.values()].map(({ type }) => type.name).sort()).toEqual([
      'caldav',
      'carddav',
      'vdir/icalendar',
      'vdir/vcard',
    ]);
    const passwords = [...storages.values()].flatMap(({ values }) => values.get('password') ?? []);
    expect(passwords.map(({ type }) => type)).toEqual(['elsewhere', 'elsewhere']);
  });

  test('each provider is there', () => {
    expect(examples).toEqual([
      'examples/fastmail.conf',
      'examples/icloud.conf',
      'examples/mailbox.org.conf',
      'examples/nextcloud.conf',
      'examples/posteo.conf',
      'examples/radicale.conf',
    ]);
  });
});
