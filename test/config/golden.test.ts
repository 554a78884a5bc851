import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { declaredTypes } from './storage-types.ts';

/**
 * Each configuration in test/golden/config has the messages that it must give beside it, in a file of the same name
 * ending in .txt. After a deliberate change renew them with `npx vitest run --config test/vitest.config.ts
 * test/config/golden.test.ts -u`, and read the difference.
 */
const folder = join(import.meta.dirname, '..', 'golden', 'config');
const home = { directory: '/home/mira', statusPath: '/home/mira/.local/share/pimsync/status' };

describe('every mistake has its place and its sentence', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.conf'))) {
    it(file, async () => {
      const text = readFileSync(join(folder, file), 'utf8');
      const read = await readConfig(text, file, declaredTypes, home);
      expect(read.type).toBe('mistakes');
      const messages = read.type === 'mistakes' ? read.rendered : [];
      expect(messages.join('\n')).not.toContain('geheim');
      await expect(`${messages.join('\n')}\n`).toMatchFileSnapshot(join(folder, file.replace(/\.conf$/, '.txt')));
    });
  }
});
