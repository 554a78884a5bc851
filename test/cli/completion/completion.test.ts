import { beforeAll, describe, expect, test } from 'vitest';
import { callShape } from '../../../src/cli/call/call-shape.ts';
import { SHELLS } from '../../../src/cli/call/command.ts';
import { run } from '../../../src/cli/run.ts';
import { fakeOutside } from '../fake-outside.ts';
import { hasShell, offersIn } from './shells.ts';

const OFFERS: Readonly<Record<string, readonly string[]>> = {
  sy: ['sync'],
  '-v warn sy': ['sync'],
  '-v ': ['debug', 'error', 'info', 'trace', 'warn'],
  '-c ot': ['other.conf'],
  'sync --allow-': ['--allow-delete', '--allow-empty', '--allow-rollback'],
  'check --d': [],
  'check ': ['calendars', 'contacts'],
  'check calendars con': ['contacts'],
  '-c ~/other.conf check ': ['others'],
  'check -c ~/other.conf ': ['others'],
  'repair --dry-run s': ['server'],
  'history con': ['contacts'],
  'history calendars ': [],
  'restore cal': ['calendars'],
  'restore calendars ': [],
  'restore calendars 3c6e --to o': ['other.conf'],
  'list s': ['storages'],
  'help da': ['daemon'],
  'completion ': ['bash', 'fish', 'zsh'],
  'sync calendars/': ["calendars/My wife's", 'calendars/work'],
  'sync "calendars/wo': ['calendars/work'],
  '--color=al': ['always'],
};

describe.each(SHELLS)('completion in %s', (shell) => {
  describe.skipIf(!hasShell(shell))('(skipped where it is not installed)', () => {
    let offers: ReadonlyMap<string, readonly string[]>;
    beforeAll(() => {
      offers = offersIn(
        shell,
        Object.keys(OFFERS).map((words) => `pimsync ${words}`),
      );
    });

    test.each(Object.entries(OFFERS))('of "pimsync %s" offers %j', (words, expected) => {
      const found = offers.get(`pimsync ${words}`) ?? [];
      // Some shells write down how they would put it into the line.
      const plain = found.map((offer) => offer.replace(/^--color=/, '').replaceAll('\\', ''));
      expect(plain.sort()).toEqual(expected);
    });
  });
});

test.each(SHELLS)('the script for %s is printed without a configuration, and knows every command', async (shell) => {
  const outside = fakeOutside(['completion', shell, '-c', '/nowhere']);
  expect(await run(outside)).toBe(0);
  expect(outside.texts.stderr).toBe('');
  const words = new Set(outside.texts.stdout.split(/[^-a-z]+/));
  const { commands } = callShape();
  const wanted = commands.flatMap(({ name, options }) => [name, ...options.flatMap(({ names }) => names)]);
  // Fish is told them without dashes.
  expect(wanted.filter((word) => !words.has(word) && !words.has(word.replace(/^-+/, '')))).toEqual([]);
});
