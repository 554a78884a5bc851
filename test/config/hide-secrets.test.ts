import { describe, expect, it } from 'vitest';
import { hideSecrets, maybeSecret } from '../../src/config/hide-secrets.ts';

describe('a line that is shown', () => {
  it('ends behind a directive that holds a secret, however it is spelt', () => {
    for (const name of [
      'password',
      'pasword',
      'passwrod',
      'Password',
      'passwd',
      'token',
      'tokne',
      '"password"',
      'client_secret',
    ]) {
      expect(hideSecrets(`  ${name} "hunter2" x`), name).not.toContain('hunter2');
      expect(hideSecrets(`  url "u"; ${name}="hunter2"`), name).not.toContain('hunter2');
      expect(hideSecrets(`storage x { ${name} hunter2; }`), name).not.toContain('hunter2');
    }
  });

  it('is whole otherwise', () => {
    for (const line of [
      '  password {',
      '  cmd pass show x',
      '  username mira',
      'storage pass_x {',
      '  timeout 5',
      '  password',
      '',
    ]) {
      expect(hideSecrets(line)).toBe(line);
    }
  });

  it('hides a password in a URL, and keeps its columns', () => {
    const line = '  url "https://me:hunter2@h/" x';
    expect(hideSecrets(line)).not.toContain('hunter2');
    expect(hideSecrets(line)).toHaveLength(line.length);
  });

  it('may hold a secret where a line goes on in the next', () => {
    expect(maybeSecret('password \\\n  hunter2', 13)).toBe(true);
    expect(maybeSecret('password hunter2', 9)).toBe(true);
    expect(maybeSecret('username mira', 9)).toBe(false);
  });
});
