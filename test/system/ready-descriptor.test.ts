import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceReady, isHandedOver } from '../../src/system/ready-descriptor.ts';

describe('a descriptor to say on that all is up', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pimsync-ready-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is written to and closed', () => {
    const path = join(folder, 'ready');
    const descriptor = openSync(path, 'w');
    expect(isHandedOver(descriptor)).toBe(true);
    expect(announceReady(descriptor)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('READY=1\n');
    expect(isHandedOver(descriptor)).toBe(false);
  });

  test('that cannot be written to is no reason to end', () => {
    const descriptor = openSync('/dev/null', 'r');
    expect(announceReady(descriptor)).toMatch(/EBADF/);
    closeSync(descriptor);
  });

  test('is a pipe whose other end somebody else has, and none of those that Node has for itself', () => {
    const ours = join(import.meta.dirname, '../../src/system/ready-descriptor.ts');
    const program = `
      import { isHandedOver } from ${JSON.stringify(ours)};
      process.stdout.write(Array.from({ length: 40 }, (_, n) => n).filter((n) => n > 2 && isHandedOver(n)).join(' '));
    `;
    const run = (command: string): string[] =>
      execFileSync('bash', ['-c', command, 'bash', process.execPath, program], { encoding: 'utf8' }).split(' ');
    const node = '"$1" --import tsx --input-type=module -e "$2"';
    const without = run(`${node} </dev/null`);
    const handed = run(`{ ${node} 7>&1 >&8 8>&- </dev/null | cat >&2; } 8>&1`);
    expect(without).not.toContain('3');
    expect(without).not.toContain('7');
    expect(handed).toContain('7');
  });
});
