import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Redacted } from '../../src/system/redacted.ts';

describe('Redacted', () => {
  const secret = new Redacted('hunter2');

  it('gives the text only when asked for it', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it('hides the text wherever it could be shown', () => {
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify({ password: secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ deep: { secret } }, { depth: 9, customInspect: false, showHidden: true }),
      JSON.stringify(Object.entries(secret)),
    ];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(shown.slice(0, 3)).toEqual(['[secret]', '[secret]', '{"password":"[secret]"}']);
  });
});
